import { expect } from '@open-wc/testing';
import sinon from 'sinon';
import { endingsOf, reached, useBench } from './support/bench.js';
import { FakeWebSocket } from './support/fake-web-socket.js';
import { CALLEE } from './support/messages.js';
import { settled, until } from './support/waiting.js';

describe('A connection', () => {
  const bench = useBench();

  it('speaks SIP by name (RFC 7118), to the address of the grant', async () => {
    const { gateway } = bench();
    bench().client().dial();
    const register = await gateway.next('REGISTER');
    expect(gateway.connection.url).to.equal('wss://gateway.example/sip');
    expect(gateway.connection.protocols).to.equal('sip');
    expect(register.header('via')).to.match(/^SIP\/2\.0\/WSS \S+\.invalid;branch=z9hG4bK/);
  });

  it('that is refused is `gateway-unreachable`, once, and the button is free', async () => {
    const { gateway } = bench();
    gateway.connect = (connection) => connection.close();
    const client = bench().client();
    const call = client.dial();
    const { failed } = endingsOf(call);
    expect(await call.finished).to.include({ outcome: 'failed', code: 'gateway-unreachable' });
    await settled();
    expect(failed).to.have.length(1);
    await bench().expectReleased();
    gateway.connect = (connection) => connection.accept();
    await bench().talk(client);
  });

  it('that is refused makes `call()` and `connect()` reject', async () => {
    bench().gateway.connect = (connection) => connection.close();
    const client = bench().client();
    for (const attempt of [() => client.call(), () => client.connect()]) {
      const error: unknown = await attempt().then(
        () => undefined,
        (reason: unknown) => reason,
      );
      expect(error).to.include({ name: 'SautikitError', code: 'gateway-unreachable' });
    }
  });

  it('that a page’s policy forbids is `gateway-unreachable`', async () => {
    bench().gateway.connect = () => {
      throw new DOMException('forbidden', 'SecurityError');
    };
    expect(await bench().client().dial().finished).to.include({ outcome: 'failed', code: 'gateway-unreachable' });
    await bench().expectReleased();
  });

  it('that never opens is given up after 10 s', async () => {
    const { gateway } = bench();
    gateway.connect = () => {};
    const clock = sinon.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'], shouldClearNativeTimers: true });
    try {
      const call = bench().client().dial();
      await until(() => gateway.connections.length === 1 && bench().tracks.length === 1);
      await settled();
      await clock.tickAsync(10_100);
      expect(await call.finished).to.include({ outcome: 'failed', code: 'gateway-unreachable' });
      await bench().expectReleased();
    } finally {
      clock.restore();
    }
  });

  it('to a gateway that refuses goes on to the next one', async () => {
    const { gateway } = bench();
    const urls = ['wss://one.example/', 'wss://two.example/', 'wss://three.example/'];
    bench().grant = { gateway_url: urls };
    gateway.connect = (connection) => (connection.url === urls[1] ? connection.accept() : connection.close());
    const { call } = await bench().talk();
    expect(call.state).to.equal('active');
    expect(gateway.connections.map(({ url }) => url)).to.deep.equal(urls.slice(0, 2));
  });

  it('to a gateway that hangs gets company after 1.5 s; the one that loses is closed', async () => {
    const { gateway } = bench();
    bench().grant = { gateway_url: ['wss://one.example/', 'wss://two.example/'] };
    gateway.connect = (connection) => void (connection.url.includes('two') && connection.accept());
    const { call } = await bench().talk();
    expect(call.state).to.equal('active');
    gateway.connections[0]!.accept();
    await settled();
    expect(gateway.connections.map(({ open }) => open)).to.deep.equal([false, true]);
  });

  it('that closes before the INVITE comes back by itself, and the call goes through', async () => {
    const { gateway } = bench();
    let grantMicrophone = () => {};
    bench().prompt = new Promise((resolve) => (grantMicrophone = resolve));
    const client = bench().client();
    const talking = bench().talk(client);
    await gateway.next('REGISTER');
    gateway.connection.close();
    await gateway.next('REGISTER', 2);
    grantMicrophone();
    const { call } = await talking;
    expect(call.state).to.equal('active');
    expect((await gateway.next('INVITE')).connection).to.equal(gateway.connections[1]);
  });

  it('that is down just when the microphone is granted is one error and a free button', async () => {
    const { gateway } = bench();
    let grantMicrophone = () => {};
    bench().prompt = new Promise((resolve) => (grantMicrophone = resolve));
    const call = bench().client().dial();
    const { failed } = endingsOf(call);
    await gateway.next('REGISTER');
    gateway.connect = () => {};
    gateway.connection.close();
    await until(() => gateway.connections.length === 2);
    grantMicrophone();
    expect(await call.finished).to.include({ outcome: 'failed' });
    expect(failed.map(({ code }) => code)).to.deep.equal(['gateway-unreachable']);
    await bench().expectReleased();
  });

  for (const [state, status] of [
    ['dialing', 100],
    ['ringing', 180],
  ] as const) {
    it(`that closes while the call is ${state} ends it: one error, a free button`, async () => {
      const { gateway } = bench();
      gateway.on('INVITE', (_, reply) => reply(status));
      const client = bench().client();
      const call = client.dial();
      const { failed, ended } = endingsOf(call);
      await gateway.next('INVITE');
      await reached(call, state);
      gateway.connection.close();
      expect(await call.finished).to.include({ outcome: 'failed', code: 'connection-lost' });
      await settled();
      expect(failed).to.have.length(1);
      expect(ended).to.be.empty;
      await bench().expectReleased();
      const { call: second } = await bench().talk(client);
      await second.hangup();
      await bench().expectReleased();
    });
  }

  it('answers the pings of a gateway', async () => {
    const { gateway } = bench();
    const sent: string[] = [];
    const { network } = FakeWebSocket;
    FakeWebSocket.network = {
      onConnect: (connection) => network.onConnect(connection),
      onClose: (connection) => network.onClose(connection),
      onData: (connection, data) => {
        sent.push(data);
        network.onData(connection, data);
      },
    };
    bench().client().dial();
    await gateway.next('REGISTER');
    gateway.send('\r\n\r\n');
    await until(() => sent.includes('\r\n'));
    expect(gateway.raw.join('')).to.not.contain('undefined');
    expect((await gateway.next('INVITE')).message.ruri.toString()).to.equal(CALLEE);
  });
});

import { expect } from '@open-wc/testing';
import sinon from 'sinon';
import { reached, useBench } from './support/bench.js';
import { GATEWAY_URL } from './support/messages.js';
import { settled, until } from './support/waiting.js';

describe('Ahead of a call', () => {
  const bench = useBench();
  const open = () => bench().gateway.connections.filter(({ open: isOpen }) => isOpen).length;

  it('the connection opens where the gateway is known, and asks for no token', async () => {
    const client = bench().client({ gatewayUrl: GATEWAY_URL });
    client.warm();
    await until(() => open() === 1);
    expect(bench().asked).to.be.empty;
  });

  it('nothing opens where no gateway is known', async () => {
    bench().client().warm();
    await settled();
    expect(bench().gateway.connections).to.be.empty;
  });

  it('the connection opens to the gateway of the grant before, which needs no attribute', async () => {
    const client = bench().client();
    const { call } = await bench().talk(client);
    await call.hangup();
    await until(() => open() === 0);
    client.warm();
    await until(() => open() === 1);
    expect(bench().asked).to.have.length(1);
    expect(bench().gateway.connections.map(({ url }) => url)).to.deep.equal([GATEWAY_URL, GATEWAY_URL]);
  });

  it('the connection that is open already carries the call, and the registration of `connect()`', async () => {
    const client = bench().client({ gatewayUrl: GATEWAY_URL });
    client.warm();
    await until(() => open() === 1);
    await client.connect();
    await bench().talk(client);
    expect(bench().gateway.connections).to.have.length(1);
    expect(bench().gateway.all('REGISTER')).to.have.length(1);
  });

  it('a connection to another gateway than the grant names is closed', async () => {
    const client = bench().client({ gatewayUrl: 'wss://elsewhere.example' });
    client.warm();
    await until(() => open() === 1);
    await bench().talk(client);
    expect(bench().gateway.connections.map(({ open: isOpen }) => isOpen)).to.deep.equal([false, true]);
  });

  it('a connection that no call has taken is closed after 15 s', async () => {
    const clock = sinon.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'], shouldClearNativeTimers: true });
    try {
      bench().client({ gatewayUrl: GATEWAY_URL }).warm();
      await settled();
      clock.tick(14_000);
      await settled();
      expect(open()).to.equal(1);
      clock.tick(1_000);
      await settled();
      expect(open()).to.equal(0);
    } finally {
      clock.restore();
    }
  });

  it('with the click the connection opens beside the request for the grant', async () => {
    let answer = () => {};
    const waiting = new Promise<void>((resolve) => (answer = resolve));
    const client = bench().client({
      gatewayUrl: GATEWAY_URL,
      tokenProvider: async (request) => {
        await waiting;
        return bench().newGrant(request);
      },
    });
    const talking = bench().talk(client);
    await until(() => open() === 1);
    expect(bench().asked).to.be.empty;
    answer();
    await talking;
    expect(bench().gateway.connections).to.have.length(1);
  });

  it('a call that is hung up on while it waits for its grant leaves no connection', async () => {
    const client = bench().client({ gatewayUrl: GATEWAY_URL, tokenProvider: () => new Promise(() => {}) });
    const call = client.dial();
    await until(() => open() === 1);
    await call.hangup();
    await settled();
    expect(open()).to.equal(0);
  });
});

describe('The times of a call', () => {
  const bench = useBench();
  const marks = () =>
    performance
      .getEntriesByType('mark')
      .filter(({ name }) => name.startsWith('sautikit-call-button:'))
      .map(({ name, startTime }) => ({ name: name.slice('sautikit-call-button:'.length), startTime }));

  it('are marks too, counted from the click, and only of the newest call', async () => {
    const { call: first } = await bench().talk();
    await first.hangup();
    const began = performance.now() - 70;
    bench().answering();
    const call = bench().client().dial(undefined, { began });
    await reached(call, 'active');
    const { timings } = call;
    expect(marks().map(({ name }) => name)).to.have.members(['click', ...Object.keys(timings)]);
    expect(timings).to.include.all.keys('grant', 'socket', 'microphone', 'invite', 'ringing', 'answered');
    for (const { name, startTime } of marks()) {
      const since = Math.round(startTime - began);
      expect(since, name).to.equal(name === 'click' ? 0 : timings[name as keyof typeof timings]);
      if (name !== 'click') expect(since, name).to.be.at.least(70);
    }
  });
});

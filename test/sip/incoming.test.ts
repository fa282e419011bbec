import { expect } from '@open-wc/testing';
import type { IncomingCall } from '../../src/client/incoming-call.js';
import type { SautikitClient } from '../../src/client/sautikit-client.js';
import { endingsOf, useBench } from './support/bench.js';
import type { Dialog } from './support/dialog.js';
import type { FarEnd } from './support/far-end.js';
import { settled, until } from './support/waiting.js';

describe('A connected client', () => {
  const bench = useBench();

  /** Somebody calls a client that is connected. */
  async function called(client = bench().client()): Promise<{ call: IncomingCall; dialog: Dialog; farEnd: FarEnd }> {
    await client.connect();
    const farEnd = bench().farEnd();
    const offer = await farEnd.offer();
    const incoming = new Promise<IncomingCall>((resolve) => client.on('incoming', resolve));
    const dialog = bench().gateway.callIn(offer);
    return { call: await incoming, dialog, farEnd };
  }

  /** Answers with a stream that is given. */
  async function answered(client?: SautikitClient) {
    const parts = await called(client);
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    const answering = parts.call.answer({ stream });
    const response = await parts.dialog.answer();
    parts.dialog.acknowledge(response);
    await parts.farEnd.accept(response.body);
    await answering;
    await parts.farEnd.connected();
    return { ...parts, stream, response };
  }

  it('tells of a call, and who calls, and says that it rings', async () => {
    const { call, dialog } = await called();
    expect(call.from).to.equal('Amina');
    expect(call.direction).to.equal('incoming');
    expect(call.state).to.equal('ringing');
    const { responses } = bench().gateway;
    await until(() => responses.some((r) => r.call_id === dialog.callId && r.status_code === 180));
    expect(bench().tracks, 'no microphone before the answer').to.be.empty;
  });

  it('answers with a given stream, and leaves it to its owner', async () => {
    const { call, stream, response } = await answered();
    expect(response.status_code).to.equal(200);
    expect(call.state).to.equal('active');
    await call.hangup();
    const bye = await bench().gateway.next('BYE');
    expect(bye.message.from_tag).to.equal(response.to_tag);
    expect(call.state).to.equal('ended');
    expect(stream.getTracks().map(({ readyState }) => readyState)).to.deep.equal(['live']);
    for (const track of stream.getTracks()) track.stop();
    await bench().expectReleased();
  });

  it('answers with the microphone, and gives it back when the caller hangs up', async () => {
    const { call, dialog, farEnd } = await called();
    const answering = call.answer();
    const response = await dialog.answer();
    dialog.acknowledge(response);
    await farEnd.accept(response.body);
    await answering;
    await farEnd.connected();
    expect(bench().tracks).to.have.length(1);
    const { ended, failed } = endingsOf(call);
    const bye = await dialog.ask('BYE', { to: response.getHeader('to')! });
    expect(bye.status_code).to.equal(200);
    await call.finished;
    expect(failed).to.be.empty;
    expect(ended.map(({ outcome }) => outcome)).to.deep.equal(['completed']);
    await bench().expectReleased();
  });

  it('answers once, however often it is asked to', async () => {
    const { call, dialog } = await called();
    void call.answer();
    void call.answer();
    await dialog.answer();
    await settled();
    const finals = bench().gateway.responses.filter((r) => r.call_id === dialog.callId && r.status_code >= 200);
    expect(new Set(finals.map((r) => `${r.status_code} ${r.to_tag}`)).size).to.equal(1);
    expect(bench().tracks).to.have.length(1);
  });

  it('declines with 603', async () => {
    const { call, dialog } = await called();
    const { failed, ended } = endingsOf(call);
    call.reject();
    const answer = await dialog.answer();
    dialog.acknowledge(answer);
    expect(answer.status_code).to.equal(603);
    expect(failed).to.be.empty;
    expect(ended).to.have.length(1);
    expect(call.state).to.equal('ended');
  });

  it('refuses a call that is hung up while it rings', async () => {
    const { call, dialog } = await called();
    await call.hangup();
    expect((await dialog.answer()).status_code).to.equal(480);
  });

  it('refuses with 480 where there is no microphone, and tells why', async () => {
    const { call, dialog } = await called();
    const { failed } = endingsOf(call);
    bench().prompt = Promise.reject(new DOMException('none', 'NotFoundError'));
    await call.answer();
    expect((await dialog.answer()).status_code).to.equal(480);
    expect(failed.map(({ code }) => code)).to.deep.equal(['mic-missing']);
    await bench().expectReleased();
  });

  for (const [name, headers] of [
    ['gives up', []],
    ['is answered elsewhere', ['Reason: SIP;cause=200;text="Call completed elsewhere"']],
  ] as const) {
    it(`stops ringing when the caller ${name}`, async () => {
      const { call, dialog } = await called();
      const { failed, ended } = endingsOf(call);
      dialog.cancel([...headers]);
      const answer = await dialog.answer();
      dialog.acknowledge(answer);
      expect(answer.status_code).to.equal(487);
      await call.finished;
      expect([...failed, ...ended]).to.have.length(1);
      await call.answer();
      expect(bench().tracks).to.be.empty;
      expect(bench().peers).to.be.empty;
    });
  }

  it('stops ringing when the caller gives up while the microphone opens', async () => {
    const { call, dialog } = await called();
    let grant = () => {};
    bench().prompt = new Promise((resolve) => (grant = resolve));
    const answering = call.answer();
    dialog.cancel();
    expect((await dialog.answer()).status_code).to.equal(487);
    await answering;
    grant();
    await until(() => bench().tracks.length === 1);
    await settled();
    await bench().expectReleased();
  });

  it('can call while it is called, over the same connection', async () => {
    const client = bench().client();
    const { call } = await answered(client);
    const { call: second } = await bench().talk(client);
    expect([call.state, second.state]).to.deep.equal(['active', 'active']);
    expect(bench().gateway.connections).to.have.length(1);
    await second.hangup();
    await settled();
    expect(call.state).to.equal('active');
    expect(client.connectionState).to.equal('registered');
  });

  it('registers once, however often `connect()` is called', async () => {
    const client = bench().client();
    await Promise.all([client.connect(), client.connect()]);
    await client.connect();
    expect(bench().gateway.all('REGISTER')).to.have.length(1);
    expect(bench().gateway.connections).to.have.length(1);
    expect(client.connectionState).to.equal('registered');
  });

  it('unregisters and closes at `disconnect()`, and connects again afterwards', async () => {
    const { gateway } = bench();
    const client = bench().client();
    await client.connect();
    await client.disconnect();
    expect(gateway.all('REGISTER')).to.have.length(2);
    const [, last] = gateway.all('REGISTER');
    expect(`${last!.header('expires')} ${last!.header('contact')}`).to.match(/^0 |;expires=0/);
    expect(gateway.connection.open).to.equal(false);
    await client.connect();
    expect(gateway.connections).to.have.length(2);
    expect(bench().asked).to.have.length(2);
  });

  it('ends its calls at `disconnect()`', async () => {
    const client = bench().client();
    const { call } = await bench().talk(client);
    await client.disconnect();
    expect(call.state).to.equal('ended');
    expect(bench().gateway.all('BYE')).to.have.length(1);
    expect(client.calls).to.be.empty;
    await bench().expectReleased();
  });

  it('registers again after its connection went away, and can still be called', async () => {
    const { gateway } = bench();
    const client = bench().client();
    await client.connect();
    const states: string[] = [];
    client.on('connection', ({ to }) => states.push(to));
    gateway.connection.close();
    await until(() => client.connectionState === 'registered' && gateway.connections.length === 2);
    await gateway.next('REGISTER', 2);
    expect(states).to.deep.equal(['reconnecting', 'registered']);
    expect((await called(client)).call.state).to.equal('ringing');
  });
});

describe('A client that only calls', () => {
  const bench = useBench();

  it('answers a call from outside with 480 and goes on with its own', async () => {
    const { call } = await bench().talk();
    const answer = await bench().gateway.ask('INVITE', { body: await bench().farEnd().offer() });
    expect(answer.status_code).to.equal(480);
    expect(answer.to_tag).to.be.a('string');
    expect(call.state).to.equal('active');
  });
});

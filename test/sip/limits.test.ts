import { expect } from '@open-wc/testing';
import sinon from 'sinon';
import { endingsOf, reached, useBench } from './support/bench.js';
import type { Received } from './support/gateway.js';
import { settled } from './support/waiting.js';

describe('Patience', () => {
  const bench = useBench();
  let clock: sinon.SinonFakeTimers;

  beforeEach(() => {
    clock = sinon.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'], shouldClearNativeTimers: true });
  });
  afterEach(() => clock.restore());

  /** Lets time pass on the page's clock until the call has left. */
  async function dialled() {
    const call = bench().client().dial();
    const endings = endingsOf(call);
    for (let steps = 0; bench().gateway.all('INVITE').length === 0 && steps < 400; steps++) {
      await clock.tickAsync(1);
      await settled();
    }
    return { call, endings };
  }

  it('with a gateway that answers the INVITE with nothing ends after 10 s: `gateway-unreachable`', async () => {
    const { call, endings } = await dialled();
    await clock.tickAsync(9_900);
    expect(call.state).to.equal('dialing');
    await clock.tickAsync(200);
    expect(call.state).to.equal('failed');
    expect(endings.failed.map(({ code }) => code)).to.deep.equal(['gateway-unreachable']);
    await bench().expectReleased();
  });

  it('does not end after 10 s where 100 has come: a far network may take longer to ring', async () => {
    bench().gateway.on('INVITE', (_, reply) => reply(100));
    const { call } = await dialled();
    await settled();
    await clock.tickAsync(30_000);
    expect(call.state).to.equal('dialing');
    (await bench().gateway.next('INVITE')).reply(180);
    await reached(call, 'ringing');
  });

  it('with 100 and never more ends after 60 s: CANCEL and `no-answer`', async () => {
    const { gateway } = bench();
    gateway.on('INVITE', (_, reply) => reply(100));
    const { call, endings } = await dialled();
    await settled();
    await clock.tickAsync(60_000);
    expect(call.state).to.equal('failed');
    expect(endings.failed.map(({ code }) => code)).to.deep.equal(['no-answer']);
    await gateway.next('CANCEL');
    await bench().expectReleased();
  });

  it('with a far end that rings ends after 60 s: CANCEL and `no-answer`', async () => {
    const { gateway } = bench();
    gateway.on('INVITE', (_, reply) => reply(180));
    const { call, endings } = await dialled();
    await reached(call, 'ringing');
    await clock.tickAsync(59_000);
    expect(call.state).to.equal('ringing');
    await clock.tickAsync(1_100);
    expect(endings.failed.map(({ code }) => code)).to.deep.equal(['no-answer']);
    expect(endings.ended).to.be.empty;
    await gateway.next('CANCEL');
    await gateway.next('ACK');
    await bench().expectReleased();
  });

  it('is not lengthened by a gateway that says again and again that it rings', async () => {
    const { gateway } = bench();
    gateway.on('INVITE', (_, reply) => reply(180));
    const { call, endings } = await dialled();
    await reached(call, 'ringing');
    for (const _ of [1, 2, 3]) {
      await clock.tickAsync(15_000);
      gateway.all('INVITE')[0]!.reply(180);
      await settled();
    }
    expect(call.state).to.equal('ringing');
    await clock.tickAsync(15_100);
    expect(endings.failed.map(({ code }) => code)).to.deep.equal(['no-answer']);
  });

  it('with 183 and then silence ends the same way', async () => {
    const { gateway } = bench();
    gateway.on('INVITE', (_, reply) => reply(183));
    const { call, endings } = await dialled();
    await reached(call, 'ringing');
    await clock.tickAsync(60_100);
    expect(endings.failed.map(({ code }) => code)).to.deep.equal(['no-answer']);
    await gateway.next('CANCEL');
  });

  it('ends with the answer: a call is not cut after any of these limits', async () => {
    const { gateway } = bench();
    const farEnd = bench().answering();
    const { call } = await dialled();
    await reached(call, 'active');
    await farEnd.connected();
    await settled();
    await clock.tickAsync(120_000);
    expect(call.state).to.equal('active');
    expect(gateway.all('CANCEL')).to.be.empty;
  });

  it('with an answered call that gets no media ends after 12 s: BYE and `media-failed`', async () => {
    const { gateway } = bench();
    const farEnd = bench().farEnd();
    gateway.on('INVITE', async (invite, reply) => {
      const body = await farEnd.answer(invite.message.body);
      // Nobody is there: port 9 is the one that discards.
      reply(200, { body: body.replace(/^(a=candidate:\S+ \d+ \S+ \d+ \S+) \d+/gm, '$1 9') });
      farEnd.close();
    });
    const { call, endings } = await dialled();
    await reached(call, 'active');
    await clock.tickAsync(12_100);
    expect(endings.failed.map(({ code }) => code)).to.deep.equal(['media-failed']);
    await gateway.next('BYE');
    await bench().expectReleased();
  });

  it('with a connection that stops answering pings ends within 4 s while the call is set up', async () => {
    const { gateway } = bench();
    gateway.pongs = true;
    gateway.on('INVITE', (_, reply) => reply(180));
    const { call, endings } = await dialled();
    await reached(call, 'ringing');
    await clock.tickAsync(2_000);
    await settled();
    expect(gateway.pings).to.be.at.least(2);
    gateway.pongs = false;
    await clock.tickAsync(4_100);
    expect(endings.failed.map(({ code }) => code)).to.deep.equal(['connection-lost']);
    expect(gateway.connections[0]!.open).to.equal(false);
    // The gateway saw no close: nobody else would stop the phone from ringing.
    await clock.tickAsync(1);
    const cancel = await gateway.next('CANCEL');
    const [invite] = gateway.all('INVITE') as [Received];
    expect(cancel.connection).to.equal(gateway.connections[1]);
    expect(cancel.message.via_branch).to.equal(invite.message.via_branch);
    expect([cancel.message.call_id, cancel.message.cseq]).to.deep.equal([invite.message.call_id, invite.message.cseq]);
    expect(cancel.message.ruri?.toString()).to.equal(invite.message.ruri?.toString());
    await settled();
    await clock.tickAsync(5_000);
    expect(gateway.connection.open).to.equal(false);
  });

  it('with a first connection over which nothing ever comes ends within 10 s', async () => {
    const { gateway } = bench();
    gateway.fallSilent();
    const { endings } = await dialled();
    await settled();
    await clock.tickAsync(10_100);
    expect(endings.failed.map(({ code }) => code)).to.deep.equal(['gateway-unreachable']);
    expect(gateway.connections[0]!.open).to.equal(false);
    await bench().expectReleased();
  });

  it('with one that stops answering pings in a call ends within 10 s: it is replaced, and the call lives', async () => {
    const { gateway } = bench();
    gateway.pongs = true;
    const farEnd = bench().answering();
    const { call } = await dialled();
    await reached(call, 'active');
    await farEnd.connected();
    await settled();
    gateway.pongs = false;
    await clock.tickAsync(10_100);
    gateway.pongs = true;
    expect(gateway.connections.map(({ open }) => open)).to.deep.equal([false, true]);
    await gateway.next('re-INVITE');
    expect(call.state).to.equal('active');
  });

  it('with a gateway that has never answered a ping is without end: it may not know them', async () => {
    const { gateway } = bench();
    gateway.on('INVITE', (_, reply) => reply(180));
    const { call } = await dialled();
    await reached(call, 'ringing');
    await clock.tickAsync(30_000);
    expect(gateway.pings).to.be.at.least(10);
    expect(call.state).to.equal('ringing');
    expect(gateway.connections).to.have.length(1);
  });

  it('with a registration that is never answered does not keep a refused call waiting', async () => {
    const { gateway } = bench();
    gateway.on('REGISTER', () => {}).on('INVITE', (_, reply) => reply(403));
    const { call, endings } = await dialled();
    await gateway.next('ACK');
    await settled();
    await clock.tickAsync(10_100);
    expect(endings.failed.map(({ code, status }) => [code, status])).to.deep.equal([['call-refused', 403]]);
    expect(call.state).to.equal('failed');
    await bench().expectReleased();
  });

  it('with a registration that is never answered makes `connect()` reject after 32 s', async () => {
    bench().gateway.on('REGISTER', () => {});
    const client = bench().client();
    const refused = client.connect().then(
      () => undefined,
      (error: unknown) => error,
    );
    await bench().gateway.next('REGISTER');
    await clock.tickAsync(32_100);
    expect(await refused).to.include({ name: 'SautikitError', code: 'gateway-unreachable' });
  });

  it('with a registration that is never answered again brings a call back within the grace', async () => {
    const { gateway } = bench();
    const farEnd = bench().answering();
    const { call } = await dialled();
    await reached(call, 'active');
    await farEnd.connected();
    await settled();
    gateway.on('REGISTER', () => {});
    gateway.connection.close();
    await settled();
    await clock.tickAsync(1);
    await gateway.next('REGISTER', 2);
    await clock.tickAsync(33_000);
    await gateway.next('re-INVITE');
    await clock.tickAsync(1_000);
    await gateway.next('ACK', 2);
    await settled();
    expect(call.reconnecting).to.equal(false);
    expect(call.state).to.equal('active');
  });

  it('with an incoming call that nobody takes ends after 60 s', async () => {
    const { gateway } = bench();
    const client = bench().client();
    await client.connect();
    const offer = await bench().farEnd().offer();
    const ringing = new Promise<(typeof client.calls)[number]>((resolve) => client.on('incoming', resolve));
    const dialog = gateway.callIn(offer);
    const call = await ringing;
    const { failed } = endingsOf(call);
    await clock.tickAsync(60_100);
    const answer = await dialog.answer();
    expect(answer.status_code).to.be.oneOf([408, 480]);
    dialog.acknowledge(answer);
    expect(failed.map(({ code }) => code)).to.deep.equal(['no-answer']);
    await bench().expectReleased();
  });
});

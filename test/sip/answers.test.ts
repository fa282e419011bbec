import { expect } from '@open-wc/testing';
import { endingsOf, reached, useBench } from './support/bench.js';
import { directed } from './support/far-end.js';
import { settled, until } from './support/waiting.js';

describe('An answer', () => {
  const bench = useBench();

  it('makes the call active, with audio both ways on a path of its own, and is acknowledged', async () => {
    const { call, invite } = await bench().talk();
    const ack = await bench().gateway.next('ACK');
    expect(ack.message.cseq).to.equal(invite.message.cseq);
    expect(ack.message.to_tag).to.equal(invite.tag);
    expect(call.remoteStream?.getAudioTracks()).to.have.length(1);
    expect(call.timings).to.include.keys('grant', 'socket', 'microphone', 'invite', 'ringing', 'answered');
  });

  it('without any ringing before is taken', async () => {
    const farEnd = bench().farEnd();
    bench().gateway.on('INVITE', async (invite, reply) => {
      reply(200, { body: await farEnd.answer(invite.message.body) });
    });
    const call = bench().client().dial();
    const states: string[] = [];
    call.on('state', ({ to }) => states.push(to));
    await reached(call, 'active');
    expect(states.slice(-2)).to.deep.equal(['dialing', 'active']);
  });

  it('that is repeated is acknowledged each time', async () => {
    const { gateway } = bench();
    const { call, invite, farEnd } = await bench().talk();
    const body = farEnd.connection.localDescription!.sdp;
    invite.reply(200, { body });
    invite.reply(200, { body });
    await until(() => gateway.all('ACK').length === 3);
    const acks = gateway.all('ACK').map(({ message }) => [message.to_tag, message.cseq]);
    expect(acks).to.deep.equal(Array(3).fill([invite.tag, invite.message.cseq]));
    expect(call.state).to.equal('active');
    expect(gateway.all('BYE')).to.be.empty;
  });

  for (const [name, body] of [
    ['without a session description', ''],
    ['with a broken session description', 'v=0\r\no=nonsense\r\nm=audio x\r\n'],
    ['with words for a session description', 'Guten Tag'],
  ] as const) {
    it(`${name} is acknowledged and ended: \`media-failed\``, async () => {
      const { gateway } = bench();
      gateway.on('INVITE', (_, reply) => reply(200, { body }));
      const client = bench().client();
      const call = client.dial();
      const { failed } = endingsOf(call);
      expect(await call.finished).to.include({ outcome: 'failed', code: 'media-failed' });
      const invite = await gateway.next('INVITE');
      const ack = await gateway.next('ACK');
      const bye = await gateway.next('BYE');
      await settled();
      expect([ack.message.to_tag, bye.message.to_tag]).to.deep.equal([invite.tag, invite.tag]);
      expect(bye.message.cseq).to.be.greaterThan(invite.message.cseq);
      expect(gateway.all('BYE')).to.have.length(1);
      expect(failed).to.have.length(1);
      await bench().expectReleased();
      await bench().talk(client);
    });
  }

  it('that offers no common codec is acknowledged and ended: `media-failed`', async () => {
    const { gateway } = bench();
    const farEnd = bench().farEnd();
    gateway.on('INVITE', async (invite, reply) => {
      const body = await farEnd.answer(invite.message.body);
      reply(200, { body: body.replace(/^m=audio \d+ .*$/m, 'm=audio 0 UDP/TLS/RTP/SAVPF 18') });
    });
    const call = bench().client().dial();
    expect(await call.finished).to.include({ outcome: 'failed', code: 'media-failed' });
    await gateway.next('BYE');
    await bench().expectReleased();
  });
});

describe('Ringing', () => {
  const bench = useBench();

  it('is told by 180, and once, however often it is said', async () => {
    bench().gateway.on('INVITE', (_, reply) => {
      reply(100);
      reply(180);
      reply(180);
      reply(180, { tag: 'another' });
    });
    const call = bench().client().dial();
    let ringing = 0;
    call.on('ringing', () => ringing++);
    await reached(call, 'ringing');
    await settled();
    expect(ringing).to.equal(1);
  });

  it('is told by a 180 without To tag, as old gateways send it', async () => {
    bench().gateway.on('INVITE', (_, reply) => reply(180, { tag: null, contact: null }));
    const call = bench().client().dial();
    await reached(call, 'ringing');
    await call.hangup();
    await bench().gateway.next('CANCEL');
  });

  it('is told by a 180 without Contact', async () => {
    bench().gateway.on('INVITE', (_, reply) => reply(180, { contact: null }));
    await reached(bench().client().dial(), 'ringing');
  });

  it('is told by 183, with and without early media', async () => {
    bench().gateway.on('INVITE', (_, reply) => reply(183));
    await reached(bench().client().dial(), 'ringing');
  });

  it('is not told by 100', async () => {
    bench().gateway.on('INVITE', (_, reply) => reply(100));
    const call = bench().client().dial();
    await bench().gateway.next('INVITE');
    await settled();
    expect(call.state).to.equal('dialing');
  });
});

describe('Early media (183 with a session description)', () => {
  const bench = useBench();

  it('is heard before the answer, and the same description in the 200 changes nothing', async () => {
    const { gateway } = bench();
    const farEnd = bench().farEnd();
    gateway.on('INVITE', async (invite, reply) => reply(183, { body: await farEnd.answer(invite.message.body) }));
    const call = bench().client().dial();
    await reached(call, 'ringing');
    await farEnd.connected();
    expect(call.remoteStream?.getAudioTracks()).to.have.length(1);
    (await gateway.next('INVITE')).reply(200, { body: farEnd.connection.localDescription!.sdp });
    await reached(call, 'active');
    await gateway.next('ACK');
    expect(call.connection?.connectionState).to.equal('connected');
    expect(gateway.all('INVITE')).to.have.length(1);
  });

  it('of the same far end may change with the answer', async () => {
    const { gateway } = bench();
    const farEnd = bench().farEnd();
    gateway.on('INVITE', async (invite, reply) => {
      reply(183, { body: directed(await farEnd.answer(invite.message.body), 'sendonly') });
    });
    const call = bench().client().dial();
    const held: boolean[] = [];
    call.on('hold', (hold) => held.push(hold));
    await reached(call, 'ringing');
    (await gateway.next('INVITE')).reply(200, { body: farEnd.connection.localDescription!.sdp });
    await reached(call, 'active');
    await farEnd.connected();
    expect(call.connection?.getTransceivers()[0]?.currentDirection).to.equal('sendrecv');
    expect(held).to.be.empty;
  });

  it('followed by an answer from somewhere else connects to that one, or ends both: no half a call', async function () {
    // Media that never connects is given up on after twelve seconds.
    this.timeout(30_000);
    const { gateway } = bench();
    const announcement = bench().farEnd();
    const desk = bench().farEnd();
    gateway.on('INVITE', async (invite, reply) =>
      reply(183, { tag: 'announcement', body: await announcement.answer(invite.message.body) }),
    );
    const call = bench().client().dial();
    await reached(call, 'ringing');
    await announcement.connected();
    const invite = await gateway.next('INVITE');
    invite.reply(200, { tag: 'desk', body: await desk.answer(invite.message.body) });
    const ack = await gateway.next('ACK');
    expect(ack.message.to_tag).to.equal('desk');
    // Firefox takes no other ICE credentials into an offer that has been answered before, and Chromium not always.
    const connected = await desk.connected().then(
      () => true,
      () => false,
    );
    if (connected) {
      await until(() => call.connection?.connectionState === 'connected');
      expect(call.state).to.equal('active');
    } else {
      expect(await call.finished).to.include({ outcome: 'failed', code: 'media-failed' });
      expect((await gateway.next('BYE')).message.to_tag).to.equal('desk');
      await bench().expectReleased();
    }
  });

  it('that stops, followed by the refusal, is a refusal', async () => {
    const farEnd = bench().farEnd();
    const { gateway } = bench();
    gateway.on('INVITE', async (invite, reply) => reply(183, { body: await farEnd.answer(invite.message.body) }));
    const call = bench().client().dial();
    const { failed } = endingsOf(call);
    await reached(call, 'ringing');
    (await gateway.next('INVITE')).reply(486);
    await call.finished;
    expect(failed.map(({ code }) => code)).to.deep.equal(['busy']);
    await bench().expectReleased();
  });

  it('with a broken description rings on, and the answer still counts', async () => {
    const { gateway } = bench();
    const farEnd = bench().farEnd();
    gateway.on('INVITE', (_, reply) => reply(183, { body: 'v=0\r\no=nonsense\r\n' }));
    const call = bench().client().dial();
    const invite = await gateway.next('INVITE');
    await settled();
    expect(call.live).to.equal(true);
    invite.reply(200, { body: await farEnd.answer(invite.message.body) });
    await reached(call, 'active');
    await farEnd.connected();
  });
});

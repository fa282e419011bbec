import { expect } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import { reached, useBench } from './support/bench.js';
import { settled, until } from './support/waiting.js';

/** What a call's contexts play: oscillators that were begun and not stopped, and the contexts themselves. */
function watchTones() {
  const { AudioContext, OscillatorNode } = globalThis;
  const contexts: AudioContext[] = [];
  const sounding = new Set<OscillatorNode>();
  const begun: OscillatorNode[] = [];
  globalThis.AudioContext = class extends AudioContext {
    constructor() {
      super();
      contexts.push(this);
    }
  };
  globalThis.OscillatorNode = class extends OscillatorNode {
    override start(): void {
      begun.push(this);
      sounding.add(this);
      super.start();
    }
    override stop(when?: number): void {
      // A time to come is an end that is planned.
      if (when === undefined) sounding.delete(this);
      super.stop(when);
    }
  };
  return {
    contexts,
    begun,
    sounding,
    restore: () => Object.assign(globalThis, { AudioContext, OscillatorNode }),
  };
}

describe('Tones', () => {
  const bench = useBench();
  let tones: ReturnType<typeof watchTones>;

  before(() => sendKeys({ press: 'a' }));
  beforeEach(() => (tones = watchTones()));
  afterEach(async () => {
    await until(() => tones.contexts.every(({ state }) => state === 'closed'));
    tones.restore();
  });

  const ringing = async () => {
    bench().gateway.on('INVITE', (_, reply) => reply(180));
    const call = bench().client().dial(undefined, { tones: true });
    await reached(call, 'ringing');
    return call;
  };

  it('are not made unless they are asked for', async () => {
    const { call } = await bench().talk();
    await call.hangup();
    expect(tones.contexts).to.be.empty;
  });

  it('ring while the network plays none, until the answer, and say that the call is over', async () => {
    const { gateway } = bench();
    const farEnd = bench().farEnd();
    const call = await ringing();
    expect(tones.sounding.size).to.equal(1);
    const invite = await gateway.next('INVITE');
    invite.reply(200, { body: await farEnd.answer(invite.message.body) });
    await reached(call, 'active');
    expect(tones.sounding.size).to.equal(0);
    await gateway.next('ACK');
    await call.hangup();
    expect(tones.begun).to.have.length(2);
    expect(tones.contexts.map(({ state }) => state)).not.to.include('closed');
  });

  it('ring no more where the caller gives up, and nothing else is heard', async () => {
    const call = await ringing();
    await call.hangup();
    expect(tones.sounding.size).to.equal(0);
    expect(tones.begun).to.have.length(1);
  });

  it('ring no more where the far end declines', async () => {
    const call = await ringing();
    (await bench().gateway.next('INVITE')).reply(603);
    await call.finished;
    expect(tones.sounding.size).to.equal(0);
    expect(tones.begun).to.have.length(1);
  });

  it('ring once, however often the far end says that it rings', async () => {
    const call = await ringing();
    const invite = await bench().gateway.next('INVITE');
    invite.reply(180);
    invite.reply(183);
    await settled();
    expect(tones.begun).to.have.length(1);
    await call.hangup();
  });

  it('give way to early media, which is played before the answer', async () => {
    const { gateway } = bench();
    const farEnd = bench().farEnd();
    const announcement = await MediaDevices.prototype.getUserMedia.call(navigator.mediaDevices, { audio: true });
    farEnd.connection.addTrack(announcement.getAudioTracks()[0]!);
    const audio = new Audio();
    const call = bench()
      .client()
      .dial(undefined, { tones: true, speaker: { audio, context: undefined } });
    const invite = await gateway.next('INVITE');
    invite.reply(180);
    await reached(call, 'ringing');
    expect(tones.sounding.size).to.equal(1);

    invite.reply(183, { body: await farEnd.answer(invite.message.body) });
    await farEnd.connected();
    await until(() => call.timings.audio !== undefined);
    expect(tones.sounding.size, 'the ringing tone').to.equal(0);
    expect(audio.srcObject).to.equal(call.remoteStream);
    await until(() => !audio.paused && audio.currentTime > 0);
    expect(call.state).to.equal('ringing');
    await call.hangup();
    announcement.getTracks().forEach((track) => track.stop());
  });

  it('do not begin where early media is there before it rings', async () => {
    const { gateway } = bench();
    const farEnd = bench().farEnd();
    const announcement = await MediaDevices.prototype.getUserMedia.call(navigator.mediaDevices, { audio: true });
    farEnd.connection.addTrack(announcement.getAudioTracks()[0]!);
    const call = bench().client().dial(undefined, { tones: true });
    const invite = await gateway.next('INVITE');
    invite.reply(183, { body: await farEnd.answer(invite.message.body) });
    await until(() => call.timings.audio !== undefined);
    await reached(call, 'ringing');
    invite.reply(180);
    await settled();
    expect(tones.sounding.size).to.equal(0);
    await call.hangup();
    announcement.getTracks().forEach((track) => track.stop());
  });
});

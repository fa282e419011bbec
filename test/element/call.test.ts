import { expect } from '@open-wc/testing';
import { Desk } from './support/desk.js';
import { button, listen, part, press, state, until } from './support/button.js';

describe('a call by the button', () => {
  let desk: Desk | undefined;
  let events: ReturnType<typeof listen>;

  beforeEach(() => (events = listen()));
  afterEach(async () => {
    events.stop();
    await desk?.close();
    desk = undefined;
  });

  it('is dialled, rings, is answered, and ends with one event and one result', async () => {
    desk = await Desk.open();
    const element = await button();
    const result = element.call();
    await state(element, 'active');
    expect(element.getAttribute('state')).to.equal('active');
    expect(element.callId).to.be.a('string');
    expect(element.connectionState).to.equal('registered');
    await element.hangup();

    const { outcome, durationSeconds, code } = await result;
    expect({ outcome, code }).to.deep.equal({ outcome: 'completed', code: undefined });
    expect(durationSeconds).to.be.at.least(0);
    expect(events.heard.map(({ name }) => name).filter((name) => name !== 'state-change')).to.deep.equal([
      'before-call',
      'call-dialing',
      'call-ringing',
      'call-answered',
      'call-ended',
    ]);
    expect(events.named('state-change').map(({ detail }) => detail['to'])).to.deep.equal([
      'preparing',
      'dialing',
      'ringing',
      'active',
      'ending',
      'ended',
    ]);
    expect(element.callId).to.equal(null);
  });

  it('tells the same call id in every event, and times in order', async () => {
    desk = await Desk.open();
    const element = await button();
    const result = element.call();
    await state(element, 'active');
    const id = element.callId;
    await element.hangup();
    const { timings } = await result;

    for (const name of ['call-dialing', 'call-ringing', 'call-answered', 'call-ended'] as const) {
      expect(events.named(name)[0]!.detail['callId'], name).to.equal(id);
    }
    const { grant, invite, ringing, answered } = timings;
    expect([grant, invite, ringing, answered]).to.deep.equal(
      [grant, invite, ringing, answered].slice().sort((a, b) => a! - b!),
    );
  });

  it('ends when the far end hangs up', async () => {
    desk = await Desk.open();
    const element = await button();
    const result = element.call();
    await state(element, 'active');
    await desk.call!.hangup();
    expect((await result).outcome).to.equal('completed');
    expect(element.callState).to.equal('ended');
  });

  it('is declined with a code, and the next click calls again', async () => {
    desk = await Desk.open((call, self) => (self.count === 1 ? call.reject() : self.answer(call)));
    const element = await button();
    expect(await element.call()).to.include({ outcome: 'failed', code: 'declined' });
    expect(element.callState).to.equal('failed');
    expect(part(element, 'error')!.textContent).to.contain('declined');

    press(element);
    await state(element, 'active');
    await element.hangup();
    expect(events.named('call-ended')).to.have.length(2);
  });

  it('is made once, however often the visitor clicks', async () => {
    desk = await Desk.open();
    const element = await button();
    const first = element.call();
    expect(element.call()).to.equal(first);
    for (let click = 0; click < 20; click++) press(element);
    await state(element, 'active');
    press(element);
    expect(element.callState, 'the button never hangs up').to.equal('active');
    await element.hangup();
    expect(desk.count).to.equal(1);
    expect(events.named('before-call')).to.have.length(1);
  });

  for (const name of ['before-call', 'state-change'] as const) {
    it(`is made once, also where whoever hears of ${name} calls again`, async () => {
      desk = await Desk.open();
      const element = await button();
      let again: Promise<unknown> | undefined;
      element.addEventListener(`sautikit-${name}`, () => (again ??= element.call()), { once: true });
      const first = element.call();
      expect(again).to.equal(first);
      await state(element, 'active');
      await element.hangup();
      await first;
      expect(desk.count).to.equal(1);
      expect(events.named('before-call')).to.have.length(1);
      expect(events.named('call-ended')).to.have.length(1);
    });

    it(`is not made where whoever hears of ${name} hangs up`, async () => {
      desk = await Desk.open();
      const element = await button();
      let hungUp: Promise<void> | undefined;
      element.addEventListener(`sautikit-${name}`, () => (hungUp ??= element.hangup()), { once: true });
      const result = element.call();
      await hungUp;
      expect(element.callState).to.equal('ended');
      expect(await result).to.include({ outcome: 'cancelled' });
      expect(events.named('call-ended')).to.have.length(1);
      expect(desk.count).to.equal(0);
    });
  }

  it('is not made where the element leaves the document before the engine has come', async () => {
    desk = await Desk.open();
    const element = await button();
    const own = listen(element);
    const result = element.call();
    element.remove();
    expect(await result).to.include({ outcome: 'cancelled' });
    expect(own.named('call-dialing')).to.have.length(0);
    expect(own.named('call-ended')).to.have.length(1);
    own.stop();
  });

  it('is not made by an element that is in no document', async () => {
    desk = await Desk.open();
    const element = await button();
    void element.call();
    await state(element, 'active');
    await element.hangup();
    element.remove();
    expect(await element.call()).to.include({ outcome: 'cancelled' });
    expect(desk.count).to.equal(1);
  });

  it('can be hung up on in every state', async () => {
    for (const stop of ['preparing', 'dialing', 'ringing'] as const) {
      const quiet = await Desk.open(() => {});
      const element = await button();
      let hungUp: Promise<void> | undefined;
      element.addEventListener('sautikit-state-change', ({ detail }) => {
        if (detail.to === stop) hungUp = element.hangup();
      });
      const result = element.call();
      await until(() => Boolean(hungUp), `it came to ${stop}`);
      await hungUp;
      expect(await result, stop).to.include({ outcome: 'cancelled' });
      expect(element.callState).to.equal('ended');
      await until(() => !quiet.call?.live, `the desk stopped ringing after ${stop}`);
      await quiet.close();
    }
    expect(events.named('call-ended')).to.have.length(3);
  });

  it('gives the microphone back', async () => {
    desk = await Desk.open();
    const streams: MediaStream[] = [];
    const { getUserMedia } = navigator.mediaDevices;
    navigator.mediaDevices.getUserMedia = async (constraints) => {
      const stream = await getUserMedia.call(navigator.mediaDevices, constraints);
      streams.push(stream);
      return stream;
    };
    try {
      const element = await button();
      void element.call();
      await state(element, 'active');
      expect(streams.flatMap((stream) => stream.getTracks()).map(({ readyState }) => readyState)).to.deep.equal([
        'live',
      ]);
      await element.hangup();
      expect(streams.flatMap((stream) => stream.getTracks()).map(({ readyState }) => readyState)).to.deep.equal([
        'ended',
      ]);
    } finally {
      navigator.mediaDevices.getUserMedia = getUserMedia;
    }
  });

  it('mutes by property, method and panel, and says so', async () => {
    desk = await Desk.open();
    const element = await button();
    void element.call();
    await state(element, 'active');
    element.muted = true;
    expect(element.muted).to.equal(true);
    element.toggleMute();
    expect(element.muted).to.equal(false);
    await until(() => part(element, 'mute'), 'the panel shows');
    press(element, 'mute');
    await element.updateComplete;
    expect(part(element, 'mute')!.getAttribute('aria-pressed')).to.equal('true');
    await element.hangup();
    expect(events.named('mute-change').map(({ detail }) => detail['muted'])).to.deep.equal([true, false, true]);
    expect(element.muted, 'the next call begins with an open microphone').to.equal(false);
  });

  it('sends digits while it is active, and only then', async () => {
    desk = await Desk.open();
    const element = await button();
    expect(element.sendDTMF('1')).to.equal(false);
    void element.call();
    await state(element, 'active');
    expect(element.sendDTMF('12#')).to.equal(true);
    expect(element.sendDTMF('<b>')).to.equal(false);
    await element.hangup();
    expect(element.sendDTMF('1')).to.equal(false);
  });

  it('ends when the element leaves the document, and is there again when it comes back', async () => {
    desk = await Desk.open();
    const element = await button();
    const own = listen(element);
    const result = element.call();
    await state(element, 'active');
    const parent = element.parentElement!;
    element.remove();
    expect(await result).to.include({ outcome: 'completed' });
    expect(own.named('call-ended')).to.have.length(1);
    await until(() => !desk!.call!.live, 'the desk heard the hang-up');

    parent.append(element);
    void element.call();
    await state(element, 'active');
    await element.hangup();
    own.stop();
  });

  it('goes on when the element is moved', async () => {
    desk = await Desk.open();
    const element = await button();
    void element.call();
    await state(element, 'active');
    const shelf = document.body.appendChild(document.createElement('section'));
    shelf.append(element);
    await element.updateComplete;
    expect(element.callState).to.equal('active');
    press(element);
    await until(() => part(element, 'hangup'), 'the panel is still there');
    press(element, 'hangup');
    await state(element, 'ended');
    shelf.remove();
  });

  it('is not found where the line has nobody, and is over', async () => {
    desk = await Desk.open();
    const element = await button({ line: 'nobody' });
    expect(await element.call()).to.include({ outcome: 'failed', code: 'no-answer' });
    const other = await button({ line: 'unknown' });
    expect(await other.call()).to.include({ outcome: 'failed', code: 'not-found' });
  });
});

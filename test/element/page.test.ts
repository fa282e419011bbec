import { expect } from '@open-wc/testing';
import sinon from 'sinon';
import { button, listen, part, press, state, until } from './support/button.js';
import { Desk } from './support/desk.js';

/** Whether the browser would ask before it leaves the page. */
function asks(): boolean {
  const event = new Event('beforeunload', { cancelable: true });
  window.dispatchEvent(event);
  return event.defaultPrevented;
}

describe('the page around a call', () => {
  let desk: Desk;

  beforeEach(async () => (desk = await Desk.open()));
  afterEach(async () => {
    sinon.restore();
    await desk.close();
  });

  it('is not left without a question while a call is active, and only then', async () => {
    const element = await button();
    expect(asks(), 'before').to.equal(false);
    const asked: Record<string, boolean> = {};
    element.addEventListener('sautikit-state-change', ({ detail }) => (asked[detail.to] = asks()));
    void element.call();
    await state(element, 'active');
    expect(asks(), 'during').to.equal(true);
    await element.hangup();
    expect(asks(), 'after').to.equal(false);
    expect(asked['dialing']).to.equal(false);
    expect(asked['ringing']).to.equal(false);
  });

  it('ends the call when it goes away, and is idle when it comes back from the cache', async () => {
    const element = await button();
    const events = listen();
    void element.call();
    await state(element, 'active');
    window.dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }));
    expect(events.named('call-ended')).to.have.length(0);
    await state(element, 'ended');
    expect(events.named('call-ended')).to.have.length(1);
    await until(() => !desk.call!.live, 'the desk heard the BYE');

    window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }));
    expect(element.callState).to.equal('idle');
    await element.updateComplete;
    expect(part(element, 'panel')).to.equal(null);
    press(element);
    await state(element, 'active');
    await element.hangup();
    events.stop();
  });

  it('is heard on where the element that plays is paused: a page that was frozen finds it so', async () => {
    // Firefox plays nothing where nobody has clicked, so what counts here is that it is asked to.
    const asked: HTMLMediaElement[] = [];
    sinon.stub(HTMLMediaElement.prototype, 'play').callsFake(function (this: HTMLMediaElement) {
      asked.push(this);
      return Promise.resolve();
    });
    const element = await button();
    void element.call();
    await state(element, 'active');
    const playing = () => asked.find(({ srcObject }) => srcObject);
    await until(playing, 'the far end is played');
    const audio = playing()!;
    const pause = () => {
      asked.length = 0;
      audio.dispatchEvent(new Event('pause'));
    };
    pause();
    expect(asked).to.deep.equal([audio]);
    await element.hangup();
    pause();
    expect(asked, 'a call that is over plays no more').to.deep.equal([]);
  });

  it('keeps no live track after a call, with which no page is kept in the back-forward cache', async () => {
    const made: MediaStreamTrack[] = [];
    const make = sinon.stub(AudioContext.prototype, 'createMediaStreamDestination').callsFake(function (
      this: AudioContext,
    ) {
      const destination = make.wrappedMethod.call(this);
      made.push(...destination.stream.getTracks());
      return destination;
    });
    const element = await button({ preload: 'none' });
    press(element);
    await state(element, 'active');
    expect(made).to.have.length(1);
    await element.hangup();
    expect(made[0]!.readyState).to.equal('ended');
  });

  it('stays awake while a call is active', async () => {
    const release = sinon.stub().resolves();
    const request = sinon.stub().resolves({ release });
    sinon.stub(Navigator.prototype, 'wakeLock').get(() => ({ request }));
    const element = await button();
    void element.call();
    await state(element, 'active');
    expect(request.callCount).to.equal(1);
    document.dispatchEvent(new Event('visibilitychange'));
    expect(request.callCount, 'asked for again when the page is shown').to.equal(2);
    await element.hangup();
    expect(release.called).to.equal(true);
    document.dispatchEvent(new Event('visibilitychange'));
    expect(request.callCount).to.equal(2);
  });

  it('lends its media keys for hang-up and mute', async () => {
    const handlers = new Map<string, (() => void) | null>();
    sinon.stub(navigator.mediaSession, 'setActionHandler').callsFake((name, handler) => {
      handlers.set(name, handler as (() => void) | null);
    });
    const element = await button();
    void element.call();
    await state(element, 'active');
    handlers.get('togglemicrophone')!();
    expect(element.muted).to.equal(true);
    handlers.get('hangup')!();
    await state(element, 'ended');
    expect([...handlers.values()]).to.deep.equal([null, null]);
  });

  it('keeps nothing of a call: no listener of window or document is left', async () => {
    const element = await button();
    void element.call();
    await state(element, 'active');
    await element.hangup();
    element.close();

    const added = new Map<string, number>();
    const count = (target: EventTarget, step: 1 | -1, method: 'addEventListener' | 'removeEventListener') =>
      sinon.stub(target, method).callsFake(function (this: EventTarget, ...args: unknown[]) {
        added.set(String(args[0]), (added.get(String(args[0])) ?? 0) + step);
        return (EventTarget.prototype[method] as (...rest: unknown[]) => void).apply(target, args);
      });
    for (const target of [window, document]) {
      count(target, 1, 'addEventListener');
      count(target, -1, 'removeEventListener');
    }
    void element.call();
    await state(element, 'active');
    await element.hangup();
    element.close();
    await until(() => element.connectionState === 'closed', 'the connection is closed');
    sinon.restore();
    // The page's return from its cache is awaited for as long as the element stands in it.
    const left = [...added].filter(([name, number]) => number > 0 && name !== 'pageshow');
    expect(left).to.deep.equal([]);
  });
});

import type { IncomingCall, SautikitClient } from '../../../src/client.js';
import type { SautikitCallButton } from '../../../src/element/call-button.js';
import type { WalkEvent, WalkWitness } from './witness.js';

/** What is done to the page, or in it. Each takes the button that is meant, and a word of what exactly. */
export type Act = (button: SautikitCallButton, word: string) => unknown;

export interface WalkActor {
  buttons: SautikitCallButton[];
  acts: Record<string, Act>;
  /** Takes the buttons away and puts new ones there. */
  begin(): void;
  /** Everything is as it should be, for a click that has to work. */
  heal(): void;
  promised(what: string, promise: Promise<unknown>): void;
}

interface DeskWindow extends Window {
  desk: { client: SautikitClient; manner: string; calls: IncomingCall[] };
  walkWitness: WalkWitness;
}

declare global {
  interface Window {
    walkActor: WalkActor;
  }
}

/** Runs in the page before its scripts, after the witness. */
export function walkActor(): void {
  if (window !== top) return;
  const seen = window.walkWitness;
  const deskWindow = () => frames[0] as unknown as DeskWindow;
  const desk = () => deskWindow().desk;
  const last = () => desk().calls.at(-1);

  const part = (button: SautikitCallButton, selector: string) =>
    button.shadowRoot?.querySelector<HTMLElement>(selector)?.click();
  const choose = (button: SautikitCallButton, kind: string, index: number) => {
    const select = button.shadowRoot?.querySelector<HTMLSelectElement>(`select[name=${kind}]`);
    if (!select?.options[index]) return;
    select.selectedIndex = index;
    select.dispatchEvent(new Event('change'));
  };
  const promised = (what: string, promise: Promise<unknown>): void => {
    const told = { what, settled: false, rejected: false };
    seen.promises.push(told);
    promise.then(
      () => (told.settled = true),
      () => (told.settled = told.rejected = true),
    );
  };
  const setHidden = (hidden: boolean) => {
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden });
    Object.defineProperty(document, 'visibilityState', {
      configurable: true,
      get: () => (hidden ? 'hidden' : 'visible'),
    });
    document.dispatchEvent(new Event('visibilitychange'));
  };
  const setOnline = (online: boolean) => {
    Object.defineProperty(navigator, 'onLine', { configurable: true, get: () => online });
    dispatchEvent(new Event(online ? 'online' : 'offline'));
  };
  const grant = () => fetch('/api/sip-token', { method: 'POST', body: '{"line":"sales"}' });
  const providers: Record<string, SautikitCallButton['tokenProvider']> = {
    good: async () => (await grant()).json(),
    rejects: () => Promise.reject(new Error('the provider said so')),
    throws: () => {
      throw new Error('the provider said so');
    },
    hangs: () => new Promise(() => undefined),
    lies: () => Promise.resolve('no grant'),
  };
  const make = (): SautikitCallButton => {
    const button = document.createElement('sautikit-call-button');
    button.setAttribute('token-url', '/api/sip-token');
    button.line = 'sales';
    button.textContent = 'Call us';
    for (const name of ['state-change', 'call-dialing', 'call-ringing', 'call-answered', 'call-ended', 'error']) {
      button.addEventListener(`sautikit-${name}`, (event) => {
        const { detail } = event as CustomEvent<WalkEvent['detail']>;
        seen.events.push({ name, element: button, detail });
      });
    }
    return button;
  };
  /** `name=value` sets an attribute, `name` takes it away. */
  const setAttribute = (button: SautikitCallButton, word: string) => {
    const [name, ...value] = word.split('=');
    if (value.length > 0) button.setAttribute(name!, value.join('='));
    else button.removeAttribute(name!);
  };
  /** What waits for an event that may never come waits no longer when everything is mended. */
  let waiting = new AbortController();
  const once = (button: SautikitCallButton, name: string, act: (event: Event) => void) =>
    button.addEventListener(`sautikit-${name}`, act, { once: true, signal: waiting.signal });
  const place = (selector: string) => document.querySelector(selector)!;

  const actor: WalkActor = {
    buttons: [],
    promised,
    begin() {
      for (const button of actor.buttons) button.remove();
      actor.buttons = [make(), make()];
      place('main').append(...actor.buttons);
    },
    heal() {
      waiting.abort();
      waiting = new AbortController();
      setOnline(true);
      setHidden(false);
      seen.microphone = 'given';
      for (const answer of seen.waiting.splice(0)) answer();
      desk().manner = 'answer';
      for (const button of actor.buttons) {
        if (!button.isConnected) place('main').append(button);
        button.tokenProvider = undefined;
        for (const word of ['token-url=/api/sip-token', 'line=sales', 'disabled', 'require-consent', 'gateway-url'])
          setAttribute(button, word);
      }
    },
    acts: {
      call: (button) => promised('call()', button.call()),
      hangup: (button) => promised('hangup()', button.hangup()),
      click: (button) => part(button, '[part=button]'),
      clicks: (button) => {
        for (let click = 0; click < 100; click++) part(button, '[part=button]');
      },
      press: (button, word) => part(button, word),
      key: (button, key) =>
        button.shadowRoot
          ?.querySelector('[part=panel], [part=button]')
          ?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, composed: true, cancelable: true })),
      hover: (button) => button.shadowRoot?.querySelector('button')?.dispatchEvent(new PointerEvent('pointerenter')),
      prefetch: (button) => button.shadowRoot?.querySelector('button')?.dispatchEvent(new PointerEvent('pointerdown')),
      mute: (button, word) => (button.muted = word === 'on'),
      toggleMute: (button) => button.toggleMute(),
      sendDTMF: (button, tones) => button.sendDTMF(tones),
      open: (button) => button.open(),
      close: (button) => button.close(),
      microphone: (button, index) => choose(button, 'microphone', Number(index)),
      speaker: (button, index) => choose(button, 'speaker', Number(index)),
      attribute: setAttribute,
      provider: (button, word) => (button.tokenProvider = providers[word]),
      messages: (button, word) => (button.messages = word ? { active: word } : undefined),
      remove: (button) => button.remove(),
      putBack: (button) => !button.isConnected && place('main').append(button),
      move: (button, where) => button.isConnected && place(where).append(button),
      hangupAtEvent: (button, name) => once(button, name, () => promised('hangup()', button.hangup())),
      callAtEvent: (button, name) => once(button, name, () => promised('call()', button.call())),
      removeAtEvent: (button, name) => once(button, name, () => button.remove()),
      prevent: (button) => once(button, 'before-call', (event) => event.preventDefault()),
      browserGives: (_, microphone) => (seen.microphone = microphone as WalkWitness['microphone']),
      browserAnswers: () => seen.waiting.shift()?.(),
      unplug: () => {
        for (const track of seen.tracks.filter(({ readyState }) => readyState === 'live')) {
          track.stop();
          track.dispatchEvent(new Event('ended'));
        }
        navigator.mediaDevices.dispatchEvent(new Event('devicechange'));
      },
      plugIn: () => navigator.mediaDevices.dispatchEvent(new Event('devicechange')),
      hide: (_, word) => setHidden(word === 'on'),
      online: (_, word) => setOnline(word === 'on'),
      leaveAndReturn: () => {
        for (const type of ['pagehide', 'pageshow']) dispatchEvent(new PageTransitionEvent(type, { persisted: true }));
      },
      closeSocket: () => seen.sockets.at(-1)?.close(),
      deskManner: (_, manner) => (desk().manner = manner),
      deskAnswers: () => void last()?.answer(),
      deskDeclines: () => last()?.direction === 'incoming' && last()?.reject(),
      deskHangsUp: () => void last()?.hangup(),
      deskMutes: () => last()?.mute(),
      deskSends: () => last()?.sendDTMF('1'),
    },
  };
  window.walkActor = actor;
}

import type { ErrorCode, IncomingCall } from '../../src/client.js';
import type { DeskCall, Ending, Levels } from './desk-call.js';
import type { ConnectionStatus } from './desk-connection.js';

/** What the desk shows of its calls. */
export interface DeskModel {
  current: DeskCall | undefined;
  waiting: readonly IncomingCall[];
  last: Ending | undefined;
}

export interface DeskActions {
  answer(): void;
  decline(): void;
  mute(): void;
  hangup(): void;
  sound(): void;
  byItself(on: boolean): void;
  declineWaiting(call: IncomingCall): void;
}

const FAILURES: Readonly<Partial<Record<ErrorCode, string>>> = {
  'mic-dismissed': 'The microphone was not allowed, so nobody could speak to the caller.',
  'mic-denied': 'The microphone is blocked for this page, so nobody could speak to the caller.',
  'mic-blocked': 'The microphone is kept from this page, so nobody could speak to the caller.',
  'mic-missing': 'There is no microphone, so nobody could speak to the caller.',
  'mic-busy': 'Another program has the microphone, so nobody could speak to the caller.',
  'media-failed': 'The sound could not be connected.',
  'connection-lost': 'The connection was lost.',
  'no-answer': 'Nobody answered in time.',
};

const SILENCE = {
  gesture: 'Your browser keeps this page silent until you press something in it.',
  output: 'This browser finds no sound output, so the desk cannot speak by itself. Answer by hand.',
} as const;

/** Someone without a name is still someone. */
const named = ({ from }: { from: string }) => from || 'Somebody';

const clock = (seconds: number) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`;

/** An element of desk.html, which has them all. */
function part<T extends HTMLElement>(id: string, type: new () => T): T {
  const element = document.getElementById(id);
  if (!(element instanceof type)) throw new Error(`#${id} is not in the page`);
  return element;
}

/** Draws the desk. Whatever comes from a caller is set as text. */
export class DeskView {
  readonly #connection = part('connection', HTMLElement);
  readonly #connectionText = part('connection-text', HTMLElement);
  readonly #stage = part('stage', HTMLElement);
  readonly #title = part('title', HTMLElement);
  readonly #detail = part('detail', HTMLElement);
  readonly #timer = part('timer', HTMLElement);
  readonly #metersBox = part('meters', HTMLElement);
  readonly #meters = { hears: part('hears', HTMLElement), says: part('says', HTMLElement) };
  readonly #buttons = {
    answer: part('answer', HTMLButtonElement),
    decline: part('decline', HTMLButtonElement),
    mute: part('mute', HTMLButtonElement),
    hangup: part('hangup', HTMLButtonElement),
    sound: part('sound', HTMLButtonElement),
  };
  readonly #silenced = part('silenced', HTMLElement);
  readonly #silencedText = part('silenced-text', HTMLElement);
  readonly #waiting = part('waiting', HTMLElement);
  readonly #waitingCalls = part('waiting-calls', HTMLUListElement);
  readonly #byItself = part('by-itself', HTMLInputElement);
  readonly #said = part('said', HTMLElement);
  readonly #actions: DeskActions;
  #waitingShown: readonly IncomingCall[] = [];

  constructor(actions: DeskActions) {
    this.#actions = actions;
    for (const name of ['answer', 'decline', 'mute', 'hangup', 'sound'] as const) {
      this.#buttons[name].addEventListener('click', () => actions[name]());
    }
    this.#byItself.addEventListener('change', () => actions.byItself(this.#byItself.checked));
  }

  get byItself(): boolean {
    return this.#byItself.checked;
  }

  showConnection({ state, text }: ConnectionStatus): void {
    // The text counts down; only the change is worth a word.
    if (this.#connection.dataset.state !== state) this.#say(text);
    this.#connection.dataset.state = state;
    this.#connectionText.textContent = text;
  }

  show({ current, waiting, last }: DeskModel): void {
    const { state, title, detail } = current ? ofCall(current) : ofNoCall(last);
    const active = state === 'active';
    const focused = document.activeElement;
    this.#stage.dataset.state = state;
    if (this.#title.textContent !== title) this.#say(`${title}. ${detail}`);
    this.#title.textContent = title;
    this.#detail.textContent = detail;
    this.#timer.classList.toggle('off', !active);
    this.#metersBox.classList.toggle('off', !active);
    if (!active) this.showProgress(0, { hears: 0, says: 0 });

    const { answer, decline, mute, hangup } = this.#buttons;
    answer.hidden = decline.hidden = state !== 'ringing';
    mute.hidden = !active;
    hangup.hidden = !active && state !== 'answering';
    mute.setAttribute('aria-pressed', String(current?.call.muted ?? false));
    const silence = current?.silence;
    this.#silenced.hidden = !silence;
    this.#buttons.sound.hidden = silence !== 'gesture';
    if (silence) this.#silencedText.textContent = SILENCE[silence];
    this.#showWaiting(waiting);
    // A button that goes takes the focus with it; the heading says what has become of its press.
    if (focused && (!focused.isConnected || focused.closest('[hidden]'))) this.#title.focus();
  }

  /** What moves all the time while a call is active. */
  showProgress(seconds: number, levels: Levels): void {
    const time = clock(seconds);
    if (this.#timer.textContent !== time) this.#timer.textContent = time;
    for (const name of ['hears', 'says'] as const) {
      this.#meters[name].style.setProperty('--level', levels[name].toFixed(2));
      this.#meters[name].setAttribute('aria-valuenow', String(Math.round(levels[name] * 10) * 10));
    }
  }

  #showWaiting(waiting: readonly IncomingCall[]): void {
    // Drawn anew only where it changed: a button that somebody is about to press stays the same button.
    const same =
      waiting.length === this.#waitingShown.length && waiting.every((call, at) => call === this.#waitingShown[at]);
    if (same) return;
    if (waiting.length > this.#waitingShown.length) this.#say(`${named(waiting.at(-1)!)} is calling too, and waits.`);
    this.#waitingShown = [...waiting];
    this.#waiting.hidden = waiting.length === 0;
    this.#waitingCalls.replaceChildren(...waiting.map((call) => this.#waitingItem(call)));
  }

  #waitingItem(call: IncomingCall): HTMLLIElement {
    const item = document.createElement('li');
    const name = document.createElement('span');
    name.textContent = named(call);
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = 'Decline';
    button.setAttribute('aria-label', `Decline ${named(call)}`);
    button.addEventListener('click', () => this.#actions.declineWaiting(call));
    item.append(name, button);
    return item;
  }

  #say(text: string): void {
    this.#said.textContent = text;
  }
}

type Face = Record<'title' | 'detail', string> & { state: 'idle' | 'ringing' | 'answering' | 'active' };

function ofCall(current: DeskCall): Face {
  const { call, byItself, answering } = current;
  const name = named(call);
  if (call.state === 'active') {
    const detail = call.reconnecting
      ? 'The connection was lost. Bringing the call back…'
      : byItself
        ? 'A greeting first, then an echo.'
        : 'You are heard through your microphone.';
    return { state: 'active', title: `In a call with ${name}`, detail };
  }
  if (answering) {
    const detail = byItself ? 'Connecting the sound.' : 'If your browser asks, allow the microphone.';
    return { state: 'answering', title: 'Answering…', detail };
  }
  const soon = byItself && !current.silence;
  const detail = soon ? 'The desk answers by itself in a moment.' : 'Answer with your microphone, or decline.';
  return { state: 'ringing', title: `Call from ${name}`, detail };
}

function ofNoCall(last: Ending | undefined): Face {
  const face = (title: string, detail: string): Face => ({ state: 'idle', title, detail });
  if (!last) return face('Nobody is calling', 'The next call rings here.');
  const name = named(last);
  switch (last.how) {
    case 'over':
      return face('The call is over', `${name}, ${clock(last.seconds)}. The next call rings here.`);
    case 'declined':
      return face('Call declined', `${name} was told so. The next call rings here.`);
    case 'given-up':
      return face('A call was missed', `${name} gave up before anybody answered.`);
    case 'failed':
      return face('The call did not come about', (last.error && FAILURES[last.error.code]) ?? 'Please try again.');
  }
}

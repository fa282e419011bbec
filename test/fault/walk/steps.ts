import fc from 'fast-check';
import { setTimeout as sleep } from 'node:timers/promises';
import type { World } from './world.js';

/** Told of each step that is taken, with the states of both buttons before it. */
export type OnStep = (step: string, states: readonly string[]) => void;

/** What a step is taken in. */
export interface Walker {
  world: World;
  onStep: OnStep;
  states: readonly string[];
}

/** One step of a walk: it may be taken at any time. */
class Step implements fc.AsyncCommand<object, Walker> {
  readonly #name: string;
  readonly #text: string;
  readonly #take: (world: World) => unknown;

  constructor(name: string, text: string, take: (world: World) => unknown) {
    this.#name = name;
    this.#text = text;
    this.#take = take;
  }

  check(): boolean {
    return true;
  }

  async run(_: object, walker: Walker): Promise<void> {
    walker.onStep(this.#name, walker.states);
    await this.#take(walker.world);
    walker.states = await walker.world.look();
  }

  toString(): string {
    return this.#text;
  }
}

/** What is done to one of the two buttons. */
const on = (name: string, ...words: string[]): fc.Arbitrary<Step> =>
  fc
    .tuple(fc.integer({ min: 0, max: 1 }), fc.constantFrom(...(words.length > 0 ? words : [''])))
    .map(
      ([button, word]) =>
        new Step(name, `${name}(${['first', 'second'][button]}${word && `, ${word}`})`, (world) =>
          world.act(name, button, word),
        ),
    );

/** What is done in the page, wherever the buttons are. */
const page = (name: string, ...words: string[]): fc.Arbitrary<Step> =>
  fc
    .constantFrom(...(words.length > 0 ? words : ['']))
    .map((word) => new Step(name, `${name}(${word})`, (world) => world.act(name, 0, word)));

const gate = (way: 'cut' | 'freeze' | 'shut' | 'reopen'): fc.Arbitrary<Step> =>
  fc.constant(new Step(`gate ${way}`, `gate ${way}`, (world) => world.gate[way]()));

const EVENTS = ['before-call', 'state-change', 'call-dialing', 'call-ringing', 'call-answered', 'call-ended', 'error'];

/** How often each step comes, beside the others. */
const STEPS: [weight: number, arbitrary: fc.Arbitrary<Step>][] = [
  [10, on('call')],
  [8, on('click')],
  [2, on('clicks')],
  [8, on('hangup')],
  [5, on('press', '#mute', '#hangup', '#again', '#keypad-toggle', '#devices-toggle', '[part=key]', '.test', '.close')],
  [1, on('key', 'Escape', 'Tab', '5', 'Enter')],
  [1, on('hover')],
  [1, on('prefetch')],
  [2, on('mute', 'on', 'off')],
  [2, on('toggleMute')],
  [2, on('sendDTMF', '1', '12#', ',', '<b>')],
  [1, on('open')],
  [1, on('close')],
  [1, on('microphone', '0', '1', '2')],
  [1, on('speaker', '0', '1')],
  [3, on('attribute', 'line=sales', 'line=nobody', 'line=unknown', 'line', 'disabled=', 'disabled')],
  [1, on('attribute', 'token-url=/api/sip-token', 'token-url')],
  [2, on('attribute', ...['error', 'limit', 'html', 'cut', 'silent'].map((way) => `token-url=/bad/${way}`))],
  [1, on('attribute', 'gateway-url=ws://localhost:9/', 'gateway-url', 'context={"page":"1"}', 'context=no JSON')],
  [1, on('attribute', 'lang=de', 'lang=sw', 'lang', 'dir=rtl', 'dir', 'label=Ring', 'panel=inline', 'panel')],
  [1, on('attribute', 'no-sounds=', 'no-sounds', 'no-devices=', 'no-devices', 'no-keypad=', 'no-mute=', 'no-mute')],
  [1, on('attribute', 'require-consent=', 'require-consent', 'preload=none', 'preload=idle', 'preload')],
  [1, on('attribute', 'remember-devices=', 'remember-devices', 'icon-only=', 'placement=bottom-end', 'placement')],
  [2, on('provider', 'good', 'rejects', 'throws', 'hangs', 'lies', '')],
  [1, on('messages', 'Talking', '')],
  [2, on('remove')],
  [3, on('putBack')],
  [2, on('move', 'main', 'aside')],
  [1, on('hangupAtEvent', ...EVENTS)],
  [1, on('callAtEvent', ...EVENTS)],
  [1, on('removeAtEvent', ...EVENTS)],
  [1, on('prevent')],
  [3, page('browserGives', 'given', 'slow', 'silent', 'NotAllowedError', 'NotReadableError', 'NotFoundError')],
  [2, page('browserGives', 'given')],
  [2, page('browserAnswers')],
  [1, page('unplug')],
  [1, page('plugIn')],
  [2, page('hide', 'on', 'off')],
  [2, page('online', 'on', 'off')],
  [1, page('leaveAndReturn')],
  [1, page('closeSocket')],
  [4, page('deskManner', 'answer', 'decline', 'late', 'ring', 'brief')],
  [2, page('deskManner', 'answer')],
  [1, page('deskAnswers')],
  [1, page('deskDeclines')],
  [2, page('deskHangsUp')],
  [1, page('deskMutes')],
  [1, page('deskSends')],
  [1, gate('cut')],
  [1, gate('freeze')],
  [1, gate('shut')],
  [4, gate('reopen')],
  [12, fc.integer({ min: 0, max: 150 }).map((ms) => new Step('wait', `wait ${ms} ms`, () => sleep(ms)))],
];

export const anyStep: fc.Arbitrary<Step> = fc.oneof(...STEPS.map(([weight, arbitrary]) => ({ weight, arbitrary })));

import type { CallResult, IncomingCall, SautikitError } from '../../src/client.js';
import { DeskSound } from './desk-sound.js';

/** How long the desk rings before it answers by itself (ms). */
const RINGS_FOR = 1500;

/** How a call ended, as the desk tells it. */
export interface Ending {
  from: string;
  how: 'over' | 'declined' | 'given-up' | 'failed';
  seconds: number;
  error?: SautikitError;
}

/** How loud the desk hears the caller, and is heard by it. */
export interface Levels {
  hears: number;
  says: number;
}

/** The call whose turn it is: it rings, is answered by hand or by itself, and gives back all that it took. */
export class DeskCall {
  readonly call: IncomingCall;
  /** How it ended; never rejects. */
  readonly ending: Promise<Ending>;
  readonly #greeting: Promise<AudioBuffer | undefined>;
  readonly #onChange: () => void;
  readonly #sound: DeskSound;
  #byItself = false;
  #answering = false;
  #declined = false;
  #ringsOut = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #meters: { hears: () => number; says: () => number } | undefined;

  /** @param onChange told whenever there is something new to show */
  constructor(call: IncomingCall, greeting: Promise<AudioBuffer | undefined>, onChange: () => void) {
    this.call = call;
    this.#greeting = greeting;
    this.#onChange = onChange;
    this.#sound = new DeskSound(() => this.#onSound());
    for (const name of ['state', 'mute', 'reconnecting', 'hold', 'audioblocked'] as const) call.on(name, onChange);
    call.on('answered', () => void this.#onAnswered());
    this.ending = this.#ended();
    this.#sound.ring();
    this.#timer = setTimeout(() => {
      this.#ringsOut = true;
      this.#answerByItself();
      onChange();
    }, RINGS_FOR);
  }

  /** Whether the desk answers this call by itself, or has answered it so. */
  get byItself(): boolean {
    return this.#byItself;
  }

  /** A change of mind counts while it rings. */
  set byItself(byItself: boolean) {
    if (this.#answering) return;
    this.#byItself = byItself;
    this.#answerByItself();
  }

  /** True from the answer on, also while the browser still asks for the microphone. */
  get answering(): boolean {
    return this.#answering;
  }

  /** Why the browser keeps this page silent: it waits for a gesture, or the computer has no sound output. */
  get silence(): 'gesture' | 'output' | undefined {
    if (this.call.audioBlocked) return 'gesture';
    // A context takes a moment to start, and none is missed while a desk that is answered by hand only rings.
    if (!this.#ringsOut || !this.#sound.silenced) return undefined;
    if (!navigator.userActivation?.hasBeenActive) return 'gesture';
    return this.#byItself ? 'output' : undefined;
  }

  get levels(): Levels {
    return { hears: this.#meters?.hears() ?? 0, says: this.#meters?.says() ?? 0 };
  }

  /** Answers with the microphone. */
  answer(): void {
    if (this.#answering) return;
    this.#byItself = false;
    this.#pickUp();
    void this.call.answer();
  }

  decline(): void {
    this.#declined = true;
    this.call.reject();
  }

  toggleMute(): void {
    if (this.call.muted) this.call.unmute();
    else this.call.mute();
  }

  /** Inside a gesture: the browser lets the page play. */
  allowSound(): void {
    this.#sound.allow();
    this.call.unblockAudio();
  }

  #onSound(): void {
    this.#answerByItself();
    this.#onChange();
  }

  /** An answer that the browser keeps silent would greet nobody: where it does, the desk rings on. */
  #answerByItself(): void {
    if (!this.#byItself || !this.#ringsOut || this.#answering || this.#sound.silenced || !this.call.live) return;
    this.#pickUp();
    // Whoever tries this out sits at both ends, and would hear the own voice twice. The speaker itself must play on:
    // Chromium gives a page only the remote audio that is also played.
    this.call.volume = 0;
    void this.call.answer({ stream: this.#sound.voice });
  }

  #pickUp(): void {
    this.#answering = this.#ringsOut = true;
    clearTimeout(this.#timer);
    this.#sound.stopRinging();
    this.#onChange();
  }

  async #onAnswered(): Promise<void> {
    const { call } = this;
    const { remoteStream } = call;
    const said = call.connection?.getSenders().find(({ track }) => track)?.track;
    if (!remoteStream || !said) return;
    this.#meters = { hears: this.#sound.meter(remoteStream), says: this.#sound.meter(new MediaStream([said])) };
    if (!this.#byItself) return;
    const greeting = await this.#greeting;
    if (greeting && call.live) await this.#sound.greet(greeting);
    if (call.live) this.#sound.echo(remoteStream);
  }

  async #ended(): Promise<Ending> {
    const { call } = this;
    let error: SautikitError | undefined;
    call.on('failed', (reason) => (error = reason));
    const result: CallResult = await call.finished;
    clearTimeout(this.#timer);
    this.#meters = undefined;
    this.#sound.close();
    const how = this.#declined
      ? 'declined'
      : result.outcome === 'failed'
        ? 'failed'
        : result.outcome === 'cancelled'
          ? 'given-up'
          : 'over';
    return { from: call.from, how, seconds: result.durationSeconds, ...(error && { error }) };
  }
}

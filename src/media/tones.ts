/** A tone: one frequency (Hz), and for how long it sounds and pauses in turn (s). */
interface Cadence {
  frequency: number;
  on: number;
  off: number;
  times: number;
}

/** Ringing tone as ITU-T E.180 section 3 recommends it: 425 Hz, 1 s, with pauses of 4 s. For longer than anybody waits. */
const RINGBACK: Cadence = { frequency: 425, on: 1, off: 4, times: 60 };
/** Three short ones at the same pitch: the call is over. */
const ENDED: Cadence = { frequency: 425, on: 0.2, off: 0.2, times: 3 };
/** -26 dBFS: heard, and startles nobody. */
const GAIN = 0.05;
/** Time constant of a tone's edges (s), or it would click. */
const EDGE = 0.005;

/** The tones of a telephone, made in the browser: one at a time. */
export class Tones {
  readonly #context: AudioContext;
  #playing: OscillatorNode | undefined;

  constructor(context: AudioContext) {
    this.#context = context;
  }

  /** The far end rings; sounds until it is stopped. */
  ringback(): void {
    this.#play(RINGBACK);
  }

  /** The call is over. @returns when it has sounded (ms from now) */
  ended(): number {
    return this.#play(ENDED);
  }

  /** Silence, at once. */
  stop(): void {
    this.#playing?.stop();
    this.#playing?.disconnect();
    this.#playing = undefined;
  }

  #play({ frequency, on, off, times }: Cadence): number {
    this.stop();
    const context = this.#context;
    const length = (on + off) * times;
    const tone = new OscillatorNode(context, { frequency });
    const gain = new GainNode(context, { gain: 0 });
    const start = context.currentTime;
    for (let nth = 0; nth < times; nth++) {
      const at = start + nth * (on + off);
      gain.gain.setTargetAtTime(GAIN, at, EDGE).setTargetAtTime(0, at + on, EDGE);
    }
    tone.connect(gain).connect(context.destination);
    tone.onended = () => gain.disconnect();
    tone.start();
    tone.stop(start + length);
    this.#playing = tone;
    return length * 1000;
  }
}

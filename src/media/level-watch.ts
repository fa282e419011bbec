/** An amplitude (root mean square, 1 is full scale) below half a step of 16-bit audio is nothing but digital silence. */
const DIGITAL_SILENCE = 2 ** -16;
/** -45 dBFS: a voice is louder, since the browser brings it to about -25 dBFS; a quiet room is not. */
const SPEECH = 10 ** (-45 / 20);
/** A microphone that gives nothing for this long (ms) is not heard. */
const SILENCE_LIMIT = 4_000;
/** This much speech (ms) is somebody speaking, and not a cough or a key. */
const SPEECH_LIMIT = 500;
/** Speech is over after this long (ms) without any. */
const SPEECH_PAUSE = 1_500;
/** Timers of a page in the background come late; one look stands for no more than this (ms). */
const LONGEST_STEP = 200;
/** The meter shows the 60 dB below full scale. */
const METER_RANGE = 60;

export interface LevelWatchHandlers {
  /** An unmuted microphone gives nothing, or something again. */
  onSilence(silent: boolean): void;
  /** Somebody speaks into a muted microphone, or not any more. */
  onSpokeMuted(speaking: boolean): void;
}

/** An amplitude (0 to 1) as a level for a meter: 0 at -60 dBFS and below, 1 at full scale, even steps of loudness between. */
export const meterLevel = (amplitude: number): number =>
  amplitude > 0 ? Math.min(1, Math.max(0, 1 + (20 * Math.log10(amplitude)) / METER_RANGE)) : 0;

/**
 * Decides what a row of amplitudes means: `silence` after 4 s of digital silence while unmuted, `spokemuted` after half a
 * second of speech while muted. A noise suppressor of the operating system may give digital silence too, when nobody
 * speaks; so `silence` is something to ask the caller about, never a reason to end a call.
 */
export class LevelWatch {
  readonly #handlers: LevelWatchHandlers;
  #last: number | undefined;
  #silentFor = 0;
  #speechFor = 0;
  #quietFor = 0;
  #silent = false;
  #speaking = false;

  constructor(handlers: LevelWatchHandlers) {
    this.#handlers = handlers;
  }

  /**
   * @param amplitude root mean square of the latest samples, 0 to 1
   * @param now any clock (ms)
   */
  take(amplitude: number, muted: boolean, now: number): void {
    const step = Math.min(LONGEST_STEP, now - (this.#last ?? now));
    this.#last = now;
    const loud = amplitude >= SPEECH;

    this.#silentFor = muted || amplitude >= DIGITAL_SILENCE ? 0 : this.#silentFor + step;
    this.#setSilent(this.#silentFor >= SILENCE_LIMIT);

    // Words have gaps, so quiet takes back half of what it lasts.
    this.#speechFor = muted ? Math.max(0, this.#speechFor + (loud ? step : -step / 2)) : 0;
    this.#quietFor = loud ? 0 : this.#quietFor + step;
    if (!muted || this.#quietFor >= SPEECH_PAUSE) this.#setSpeaking(false);
    else if (this.#speechFor >= SPEECH_LIMIT) this.#setSpeaking(true);
  }

  /** There is nothing to look at for a while; the next look begins anew and tells nothing about the time between. */
  pause(): void {
    this.#last = undefined;
    this.#silentFor = this.#speechFor = 0;
  }

  #setSilent(silent: boolean): void {
    if (this.#silent === silent) return;
    this.#silent = silent;
    this.#handlers.onSilence(silent);
  }

  #setSpeaking(speaking: boolean): void {
    if (this.#speaking === speaking) return;
    this.#speaking = speaking;
    if (!speaking) this.#speechFor = 0;
    this.#handlers.onSpokeMuted(speaking);
  }
}

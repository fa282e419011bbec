import { LevelWatch, meterLevel, type LevelWatchHandlers } from './level-watch.js';

/** How often the microphone is looked at (ms): at leisure, and while somebody looks at the level. */
const LEISURE = 500;
const METER = 100;
/** Nobody looks at the level any more, where nobody has between so many looks: a second, while there is a meter. */
const UNSEEN = 10;
/**
 * What one amplitude stands for, in samples: 85 ms at 48 kHz. At leisure as many are kept as an analyser can keep, 683 ms
 * at 48 kHz, and are read in pieces of this length, so that little is missed.
 */
const PIECE = 4_096;
const KEPT = 32_768;

export interface MicrophoneMonitorOptions extends LevelWatchHandlers {
  /** Whoever gave it closes it. */
  context: AudioContext;
  muted(): boolean;
}

/**
 * Looks at how loud the microphone is: twice a second, since every look wakes a processor for the whole length of a call,
 * and ten times a second while there is a meter to be moved.
 *
 * It looks at a copy of the track, since the track that is sent is switched off while the caller is muted: that is how
 * "you are muted" can be said to somebody who speaks. Nothing of the copy leaves the page, or is kept: it ends in an
 * analyser that is connected to nothing, only its momentary loudness is read, and it is stopped with the call.
 */
export class MicrophoneMonitor {
  readonly #options: MicrophoneMonitorOptions;
  readonly #watch: LevelWatch;
  readonly #analyser: AnalyserNode;
  readonly #samples = new Float32Array(KEPT);
  #timer: ReturnType<typeof setInterval> | undefined;
  #pace = LEISURE;
  /** Looks since somebody asked for the level. */
  #unseen = 0;
  /** When the microphone was looked at, by the clock of the page (ms). */
  #looked: number | undefined;
  #source: MediaStreamAudioSourceNode | undefined;
  #copy: MediaStreamTrack | undefined;
  #level = 0;

  constructor(options: MicrophoneMonitorOptions) {
    this.#options = options;
    this.#watch = new LevelWatch(options);
    this.#analyser = options.context.createAnalyser();
    this.#analyser.fftSize = KEPT;
    this.#timer = this.#every(LEISURE);
  }

  /** 0 to 1, on the scale of `meterLevel`. Whoever asks has it looked at more often for a while. */
  get level(): number {
    this.#unseen = 0;
    this.#setPace(METER);
    return this.#level;
  }

  /** From now on, this microphone is the one. */
  listen(stream: MediaStream | undefined): void {
    this.#letGo();
    const [track] = stream?.getAudioTracks() ?? [];
    if (!track || track.readyState === 'ended') return;
    const copy = track.clone();
    copy.enabled = true;
    try {
      this.#source = this.#options.context.createMediaStreamSource(new MediaStream([copy]));
      this.#source.connect(this.#analyser);
      this.#copy = copy;
    } catch {
      // A device whose sample rate this context cannot take (Firefox): there is no level then, and nothing else is lost.
      copy.stop();
    }
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#letGo();
  }

  #every(pace: number): ReturnType<typeof setInterval> {
    return setInterval(() => this.#look(), pace);
  }

  #setPace(pace: number): void {
    if (this.#pace === pace || this.#timer === undefined) return;
    this.#pace = pace;
    clearInterval(this.#timer);
    this.#timer = this.#every(pace);
  }

  #letGo(): void {
    this.#source?.disconnect();
    this.#copy?.stop();
    this.#source = this.#copy = undefined;
    this.#pause();
  }

  #pause(): void {
    this.#level = 0;
    this.#looked = undefined;
    this.#watch.pause();
  }

  #look(): void {
    const { context, muted } = this.#options;
    const now = performance.now();
    if (++this.#unseen > UNSEEN) this.#setPace(LEISURE);
    // A context that stands still hears nothing: that says nothing about the microphone.
    if (!this.#copy || context.state !== 'running') return this.#pause();
    this.#analyser.getFloatTimeDomainData(this.#samples);
    // A source that gives nothing at all, or is gone, counts as silent (`muted` of Media Capture and Streams, section 4.3.1).
    const dead = this.#copy.muted || this.#copy.readyState === 'ended';
    const piece = (PIECE / context.sampleRate) * 1000;
    const heard = Math.min(KEPT / PIECE, Math.max(1, Math.round((now - (this.#looked ?? now)) / piece)));
    this.#looked = now;
    for (let nth = heard; nth > 0; nth--) {
      const amplitude = dead ? 0 : loudness(this.#samples, KEPT - nth * PIECE);
      this.#level = meterLevel(amplitude);
      this.#watch.take(amplitude, muted(), now - (nth - 1) * piece);
    }
  }
}

/** Root mean square of one piece. A plain loop: a number from a callback is garbage, thousands of times a look. */
function loudness(samples: Float32Array, start: number): number {
  let energy = 0;
  for (let at = start; at < start + PIECE; at++) energy += samples[at]! ** 2;
  return Math.sqrt(energy / PIECE);
}

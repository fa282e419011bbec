import { LevelWatch, meterLevel, type LevelWatchHandlers } from './level-watch.js';

/** How often the microphone is looked at (ms). */
const INTERVAL = 100;

export interface MicrophoneMonitorOptions extends LevelWatchHandlers {
  /** Whoever gave it closes it. */
  context: AudioContext;
  muted(): boolean;
}

/**
 * Looks at how loud the microphone is, ten times a second.
 *
 * It looks at a copy of the track, since the track that is sent is switched off while the caller is muted: that is how
 * "you are muted" can be said to somebody who speaks. Nothing of the copy leaves the page, or is kept: it ends in an
 * analyser that is connected to nothing, only its momentary loudness is read, and it is stopped with the call.
 */
export class MicrophoneMonitor {
  readonly #options: MicrophoneMonitorOptions;
  readonly #watch: LevelWatch;
  readonly #analyser: AnalyserNode;
  readonly #samples: Float32Array<ArrayBuffer>;
  readonly #timer: ReturnType<typeof setInterval>;
  #source: MediaStreamAudioSourceNode | undefined;
  #copy: MediaStreamTrack | undefined;
  #level = 0;

  constructor(options: MicrophoneMonitorOptions) {
    this.#options = options;
    this.#watch = new LevelWatch(options);
    this.#analyser = options.context.createAnalyser();
    // About as long as the time between two looks, so that little is missed.
    this.#analyser.fftSize = 4096;
    this.#samples = new Float32Array(this.#analyser.fftSize);
    this.#timer = setInterval(() => this.#look(), INTERVAL);
  }

  /** 0 to 1, on the scale of `meterLevel`. */
  get level(): number {
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
    this.#letGo();
  }

  #letGo(): void {
    this.#source?.disconnect();
    this.#copy?.stop();
    this.#source = this.#copy = undefined;
    this.#level = 0;
    this.#watch.pause();
  }

  #look(): void {
    const { context, muted } = this.#options;
    // A context that stands still hears nothing: that says nothing about the microphone.
    if (!this.#copy || context.state !== 'running') {
      this.#level = 0;
      return this.#watch.pause();
    }
    this.#analyser.getFloatTimeDomainData(this.#samples);
    const energy = this.#samples.reduce((sum, sample) => sum + sample * sample, 0);
    // A source that gives nothing at all, or is gone, counts as silent (`muted` of Media Capture and Streams, section 4.3.1).
    const dead = this.#copy.muted || this.#copy.readyState === 'ended';
    const amplitude = dead ? 0 : Math.sqrt(energy / this.#samples.length);
    this.#level = meterLevel(amplitude);
    this.#watch.take(amplitude, muted(), performance.now());
  }
}

import { closeMicrophone, openChosenMicrophone } from './microphone.js';
import { canChooseSpeaker } from './devices.js';

/** How long is recorded (ms). */
const LENGTH = 3_000;
/** How much longer it is played (ms): sound comes to the speaker later than the clock says. */
const LATENCY = 300;

export type MicrophoneTestState = 'recording' | 'playing' | undefined;

/**
 * Records the microphone for 3 s and plays it back, so that callers hear how they will be heard. The recording is what is
 * under way in a delay line, and is gone once it was heard: a file of it would have an address (`blob:`), which a page's
 * `media-src` may forbid. One test at a time; its owner ends it.
 */
export class MicrophoneTest {
  readonly #onState: (state: MicrophoneTestState) => void;
  #state: MicrophoneTestState;
  /** Ends the running test; undefined where none runs. */
  #end: (() => void) | undefined;

  /** @param onState told of each step; `undefined` is the end, however it came */
  constructor(onState: (state: MicrophoneTestState) => void) {
    this.#onState = onState;
  }

  /**
   * Records and plays. A test that runs is ended first. Call it inside a click, or the browser may refuse to play.
   * @param microphoneId the system's choice where absent or gone
   * @param speakerId the system's choice where absent, gone, or not to be chosen
   * @returns resolves when it is over, or was ended
   * @throws {SautikitError} as `openMicrophone` does
   */
  async start(microphoneId?: string, speakerId?: string): Promise<void> {
    this.stop();
    const ended = new AbortController();
    const { signal } = ended;
    const end = (this.#end = () => ended.abort());
    const audio = new Audio();
    let context: AudioContext | undefined;
    try {
      context = new AudioContext();
      void context.resume().catch(() => {});
      const output = context.createMediaStreamDestination();
      audio.srcObject = output.stream;
      // An element that began inside the click may play what comes seconds later.
      audio.play().catch(() => {});
      await this.#record(microphoneId, output, signal);
      if (speakerId !== undefined && canChooseSpeaker()) await audio.setSinkId(speakerId).catch(() => {});
      if (signal.aborted) return;
      // A browser that refuses ends the test.
      audio.play().catch(end);
      this.#become('playing');
      await pause(LENGTH + LATENCY, signal);
    } finally {
      audio.pause();
      audio.srcObject = null;
      void context?.close().catch(() => {});
      // A newer test has its own states.
      if (this.#end === end) {
        this.#end = undefined;
        this.#become(undefined);
      }
    }
  }

  /** Ends the test wherever it is, and gives microphone and recording back. */
  stop(): void {
    this.#end?.();
    this.#end = undefined;
    this.#become(undefined);
  }

  /** @param output hears each sound when the recording is over, as long after its beginning as it was said */
  async #record(microphoneId: string | undefined, output: AudioNode, signal: AbortSignal): Promise<void> {
    const { stream } = await openChosenMicrophone(microphoneId);
    try {
      if (signal.aborted) return;
      const { context } = output;
      const delay = new DelayNode(context, { delayTime: LENGTH / 1000, maxDelayTime: LENGTH / 1000 });
      new MediaStreamAudioSourceNode(context as AudioContext, { mediaStream: stream }).connect(delay).connect(output);
      this.#become('recording');
      await pause(LENGTH, signal);
    } finally {
      closeMicrophone(stream);
    }
  }

  #become(state: MicrophoneTestState): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#onState(state);
  }
}

/** Resolves after a while (ms), or when the test is ended. */
const pause = (length: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, length);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });

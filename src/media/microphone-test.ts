import { closeMicrophone, openChosenMicrophone } from './microphone.js';
import { canChooseSpeaker } from './devices.js';

/** How long is recorded (ms). */
const LENGTH = 3_000;

export type MicrophoneTestState = 'recording' | 'playing' | undefined;

/**
 * Records the microphone for 3 s and plays it back, so that callers hear how they will be heard. The recording stays in
 * memory and is dropped after it was played. One test at a time; its owner ends it.
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
    try {
      // An element that began inside the click may play what comes seconds later.
      audio.srcObject = new MediaStream();
      audio.play().catch(() => {});
      const recording = await this.#record(microphoneId, signal);
      if (recording) await this.#play(audio, recording, speakerId, signal);
    } finally {
      audio.pause();
      audio.srcObject = null;
      ended.abort();
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

  async #record(microphoneId: string | undefined, signal: AbortSignal): Promise<Blob | undefined> {
    const { stream } = await openChosenMicrophone(microphoneId);
    try {
      if (signal.aborted) return undefined;
      const recorder = new MediaRecorder(stream);
      const parts: Blob[] = [];
      recorder.addEventListener('dataavailable', ({ data }) => parts.push(data));
      const stopped = settled(recorder, ['stop', 'error'], signal);
      recorder.start();
      this.#become('recording');
      const timer = setTimeout(() => recorder.stop(), LENGTH);
      await stopped;
      clearTimeout(timer);
      if (recorder.state !== 'inactive') recorder.stop();
      return signal.aborted ? undefined : new Blob(parts, { type: recorder.mimeType });
    } finally {
      closeMicrophone(stream);
    }
  }

  async #play(
    audio: HTMLAudioElement,
    recording: Blob,
    speakerId: string | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    const address = URL.createObjectURL(recording);
    try {
      if (speakerId !== undefined && canChooseSpeaker()) await audio.setSinkId(speakerId).catch(() => {});
      if (signal.aborted) return;
      const over = settled(audio, ['ended', 'error'], signal);
      audio.srcObject = null;
      audio.src = address;
      this.#become('playing');
      // A browser that refuses to play ends the test.
      await audio.play().then(
        () => over,
        () => {},
      );
    } finally {
      audio.pause();
      audio.removeAttribute('src');
      URL.revokeObjectURL(address);
    }
  }

  #become(state: MicrophoneTestState): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#onState(state);
  }
}

/** Resolves with the first of these events, or when the test is ended. */
const settled = (target: EventTarget, events: string[], signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    for (const event of [...events, 'abort']) {
      (event === 'abort' ? signal : target).addEventListener(event, () => resolve(), { once: true });
    }
  });

import { canChooseSpeaker } from './devices.js';

/** Where the far end is heard; see `makeSpeakerParts`. */
export interface SpeakerParts {
  audio: HTMLAudioElement;
  context: AudioContext | undefined;
}

/** Chromium's (Web Audio, section 1.2); elsewhere tones come from the system's speaker. */
type SinkContext = AudioContext & { setSinkId?(id: string): Promise<void> };

/** Ends the silent stream of an element that is not needed any more: a live track keeps a page out of the back-forward cache. */
export function endSilence({ audio }: SpeakerParts): void {
  for (const track of (audio.srcObject as MediaStream | null)?.getTracks() ?? []) track.stop();
  audio.srcObject = null;
}

/** Plays the far end, and says where the browser refuses to. */
export class Speaker {
  readonly #audio: HTMLAudioElement;
  readonly #onBlocked: (blocked: boolean) => void;
  #context: AudioContext | undefined;
  #deviceId: string | undefined;
  #blocked = false;
  #closed = false;
  /** Of the click, until there is something to be heard. */
  #silent: SpeakerParts | undefined;

  /** @param onBlocked told when the browser refuses to play, and when sound has come after all */
  constructor(onBlocked: (blocked: boolean) => void, parts?: SpeakerParts) {
    this.#audio = parts?.audio ?? new Audio();
    this.#context = parts?.context;
    this.#silent = parts;
    this.#onBlocked = onBlocked;
    // A page that was frozen finds its element paused, and so may a key of the keyboard; a call has no pause.
    this.#audio.addEventListener('pause', () => {
      if (!this.#closed) this.unblock();
    });
  }

  /** True while the browser refuses to play without a gesture. */
  get blocked(): boolean {
    return this.#blocked;
  }

  /** The call's one audio context: the click's, or one that is made when it is asked for. None after the end. */
  get context(): AudioContext | undefined {
    if (this.#closed) return undefined;
    try {
      if (!this.#context) {
        this.#context = new AudioContext();
        this.#moveContext();
      }
      if (this.#context.state === 'suspended') void this.#context.resume().catch(() => {});
    } catch {
      // No audio hardware, or too many contexts.
    }
    return this.#context;
  }

  set volume(volume: number) {
    this.#audio.volume = volume;
  }

  /** The device in use; `undefined` is the system's choice. */
  get deviceId(): string | undefined {
    return this.#deviceId;
  }

  /**
   * Goes over to another device.
   * @param deviceId `undefined` for the system's choice
   * @throws {DOMException} where the device is gone or forbidden; the old one goes on then. {TypeError} where the browser
   *   cannot choose
   */
  async useDevice(deviceId: string | undefined): Promise<void> {
    if (deviceId === this.#deviceId) return;
    if (!canChooseSpeaker()) throw new TypeError('no setSinkId');
    await this.#audio.setSinkId(deviceId ?? '');
    this.#deviceId = deviceId;
    this.#moveContext();
  }

  play(stream: MediaStream): void {
    this.#endSilence();
    this.#audio.srcObject = stream;
    this.unblock();
  }

  /** Tries (again) to play; called inside a gesture it succeeds where the browser had refused. */
  unblock(): void {
    if (this.#context?.state === 'suspended') void this.#context.resume().catch(() => {});
    if (!this.#audio.srcObject) return;
    this.#audio.play().then(
      () => this.#setBlocked(false),
      (error: unknown) => {
        // An AbortError only says that a newer stream took over.
        if ((error as DOMException | undefined)?.name === 'NotAllowedError') this.#setBlocked(true);
      },
    );
  }

  /** Plays the far end no more. @param rest how long the context is still needed, for a last tone (ms) */
  close(rest = 0): void {
    this.#closed = true;
    this.#audio.pause();
    this.#endSilence();
    this.#audio.srcObject = null;
    const context = this.#context;
    const close = () => {
      if (context?.state !== 'closed') void context?.close().catch(() => {});
    };
    // By the clock: a context that stands still would never say that its tone has ended.
    if (rest > 0) setTimeout(close, rest);
    else close();
  }

  #endSilence(): void {
    if (this.#silent) endSilence(this.#silent);
    this.#silent = undefined;
  }

  /** Tones come from where the voice comes from. */
  #moveContext(): void {
    const context = this.#context as SinkContext | undefined;
    if (context?.state !== 'closed') context?.setSinkId?.(this.#deviceId ?? '').catch(() => {});
  }

  #setBlocked(blocked: boolean): void {
    if (this.#blocked === blocked) return;
    this.#blocked = blocked;
    this.#onBlocked(blocked);
  }
}

/** Where the far end is heard; see `makeSpeakerParts`. */
export interface SpeakerParts {
  audio: HTMLAudioElement;
  context: AudioContext | undefined;
}

/** Plays the far end, and says where the browser refuses to. */
export class Speaker {
  readonly #parts: SpeakerParts;
  readonly #onBlocked: (blocked: boolean) => void;
  #blocked = false;

  /** @param onBlocked told when the browser refuses to play, and when sound has come after all */
  constructor(onBlocked: (blocked: boolean) => void, parts: SpeakerParts = { audio: new Audio(), context: undefined }) {
    this.#parts = parts;
    this.#onBlocked = onBlocked;
  }

  /** True while the browser refuses to play without a gesture. */
  get blocked(): boolean {
    return this.#blocked;
  }

  get context(): AudioContext | undefined {
    return this.#parts.context;
  }

  set volume(volume: number) {
    this.#parts.audio.volume = volume;
  }

  play(stream: MediaStream): void {
    this.#parts.audio.srcObject = stream;
    this.unblock();
  }

  /** Tries (again) to play; called inside a gesture it succeeds where the browser had refused. */
  unblock(): void {
    const { audio, context } = this.#parts;
    if (!audio.srcObject) return;
    if (context?.state === 'suspended') void context.resume().catch(() => {});
    audio.play().then(
      () => this.#setBlocked(false),
      (error: unknown) => {
        // An AbortError only says that a newer stream took over.
        if ((error as DOMException | undefined)?.name === 'NotAllowedError') this.#setBlocked(true);
      },
    );
  }

  close(): void {
    this.#parts.audio.pause();
    this.#parts.audio.srcObject = null;
    if (this.#parts.context?.state !== 'closed') void this.#parts.context?.close().catch(() => {});
  }

  #setBlocked(blocked: boolean): void {
    if (this.#blocked === blocked) return;
    this.#blocked = blocked;
    this.#onBlocked(blocked);
  }
}

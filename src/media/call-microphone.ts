import { SautikitError } from '../errors.js';
import { closeMicrophone, openChosenMicrophone, openMicrophone } from './microphone.js';

export interface CallMicrophoneHandlers {
  /** What sends it, once something does. */
  sender(): RTCRtpSender | undefined;
  /** Another stream is in use. */
  onStream(stream: MediaStream): void;
  /** Its device was unplugged, or its permission taken back. Not told of a stream from outside. */
  onEnded(): void;
}

/** What a call speaks with: a microphone that is opened here, or a stream from outside, which is never stopped here. */
export class CallMicrophone {
  readonly #handlers: CallMicrophoneHandlers;
  #stream: MediaStream | undefined;
  #deviceId: string | undefined;
  #owned = false;
  #muted = false;
  #closed = false;
  #opening: Promise<void> | undefined;
  /** Counts changes: one that is overtaken by a newer one is dropped. */
  #changes = 0;
  #changing = 0;
  /** The stream whose end was told. */
  #told: MediaStream | undefined;

  constructor(handlers: CallMicrophoneHandlers) {
    this.#handlers = handlers;
  }

  get stream(): MediaStream | undefined {
    return this.#stream;
  }

  /** The device in use; `undefined` is the system's choice, or a stream from outside. */
  get deviceId(): string | undefined {
    return this.#deviceId;
  }

  /** The device was unplugged, or its permission taken back, and there is no other yet. */
  get lost(): boolean {
    return this.#owned && !this.#closed && this.#stream?.getAudioTracks()[0]?.readyState !== 'live';
  }

  get muted(): boolean {
    return this.#muted;
  }

  set muted(muted: boolean) {
    this.#muted = muted;
    this.#applyMute(this.#stream);
  }

  /**
   * Opens the microphone for a call that begins, or the system's choice where the device is gone.
   * @throws {SautikitError} as `openMicrophone` does
   */
  open(deviceId: string | undefined): Promise<void> {
    this.#opening = this.#open(deviceId);
    return this.#opening;
  }

  /** Speaks with a stream from outside. */
  use(stream: MediaStream): void {
    this.#take(stream, undefined, false);
  }

  /**
   * Goes over to another device without a gap: the new one is open, and sent, before the old one is stopped. Does nothing
   * in a call that has no microphone, and where a newer change has overtaken this one.
   * @returns whether it is in use now
   * @throws {SautikitError} as `openMicrophone` does; the old one goes on then
   */
  async change(deviceId: string | undefined): Promise<boolean> {
    // Under the permission prompt. How that went is told elsewhere.
    await this.#opening?.catch(() => {});
    if (!this.#stream) return false;
    const change = ++this.#changes;
    this.#changing++;
    try {
      const stream = await openMicrophone(deviceId);
      const stale = () => this.#closed || change !== this.#changes;
      if (stale()) {
        closeMicrophone(stream);
        return false;
      }
      this.#applyMute(stream);
      try {
        await this.#handlers.sender()?.replaceTrack(stream.getAudioTracks()[0]!);
      } catch {
        closeMicrophone(stream);
        if (stale()) return false;
        throw new SautikitError('mic-busy');
      }
      return this.#take(stream, deviceId, true);
    } finally {
      this.#changing--;
      // Some browsers end the old track when another is opened.
      if (this.#changing === 0) this.#lookAtEnd();
    }
  }

  /** Gives back what was opened here. */
  close(): void {
    this.#closed = true;
    this.#release();
    this.#stream = undefined;
  }

  async #open(deviceId: string | undefined): Promise<void> {
    const opened = await openChosenMicrophone(deviceId);
    this.#take(opened.stream, opened.deviceId, true);
  }

  #take(stream: MediaStream, deviceId: string | undefined, owned: boolean): boolean {
    // The caller may have hung up under the permission prompt.
    if (this.#closed) {
      if (owned) closeMicrophone(stream);
      return false;
    }
    this.#release();
    this.#stream = stream;
    this.#deviceId = deviceId;
    this.#owned = owned;
    this.#applyMute(stream);
    if (owned) stream.getAudioTracks()[0]?.addEventListener('ended', this.#lookAtEnd);
    this.#handlers.onStream(stream);
    return true;
  }

  #release(): void {
    this.#stream?.getAudioTracks()[0]?.removeEventListener('ended', this.#lookAtEnd);
    if (this.#owned) closeMicrophone(this.#stream);
  }

  #applyMute(stream: MediaStream | undefined): void {
    for (const track of stream?.getAudioTracks() ?? []) track.enabled = !this.#muted;
  }

  readonly #lookAtEnd = (): void => {
    if (!this.lost || this.#changing > 0 || this.#told === this.#stream) return;
    this.#told = this.#stream;
    this.#handlers.onEnded();
  };
}

/** An answered call whose media does not connect within this time (ms) never will. */
const CONNECT_LIMIT = 12_000;
/** ICE heals short gaps by itself; after this long (ms) without a path it gets help. */
const DISCONNECTED_LIMIT = 2_500;

export interface MediaWatchHandlers {
  /** The media of an answered call never came about. */
  onNever(): void;
  /** Media flowed and has no path just now. */
  onDoubt(): void;
  /** It does not come back by itself. */
  onLost(): void;
  onFlows(): void;
}

/** Watches whether an answered call's media has a path (`connectionState`: ICE and DTLS together). */
export class MediaWatch {
  readonly #connection: RTCPeerConnection;
  readonly #handlers: MediaWatchHandlers;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #flowed = false;

  constructor(connection: RTCPeerConnection, handlers: MediaWatchHandlers) {
    this.#connection = connection;
    this.#handlers = handlers;
    connection.addEventListener('connectionstatechange', this.#onChange);
    this.#timer = setTimeout(() => handlers.onNever(), CONNECT_LIMIT);
    this.#onChange();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#connection.removeEventListener('connectionstatechange', this.#onChange);
  }

  readonly #onChange = () => {
    const { connectionState } = this.#connection;
    if (connectionState === 'connected') {
      clearTimeout(this.#timer);
      this.#flowed = true;
      this.#handlers.onFlows();
    } else if (this.#flowed && connectionState === 'disconnected') {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#handlers.onLost(), DISCONNECTED_LIMIT);
      this.#handlers.onDoubt();
    } else if (connectionState === 'failed') {
      clearTimeout(this.#timer);
      if (this.#flowed) this.#handlers.onLost();
      else this.#handlers.onNever();
    }
  };
}

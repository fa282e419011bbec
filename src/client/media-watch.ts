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
  #connection: RTCPeerConnection;
  readonly #handlers: MediaWatchHandlers;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #flowed = false;
  /** A DTLS transport of it has failed. */
  #failed = false;
  /** Whom DTLS has made out at the far end. */
  #far: string | undefined;

  constructor(connection: RTCPeerConnection, handlers: MediaWatchHandlers) {
    this.#connection = connection;
    this.#handlers = handlers;
    this.#timer = setTimeout(() => handlers.onNever(), CONNECT_LIMIT);
    this.#watch();
  }

  /**
   * The connection never carries anything again. ICE can be restarted and, in Firefox, DTLS cannot: it is over where its
   * transport has failed, as every time that ICE had no way for half a minute, and where the far end is another one than
   * before, as a media relay that was begun anew; whatever is said of it after the restart.
   */
  get broken(): boolean {
    return this.#failed || (this.#far !== undefined && this.#far !== fingerprint(this.#connection));
  }

  get flows(): boolean {
    return this.#connection.connectionState === 'connected' && !this.broken;
  }

  /** Goes on with a connection that has taken the place of the one before. */
  follow(connection: RTCPeerConnection): void {
    this.stop();
    this.#connection = connection;
    this.#failed = false;
    this.#far = undefined;
    this.#watch();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#connection.removeEventListener('connectionstatechange', this.#onChange);
  }

  #watch(): void {
    this.#connection.addEventListener('connectionstatechange', this.#onChange);
    this.#onChange();
  }

  readonly #onChange = () => {
    const { connectionState } = this.#connection;
    this.#failed ||= this.#connection.getSenders().some(({ transport }) => transport?.state === 'failed');
    if (this.flows) {
      this.#far = fingerprint(this.#connection);
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

/** Of the far end's certificate (RFC 8122), as it says in its description. */
const fingerprint = ({ currentRemoteDescription }: RTCPeerConnection): string | undefined =>
  /^a=fingerprint:(.+)$/im.exec(currentRemoteDescription?.sdp ?? '')?.[1];

/** Time between pings (ms): far below the minute after which proxies cut idle connections. */
const INTERVAL = 8_000;
/** The same while a call is being set up. */
const HURRIED_INTERVAL = 2_000;
/** A gateway that has answered before and stays silent this long (ms) after a ping is dead. */
const PONG_LIMIT = 2_000;

export interface KeepAliveHandlers {
  send(text: string): void;
  onDead(): void;
}

/**
 * The double CRLF of RFC 5626 section 3.5.1: a WebSocket does not close when its network goes away, so we ask. A gateway
 * that has never answered a ping may not know them, and its silence says nothing.
 */
export class KeepAlive {
  readonly #handlers: KeepAliveHandlers;
  #interval = INTERVAL;
  #ping: ReturnType<typeof setTimeout> | undefined;
  #limit: ReturnType<typeof setTimeout> | undefined;
  #running = false;
  #answers = false;

  constructor(handlers: KeepAliveHandlers) {
    this.#handlers = handlers;
  }

  start(): void {
    this.#running = true;
    this.#answers = false;
    this.#send();
  }

  stop(): void {
    this.#running = false;
    clearTimeout(this.#ping);
    clearTimeout(this.#limit);
  }

  hurry(hurried: boolean): void {
    this.#interval = hurried ? HURRIED_INTERVAL : INTERVAL;
    if (this.#running) this.#schedule();
  }

  /** Asks at once, where there is a reason to doubt. */
  probe(): void {
    if (this.#running && this.#limit === undefined) this.#send();
  }

  /** Whatever comes in shows that the other end lives; only a pong shows that it answers pings. */
  heard(pong: boolean): void {
    this.#answers ||= pong;
    clearTimeout(this.#limit);
    this.#limit = undefined;
  }

  #schedule(): void {
    clearTimeout(this.#ping);
    this.#ping = setTimeout(() => this.#send(), this.#interval);
  }

  #send(): void {
    this.#handlers.send('\r\n\r\n');
    if (this.#answers) this.#limit ??= setTimeout(() => this.#handlers.onDead(), PONG_LIMIT);
    this.#schedule();
  }
}

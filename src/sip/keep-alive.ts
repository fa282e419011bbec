/** Time between pings (ms): far below the minute after which proxies cut idle connections. */
const INTERVAL = 8_000;
/** The same while a call is being set up. */
const HURRIED_INTERVAL = 2_000;
/** A gateway that has answered before and stays silent this long (ms) after a ping is dead. */
const PONG_LIMIT = 2_000;
/** One that has never said anything is dead this long (ms) after the first request, whether it knows pings or not. */
const SILENCE_LIMIT = 10_000;

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
  #silence: ReturnType<typeof setTimeout> | undefined;
  #running = false;
  #answers = false;
  #heard = false;

  constructor(handlers: KeepAliveHandlers) {
    this.#handlers = handlers;
  }

  /**
   * @param answers whether this gateway has answered pings before, over another connection
   * @param heard whether it has said anything at all
   */
  start(answers = false, heard = answers): void {
    this.#running = true;
    this.#answers = answers;
    this.#heard = heard;
    this.#send();
  }

  stop(): void {
    this.#running = false;
    clearTimeout(this.#ping);
    clearTimeout(this.#limit);
    clearTimeout(this.#silence);
    this.#limit = this.#silence = undefined;
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
    this.#heard = true;
    clearTimeout(this.#limit);
    clearTimeout(this.#silence);
    this.#limit = undefined;
  }

  /** Something was sent that wants an answer. */
  asked(): void {
    if (!this.#heard) this.#silence ??= setTimeout(() => this.#handlers.onDead(), SILENCE_LIMIT);
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

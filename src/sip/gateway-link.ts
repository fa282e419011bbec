import { silent, type Log } from '../log.js';
import { KeepAlive } from './keep-alive.js';

/** A connection that has not opened after this long (ms) gets company: the next gateway in order is tried beside it. */
const NEXT_GATEWAY = 1_500;
/** An attempt over all gateways ends after this long (ms). */
const ATTEMPT_LIMIT = 10_000;
/**
 * Pauses between attempts to reconnect (ms): the first at once, then doubling with jitter. They stay short while a gateway
 * holds a call for whoever was lost: its grace is a minute.
 */
const RECONNECT = { first: 500, longestInGrace: 2_000, longest: 8_000, grace: 60_000 } as const;

/** A connection that lasted this long (ms) was one; a gateway that takes it and closes at once has failed. */
const STABLE = 2_000;

/** A connection that was lost so soon (ms) after the browser told of another network was lost to that. */
const NETWORK_CHANGE = 3_000;
/** Events of the window after which addresses of this machine may be others. */
const NETWORK_EVENTS = ['online', 'offline'] as const;

export interface LinkHandlers {
  onOpen(): void;
  onMessage(text: string): void;
  /** The connection is gone, or the attempt to open one has failed. */
  onDown(): void;
}

/**
 * The WebSocket to the gateway (RFC 7118): the first of several addresses that answers, kept alive, opened again when it
 * was lost. It knows nothing of SIP but the double CRLF of RFC 5626.
 */
export class GatewayLink {
  readonly #urls: string[];
  readonly #log: Log;
  readonly #keepAlive: KeepAlive;
  #handlers: LinkHandlers | undefined;
  #socket: WebSocket | undefined;
  /** Sockets that are being opened, in the order of their start. */
  #opening = new Set<WebSocket>();
  #untried: string[] = [];
  #timers = new Set<ReturnType<typeof setTimeout>>();
  #next: ReturnType<typeof setTimeout> | undefined;
  #openedAt = 0;
  #networkChangedAt = -Infinity;
  #pathGone = false;
  #lostAt = -Infinity;
  /** Where the last connection led that opened. */
  #last: string | undefined;
  #staying = false;
  #reconnecting = false;
  #failures = 0;
  /** Times that a connection was looked for. */
  #attempts = 0;
  /** Addresses that the last of them came to. */
  #gateways = 0;
  #closed = false;
  /** Gateways that have said something, and whether they have answered a ping. */
  readonly #heard = new Map<string, boolean>();

  /** @param urls addresses in order of preference; validated by the grant */
  constructor(urls: string[], log: Log = silent) {
    this.#urls = urls;
    this.#log = log;
    this.#keepAlive = new KeepAlive({
      send: (text) => this.#socket?.send(text),
      onDead: () => {
        this.#log('no pong: the connection is dead');
        this.#pathGone = true;
        this.#drop();
      },
    });
  }

  get open(): boolean {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  get url(): string {
    return this.#socket?.url ?? this.#urls[0]!;
  }

  /** What was tried so far, for an error to tell. */
  get tried(): { attempts: number; gateways: number } {
    return { attempts: this.#attempts, gateways: this.#gateways };
  }

  /** Of a connection that was lost: it fell silent, or went with a network. Whatever else took the same way is gone, too. */
  get pathGone(): boolean {
    return this.#pathGone || performance.now() - this.#networkChangedAt < NETWORK_CHANGE;
  }

  /** True where this link was made for the same gateways. */
  serves(urls: string[]): boolean {
    return !this.#closed && urls.length === this.#urls.length && urls.every((url, i) => url === this.#urls[i]);
  }

  /** Who is told; one at a time. */
  handle(handlers: LinkHandlers | undefined): void {
    this.#handlers = handlers;
  }

  /** Opens a connection unless one is open or being opened. */
  connect(): void {
    if (this.#closed || this.#socket || this.#opening.size > 0) return;
    this.#untried = this.#staying && this.#last !== undefined ? [this.#last] : [...this.#urls];
    this.#attempts++;
    this.#gateways = 0;
    this.#later(ATTEMPT_LIMIT, () => this.#abandonAttempt());
    this.#tryNext();
  }

  /** From now on a lost connection is opened again, at once and then with growing pauses, until `close()`. */
  keepOpen(): void {
    this.#reconnecting = true;
  }

  /** From now on it connects again with the gateway that it had, and with no other: a call lives there and nowhere else. */
  stay(staying: boolean): void {
    this.#staying = staying;
  }

  /** Pings more often while a call is being set up, when a dead connection costs most. */
  hurry(hurried: boolean): void {
    this.#keepAlive.hurry(hurried);
  }

  /** Asks at once whether the connection lives, where there is a reason to doubt. */
  probe(): void {
    this.#keepAlive.probe();
  }

  send(text: string): boolean {
    if (!this.open) return false;
    this.#socket!.send(text);
    this.#keepAlive.asked();
    return true;
  }

  close(): void {
    this.#closed = true;
    this.#handlers = undefined;
    this.#heed(false);
    this.#drop();
    this.#abandonAttempt();
  }

  /** Listens for changes of the network, or no longer. */
  #heed(heeding: boolean): void {
    const change = heeding ? 'addEventListener' : 'removeEventListener';
    for (const name of NETWORK_EVENTS) globalThis[change](name, this.#onNetwork);
    // Where a device has more than one network (Network Information API); not in every browser.
    (navigator as Navigator & { connection?: EventTarget }).connection?.[change]('change', this.#onNetwork);
  }

  #later(delay: number, run: () => void): ReturnType<typeof setTimeout> {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      run();
    }, delay);
    this.#timers.add(timer);
    return timer;
  }

  #clearTimers(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  #tryNext(): void {
    clearTimeout(this.#next);
    const url = this.#untried.shift();
    if (url === undefined) return;
    this.#gateways++;
    let socket: WebSocket;
    try {
      socket = new WebSocket(url, 'sip');
    } catch {
      // A page's Content-Security-Policy can forbid the address outright.
      this.#failed(undefined);
      return;
    }
    socket.binaryType = 'arraybuffer';
    this.#opening.add(socket);
    socket.onopen = () => this.#opened(socket);
    socket.onclose = () => this.#failed(socket);
    if (this.#untried.length > 0) this.#next = this.#later(NEXT_GATEWAY, () => this.#tryNext());
  }

  #opened(socket: WebSocket): void {
    this.#opening.delete(socket);
    this.#abandonAttempt();
    this.#socket = socket;
    this.#openedAt = performance.now();
    this.#pathGone = false;
    this.#heed(true);
    this.#last = socket.url;
    const decoder = new TextDecoder();
    socket.onmessage = ({ data }) => {
      const text = typeof data === 'string' ? data : decoder.decode(data as ArrayBuffer);
      const pong = text === '\r\n';
      this.#heard.set(socket.url, pong || (this.#heard.get(socket.url) ?? false));
      this.#keepAlive.heard(pong);
      if (text === '\r\n\r\n') socket.send('\r\n');
      else if (!pong) this.#handlers?.onMessage(text);
    };
    socket.onclose = () => this.#drop();
    this.#keepAlive.start(this.#heard.get(socket.url), this.#heard.has(socket.url));
    this.#handlers?.onOpen();
  }

  #failed(socket: WebSocket | undefined): void {
    if (socket) this.#opening.delete(socket);
    if (this.#socket || this.#closed) return;
    if (this.#untried.length > 0) this.#tryNext();
    else if (this.#opening.size === 0) {
      this.#clearTimers();
      this.#down();
    }
  }

  /** Closes what is still opening; the one that opened has left the set. */
  #abandonAttempt(): void {
    this.#clearTimers();
    this.#untried = [];
    const had = this.#opening.size > 0;
    for (const socket of this.#opening) discard(socket);
    this.#opening.clear();
    if (had && !this.#socket && !this.#closed) queueMicrotask(() => !this.#socket && this.#down());
  }

  /** The open connection is gone, whether or not the browser has noticed. */
  #drop(): void {
    const socket = this.#socket;
    if (!socket) return;
    this.#socket = undefined;
    if (performance.now() - this.#openedAt > STABLE) {
      this.#failures = 0;
      this.#lostAt = performance.now();
    }
    this.#keepAlive.stop();
    discard(socket);
    if (!this.#closed) this.#down();
  }

  #down(): void {
    this.#handlers?.onDown();
    if (!this.#reconnecting || this.#closed) return this.#heed(false);
    const inGrace = performance.now() - this.#lostAt < RECONNECT.grace;
    const longest = inGrace ? RECONNECT.longestInGrace : RECONNECT.longest;
    const pause = Math.min(RECONNECT.first * 2 ** this.#failures, longest);
    const delay = this.#failures++ === 0 ? 0 : pause / 2 + (Math.random() * pause) / 2;
    this.#heed(true);
    this.#later(delay, () => this.connect());
  }

  readonly #onNetwork = ({ type }: Event) => {
    this.#networkChangedAt = performance.now();
    if (this.#socket) return this.probe();
    if (type !== 'online') return;
    if (this.#opening.size === 0) this.#clearTimers();
    this.connect();
  };
}

function discard(socket: WebSocket): void {
  socket.onopen = socket.onclose = socket.onmessage = null;
  socket.close();
}

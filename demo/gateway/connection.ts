import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { RawData, WebSocket } from 'ws';
import { parseMessage, type SipRequest, type SipResponse } from './sip-message.js';

export interface ConnectionHandlers {
  message(connection: Connection, message: SipRequest | SipResponse): void;
  close(connection: Connection): void;
  /** Counts a message. False where it is one too many. */
  admits(connection: Connection): Promise<boolean>;
  /** How long a connection may go without anything that the hook accepts, in seconds. */
  idleTime: number;
}

/** In bytes: who reads so slowly that this much waits for him is cut off. */
const SEND_LIMIT = 1_048_576;

/** RFC 6455 section 7.4.1: "a browser having navigated away from a page". */
const GOING_AWAY = 1001;

/** One browser's WebSocket (RFC 7118). Its far end has no address but this connection. */
export class Connection {
  readonly id = randomUUID();
  readonly remoteIp: string;
  readonly origin: string | undefined;
  /** The sessions that proved themselves here, each with the end of its token in milliseconds since 1970. */
  readonly sessions = new Map<string, number>();
  /** Ends when every registration that arrived so far has been judged. */
  registering: Promise<void> = Promise.resolve();
  readonly #socket: WebSocket;
  #idle: NodeJS.Timeout | undefined;
  #wentAway = false;

  constructor(socket: WebSocket, handshake: IncomingMessage, handlers: ConnectionHandlers) {
    this.#socket = socket;
    this.remoteIp = handshake.socket.remoteAddress ?? '';
    this.origin = handshake.headers.origin;
    this.#idle = setTimeout(() => this.terminate(), handlers.idleTime * 1000);
    socket.on('message', (data) => this.#receive(data, handlers));
    // A frame that is too large or broken; 'close' follows.
    socket.on('error', () => undefined);
    socket.once('close', (code) => {
      clearTimeout(this.#idle);
      this.#wentAway = code === GOING_AWAY;
      handlers.close(this);
    });
  }

  get open(): boolean {
    return this.#socket.readyState === this.#socket.OPEN;
  }

  /** True where the browser said that its page is gone, and not only its network. */
  get wentAway(): boolean {
    return this.#wentAway;
  }

  /** The hook accepted something that was said here: this is no socket that only takes a place. */
  accept(): void {
    clearTimeout(this.#idle);
  }

  /** A session proved itself here, with a token that lives for so many seconds. */
  prove(sid: string, expires: number): void {
    this.sessions.set(sid, Date.now() + expires * 1000);
  }

  send(text: string): void {
    if (!this.open) return;
    if (this.#socket.bufferedAmount > SEND_LIMIT) this.terminate();
    else this.#socket.send(text);
  }

  terminate(): void {
    this.#socket.terminate();
  }

  #receive(data: RawData, handlers: ConnectionHandlers): void {
    void handlers.admits(this).then((admitted) => {
      if (!admitted) this.terminate();
    });
    const text = (Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as Buffer)).toString('utf8');
    // A keep-alive and its answer (RFC 5626 section 4.4.1).
    if (text === '\r\n\r\n') this.send('\r\n');
    const message = parseMessage(text);
    if (message) handlers.message(this, message);
    // No browser says what is no SIP at all. A broken answer of one that speaks SIP is passed over.
    else if (text.trim() !== '' && !text.includes('SIP/2.0')) this.terminate();
  }
}

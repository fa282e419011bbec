import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { composeOk, parseSip, type SipMessage } from './sip-message.js';

export interface LinkOptions {
  /** Of the page that a browser would connect from. */
  origin: string;
  ca: string[] | undefined;
  /** Whether a certificate that browsers do not trust is let pass, since it is judged elsewhere. */
  unverified?: boolean;
}

/** In milliseconds; the button gives a gateway 1.5 s before it tries the next one beside it. */
const HANDSHAKE_LIMIT = 10_000;
/** How long a gateway may take to say goodbye, in milliseconds. */
const CLOSE_LIMIT = 1000;

/** A SIP connection over a WebSocket (RFC 7118). */
export class SipLink {
  /** Stands in Via and Contact: nobody finds this end by a name (RFC 7118 section 5). */
  readonly host = `${randomBytes(6).toString('hex')}.invalid`;
  readonly transport: 'WS' | 'WSS';
  readonly #socket: WebSocket;
  readonly #arrived: SipMessage[] = [];
  #wake: () => void = () => undefined;

  private constructor(socket: WebSocket, url: string) {
    this.#socket = socket;
    this.transport = url.startsWith('wss:') ? 'WSS' : 'WS';
    socket.on('message', (data: Buffer) => this.#receive(data.toString()));
    socket.on('close', () => this.#wake());
    socket.on('error', () => this.#wake());
  }

  /** @throws Error that says at which step it failed */
  static async open(url: string, { origin, ca, unverified = false }: LinkOptions): Promise<SipLink> {
    const socket = new WebSocket(url, 'sip', {
      origin,
      handshakeTimeout: HANDSHAKE_LIMIT,
      rejectUnauthorized: !unverified,
      maxPayload: 65_536,
      ...(ca && { ca }),
    });
    return await new Promise((resolve, reject) => {
      const give = (error: Error): void => {
        socket.on('error', () => undefined);
        socket.terminate();
        reject(error);
      };
      socket.once('error', give);
      socket.once('unexpected-response', (_request, { statusCode }) => {
        give(new HandshakeRefused(statusCode ?? 0));
      });
      socket.once('open', () => {
        socket.off('error', give);
        resolve(new SipLink(socket, url));
      });
    });
  }

  get isOpen(): boolean {
    return this.#socket.readyState === WebSocket.OPEN;
  }

  send(text: string): void {
    if (this.isOpen) this.#socket.send(text);
  }

  /**
   * The next response to a request, which is taken out of what has arrived.
   * @param limit milliseconds
   * @returns undefined where none came in time, or the connection ended
   */
  async response(callId: string, cseq: string, limit: number): Promise<SipMessage | undefined> {
    const end = performance.now() + limit;
    for (;;) {
      const index = this.#arrived.findIndex(
        (message) => message.all('Call-ID')[0] === callId && message.all('CSeq')[0]?.replace(/\s+/, ' ') === cseq,
      );
      if (index >= 0) return this.#arrived.splice(index, 1)[0];
      const left = end - performance.now();
      if (left <= 0 || !this.isOpen) return undefined;
      await this.#arrival(left);
    }
  }

  /** What was sent last still leaves. */
  async close(): Promise<void> {
    if (this.#socket.readyState === WebSocket.CLOSED) return;
    const timer = setTimeout(() => this.#socket.terminate(), CLOSE_LIMIT);
    const closed = once(this.#socket, 'close');
    this.#socket.close();
    await closed;
    clearTimeout(timer);
  }

  #receive(text: string): void {
    const message = parseSip(text);
    if (message?.method !== undefined && message.method !== 'ACK') this.send(composeOk(message));
    if (message?.status !== undefined) this.#arrived.push(message);
    this.#wake();
  }

  async #arrival(limit: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      timer = setTimeout(resolve, limit);
    });
    clearTimeout(timer);
  }
}

/** The gateway answered the WebSocket handshake with something else than yes. */
export class HandshakeRefused extends Error {
  constructor(
    /** HTTP status. */
    readonly status: number,
  ) {
    super(`HTTP ${status}`);
  }
}

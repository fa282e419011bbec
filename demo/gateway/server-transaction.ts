import { randomUUID } from 'node:crypto';
import type { Connection } from './connection.js';
import { address, responseText, type Header, type SipRequest } from './sip-message.js';

/** Timer H, and L of RFC 6026, in milliseconds: how long the end of an INVITE is remembered. */
const TIMER_H = 32_000;

export interface Answer {
  /** The far end's tag. Default: one that the gateway makes. */
  tag?: string | undefined;
  headers?: readonly Header[];
  body?: string;
}

/** A request that a browser sent, until it is answered (RFC 3261 section 17.2). WebSocket is reliable: nothing is repeated. */
export class ServerTransaction {
  /** Called once, when the browser takes an INVITE back that is not answered yet. */
  onCancel: (() => void) | undefined;
  readonly #tag = randomUUID().slice(0, 8);
  readonly #onEnd: () => void;
  #status = 0;
  #last = '';
  #timer: NodeJS.Timeout | undefined;
  #ended = false;

  constructor(
    readonly connection: Connection,
    readonly request: SipRequest,
    onEnd: () => void,
  ) {
    this.#onEnd = onEnd;
  }

  /** Whether the final answer was sent. */
  get answered(): boolean {
    return this.#status >= 200;
  }

  /** Sends an answer. After a final one nothing but the repetition of a 2xx passes (RFC 6026 section 7.1). */
  respond(status: number, { tag = this.#tag, headers = [], body = '' }: Answer = {}): void {
    const repetition = isSuccess(status) && isSuccess(this.#status);
    if (this.#ended || (this.answered && !repetition)) return;
    const { vias, from, to, callId, cseq, method } = this.request;
    this.#status = status;
    this.#last = responseText(
      status,
      [
        ...vias.map((via): Header => ['Via', via]),
        ['From', address(from.nameAddr, from.tag)],
        // 100 has no tag: it is no answer of the far end's (RFC 3261 section 8.2.6.2).
        ['To', address(to.nameAddr, to.tag ?? (status === 100 ? undefined : tag))],
        ['Call-ID', callId],
        ['CSeq', `${cseq} ${method}`],
        ...headers,
      ],
      body,
    );
    this.connection.send(this.#last);
    if (!this.answered || repetition) return;
    if (method === 'INVITE') this.#timer = setTimeout(() => this.end(), TIMER_H);
    else this.end();
  }

  /** The same request came again. */
  repeat(): void {
    if (this.#last) this.connection.send(this.#last);
  }

  cancel(): void {
    if (!this.answered) this.onCancel?.();
    this.onCancel = undefined;
  }

  end(): void {
    this.#ended = true;
    clearTimeout(this.#timer);
    this.#onEnd();
  }
}

function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}

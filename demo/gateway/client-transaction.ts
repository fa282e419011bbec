import type { Connection } from './connection.js';
import { address, requestText, type Header, type SipResponse } from './sip-message.js';

/** 64 * T1, in milliseconds: timers B, F and M (RFC 3261 section 17.1, RFC 6026 section 8.4). */
const TIMER_B = 32_000;

export interface OutgoingRequest {
  method: string;
  uri: string;
  from: string;
  to: string;
  callId: string;
  cseq: number;
  headers?: readonly Header[];
  body?: string;
}

export interface ClientHandlers {
  provisional?(response: SipResponse): void;
  /**
   * The final answer; undefined where none came in time, or the connection closed. The 2xx of an INVITE comes again as
   * often as the far end repeats it.
   */
  final(response: SipResponse | undefined): void;
}

/** A request that the gateway sent, until it is answered (RFC 3261 section 17.1). */
export class ClientTransaction {
  readonly #via: string;
  readonly #request: OutgoingRequest;
  readonly #handlers: ClientHandlers;
  readonly #onEnd: () => void;
  #timer: NodeJS.Timeout | undefined;
  #state: 'calling' | 'proceeding' | 'accepted' | 'ended' = 'calling';
  #cancel: Header[] | undefined;

  constructor(
    readonly connection: Connection,
    via: string,
    request: OutgoingRequest,
    handlers: ClientHandlers,
    onEnd: () => void,
  ) {
    this.#via = via;
    this.#request = request;
    this.#handlers = handlers;
    this.#onEnd = onEnd;
  }

  start(): void {
    this.sendOnce();
    // Whoever sent this expects no answer before it has what it sent.
    if (this.connection.open) this.#timer = setTimeout(() => this.fail(), TIMER_B);
    else queueMicrotask(() => this.fail());
  }

  sendOnce(): void {
    const { method, headers = [], body } = this.#request;
    this.#send(method, this.#request.to, headers, body);
  }

  receive(response: SipResponse): void {
    const { method } = this.#request;
    // The answer to a CANCEL bears the branch of its INVITE and says nothing that matters.
    if (response.method !== method || this.#state === 'ended') return;
    if (response.status < 200) this.#proceed(response);
    else if (method === 'INVITE' && response.status < 300) this.#accept(response);
    else if (this.#state !== 'accepted') this.#refuse(response);
  }

  /** Takes an INVITE back. Only a request that was answered at least provisionally can be (RFC 3261 section 9.1). */
  cancel(headers: Header[] = []): void {
    if (this.#cancel || this.#state === 'accepted' || this.#state === 'ended') return;
    this.#cancel = headers;
    if (this.#state === 'proceeding') this.#sendCancel(headers);
  }

  /** There will be no answer. */
  fail(): void {
    const waiting = this.#state === 'calling' || this.#state === 'proceeding';
    this.end();
    if (waiting) this.#handlers.final(undefined);
  }

  end(): void {
    this.#state = 'ended';
    clearTimeout(this.#timer);
    this.#onEnd();
  }

  #proceed(response: SipResponse): void {
    if (this.#state === 'accepted') return;
    if (this.#state === 'calling') {
      this.#state = 'proceeding';
      // From here on a phone may ring as long as the proxy lets it.
      if (this.#request.method === 'INVITE') clearTimeout(this.#timer);
      if (this.#cancel) this.#sendCancel(this.#cancel);
    }
    this.#handlers.provisional?.(response);
  }

  #accept(response: SipResponse): void {
    if (this.#state !== 'accepted') {
      this.#state = 'accepted';
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.end(), TIMER_B);
    }
    this.#handlers.final(response);
  }

  #refuse(response: SipResponse): void {
    if (this.#request.method === 'INVITE') this.#send('ACK', address(response.to.nameAddr, response.to.tag), []);
    this.end();
    this.#handlers.final(response);
  }

  #sendCancel(headers: Header[]): void {
    this.#send('CANCEL', this.#request.to, headers);
    // RFC 3261 section 9.1: a far end that answers the CANCEL and never the INVITE is not waited for.
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.fail(), TIMER_B);
  }

  #send(method: string, to: string, headers: readonly Header[], body?: string): void {
    const { uri, from, callId, cseq } = this.#request;
    const common: Header[] = [
      ['Via', this.#via],
      ['Max-Forwards', '69'],
      ['From', from],
      ['To', to],
      ['Call-ID', callId],
      ['CSeq', `${cseq} ${method}`],
    ];
    this.connection.send(requestText(method, uri, [...common, ...headers], body));
  }
}

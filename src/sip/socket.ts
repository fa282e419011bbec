import { silent, type Log } from '../log.js';
import type { GatewayLink } from './gateway-link.js';
import { Glare } from './glare.js';
import { InviteAnswers } from './invite-answers.js';
import { isRequest, parseMessage, type IncomingRequest, type IncomingResponse, type JsSipSocket } from './jssip.js';
import { ALLOWED_METHODS, describe, headerOf, methodOf, respond, startsCall, withHeader } from './wire.js';

/**
 * A SIP message with an audio offer is some 5 kB; whatever is larger than this (characters) is not for us. JsSIP's parser
 * takes more than twice the time for twice as many addresses in a header.
 */
const MAX_MESSAGE = 32_768;

export interface SocketOptions {
  link: GatewayLink;
  /** The Bearer token of this moment; `undefined` for a digest grant, which JsSIP answers itself. */
  token: () => string | undefined;
  /** Whether a call from outside may reach this browser. */
  receives: () => boolean;
  log?: Log;
}

/**
 * JsSIP's transport, and the one place where the wire is mended without a fork: it puts the Bearer token on the requests
 * that need it as they leave, and lets nothing in that JsSIP would stumble over.
 */
export class Socket implements JsSipSocket {
  via_transport: string;
  readonly url: string;
  readonly sip_uri: string;
  onconnect = (): void => {};
  ondisconnect = (_error: boolean): void => {};
  ondata = (_data: string): void => {};

  readonly #options: SocketOptions;
  readonly #log: Log;
  readonly #answers: InviteAnswers;
  readonly #glare = new Glare();
  #stopping = false;
  /** How often in a row the registrar found the interval too brief. */
  #tooBrief = 0;

  constructor(options: SocketOptions) {
    const { link } = options;
    const { protocol, host } = new URL(link.url);
    this.#options = options;
    this.#log = options.log ?? silent;
    this.url = link.url;
    this.via_transport = protocol === 'wss:' ? 'WSS' : 'WS';
    this.sip_uri = `sip:${host};transport=ws`;
    this.#answers = new InviteAnswers((text) => void link.send(text));
  }

  connect(): void {
    const { link } = this.#options;
    link.handle({
      onOpen: () => this.onconnect(),
      onMessage: (text) => this.#receive(text),
      onDown: () => {
        this.#glare.clear();
        this.ondisconnect(true);
      },
    });
    // JsSIP knows only after this call whether it shall register.
    if (link.open) queueMicrotask(() => link.open && this.onconnect());
    else link.connect();
  }

  /** Lets go of the link; closing it is its owner's. */
  disconnect(): void {
    this.#options.link.handle(undefined);
  }

  /** From now on no request reaches JsSIP, which would leave it unanswered: a BYE that crosses ours, for one. */
  stop(): void {
    this.#stopping = true;
  }

  /** Takes back an INVITE whose connection was lost before its answer. */
  cancel(callId: string): void {
    this.#answers.cancel(callId);
  }

  /** Nobody waits for this call any more; see InviteAnswers. */
  abandon(callId: string): void {
    this.#deliver(this.#answers.abandon(callId));
  }

  send(message: string): boolean {
    const method = methodOf(message);
    this.#log(`-> ${describe(message)}`);
    const callId = headerOf(message, 'Call-ID');
    if (method === 'CANCEL') this.#answers.abandon(callId);
    if (method === 'ACK') this.#deliver(this.#answers.acknowledged(callId));
    if (method === 'INVITE') {
      if (startsCall(message)) this.#answers.sent(message);
      else this.#glare.sent(message);
    }
    return this.#options.link.send(this.#authorize(message, method));
  }

  /** RFC 8898, unchallenged: on REGISTER and on the INVITE that starts a call, and on nothing else. */
  #authorize(message: string, method: string): string {
    const token = this.#options.token();
    const needed = method === 'REGISTER' || startsCall(message);
    return token !== undefined && needed ? withHeader(message, `Authorization: Bearer ${token}`) : message;
  }

  #receive(text: string): void {
    if (text.length > MAX_MESSAGE) return this.#drop('too large');
    const message = parseMessage(text);
    if (!message) return this.#drop('no SIP message');
    this.#log(`<- ${describe(text)}`);
    // Nothing that the network sends may throw into the page.
    try {
      const admitted = isRequest(message) ? this.#admitRequest(message, text) : this.#admitResponse(message, text);
      if (admitted !== undefined) this.ondata(admitted);
    } catch {
      this.#drop('it could not be handled');
    }
  }

  #admitRequest(request: IncomingRequest, raw: string): string | undefined {
    const { method } = request;
    if (this.#stopping && method !== 'ACK') return this.#refuse(request, request.to_tag ? 481 : 480, 'Gone');
    if (!ALLOWED_METHODS.includes(method)) {
      return this.#refuse(request, 405, 'Method Not Allowed', `Allow: ${ALLOWED_METHODS.join(', ')}`);
    }
    if (method === 'BYE' && this.#answers.holds(request.call_id, raw)) return undefined;
    if (this.#glare.crosses(request)) return this.#refuse(request, 491, 'Request Pending');
    // Attended transfer into a visitor's browser is nothing that a caller asked for (RFC 3891).
    if (request.hasHeader('replaces')) return this.#refuse(request, 403, 'Forbidden');
    if (method === 'INVITE' && !request.to_tag && !this.#options.receives()) {
      return this.#refuse(request, 480, 'Temporarily Unavailable');
    }
    return raw;
  }

  #admitResponse(response: IncomingResponse, raw: string): string | undefined {
    if (!this.#answers.admit(response)) return undefined;
    // JsSIP asks again at once, and would do so for ever; whoever wants yet another interval wants none.
    if (response.method === 'REGISTER' && response.status_code >= 200) {
      this.#tooBrief = response.status_code === 423 ? this.#tooBrief + 1 : 0;
      if (this.#tooBrief > 1) return raw.replace(/^SIP\/2\.0 423/, 'SIP/2.0 403');
    }
    const inDialog = this.#glare.answered(response) || !['INVITE', 'REGISTER'].includes(response.method);
    // JsSIP repeats a request that met a 491 with its old CSeq, which no server takes, and ends a call over a 408; as
    // plain refusals both come back to us, and we repeat the request properly.
    return inDialog ? raw.replace(/^SIP\/2\.0 (?:408|491) .*/, 'SIP/2.0 500 Later') : raw;
  }

  /** Requests that waited; JsSIP has noted only after this moment what it is sending. */
  #deliver(requests: readonly string[]): void {
    for (const request of requests) queueMicrotask(() => this.#receive(request));
  }

  #refuse(request: IncomingRequest, status: number, reason: string, ...headers: string[]): undefined {
    this.#options.link.send(respond(request, status, reason, ...headers));
    return undefined;
  }

  #drop(why: string): void {
    this.#log(`a message was dropped: ${why}`);
  }
}

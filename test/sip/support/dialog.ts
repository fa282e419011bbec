import { parseMessage, type IncomingRequest, type IncomingResponse } from './jssip.js';
import type { Gateway, Received } from './gateway.js';
import { request, type Content } from './messages.js';

/** One call as the far side sees it: what it may send into it, and what the browser answers. */
export class Dialog {
  readonly #gateway: Gateway;
  readonly #uri: string;
  readonly #from: string;
  readonly #to: string;
  readonly callId: string;
  readonly #invite: IncomingRequest | undefined;
  #cseq: number;

  private constructor(
    gateway: Gateway,
    parts: { uri: string; from: string; to: string; callId: string; cseq: number; invite?: IncomingRequest },
  ) {
    this.#gateway = gateway;
    this.#uri = parts.uri;
    this.#from = parts.from;
    this.#to = parts.to;
    this.callId = parts.callId;
    this.#cseq = parts.cseq;
    this.#invite = parts.invite;
  }

  /** A call that the browser made; `tag` is the far end's. */
  static ofBrowser(gateway: Gateway, invite: Received, tag = invite.tag): Dialog {
    const { message } = invite;
    return new Dialog(gateway, {
      uri: message.parseHeader('contact')!.uri.toString(),
      from: `${message.getHeader('to')};tag=${tag}`,
      to: message.getHeader('from')!,
      callId: message.call_id,
      cseq: 100,
    });
  }

  /** A call that the browser gets. */
  static ofOutside(gateway: Gateway, raw: string): Dialog {
    const invite = parseMessage(raw) as IncomingRequest;
    return new Dialog(gateway, {
      uri: /^INVITE (\S+)/.exec(raw)![1]!,
      from: invite.getHeader('from')!,
      to: invite.getHeader('to')!,
      callId: invite.call_id,
      cseq: 1,
      invite,
    });
  }

  /** The browser's final answer to the INVITE of a call that came from outside. */
  async answer(): Promise<IncomingResponse> {
    return this.#gateway.answerTo(this.callId, this.#invite!.cseq, 'INVITE');
  }

  /** Acknowledges it, as every final answer to an INVITE needs. */
  acknowledge(answer: IncomingResponse): void {
    this.send('ACK', { cseq: answer.cseq, to: answer.getHeader('to')! });
  }

  /** Takes the call from outside back. */
  cancel(headers: string[] = []): void {
    const { cseq, via_branch: branch } = this.#invite!;
    const parts = { uri: this.#uri, from: this.#from, to: this.#to, callId: this.callId, cseq, branch };
    this.#gateway.send(request('CANCEL', parts, { headers }));
  }

  /** Sends a request and returns what the browser finally answers; acknowledges where that is due. */
  async ask(method: string, content: Content & { to?: string } = {}): Promise<IncomingResponse> {
    const cseq = ++this.#cseq;
    this.send(method, { ...content, cseq });
    const answer = await this.#gateway.answerTo(this.callId, cseq, method);
    if (method === 'INVITE') this.send('ACK', { cseq, ...(content.to !== undefined && { to: content.to }) });
    return answer;
  }

  /** Sends a request and waits for nothing; its CSeq is the next one unless it is given. */
  send(method: string, options: Content & { cseq?: number; to?: string }): void {
    const { cseq = ++this.#cseq, to = this.#to, ...content } = options;
    const parts = { uri: this.#uri, from: this.#from, to, callId: this.callId, cseq };
    this.#gateway.send(request(method, parts, content));
  }
}

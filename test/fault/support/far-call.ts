import { randomBytes } from 'node:crypto';
import { headerOf, headersOf, responseTo, type SipMessage } from '../../../demo/stack/sip-message.js';
import { eventually } from '../../support/visitor.js';
import type { FarVoice } from './far-voice.js';

/** RFC 3261 section 17.1.1.1 (ms): an answer that nobody acknowledged is said again, each time after twice as long. */
const T1 = 500;

export type Direction = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';

export interface ReplyOptions {
  toTag?: string;
  headers?: readonly string[];
  body?: string;
}

export interface RequestOptions {
  headers?: readonly string[];
  body?: string;
}

interface Said {
  /** Of `performance.now()`. */
  at: number;
  /** `BYE`, `200 BYE`. */
  what: string;
  message: SipMessage;
}

const nameOf = (message: SipMessage): string =>
  message.method ?? `${message.status} ${headerOf(message, 'cseq').split(' ')[1]}`;

/** One call at a far end: its dialog, and its voice. What nobody told it to do, it does as any phone would. */
export class FarCall {
  readonly invite: SipMessage;
  readonly voice: FarVoice;
  readonly callId: string;
  readonly tag = `far-${randomBytes(4).toString('hex')}`;
  /** What it received, in order, without what came twice. */
  readonly received: Said[] = [];
  /** What a request of the caller is met with instead of what any phone would do. */
  readonly meets: Partial<Record<'INVITE' | 'CANCEL' | 'BYE' | 'UPDATE', (request: SipMessage) => void>> = {};
  readonly #contact: string;
  readonly #send: (text: string) => void;
  readonly #replies = new Map<string, string>();
  #over = false;
  #repeating: NodeJS.Timeout | undefined;
  #target: string;
  #cseq = 0;
  #version = 0;

  constructor(invite: SipMessage, contact: string, voice: FarVoice, send: (text: string) => void) {
    this.invite = invite;
    this.voice = voice;
    this.callId = headerOf(invite, 'call-id');
    this.#contact = `Contact: <${contact}>`;
    this.#send = send;
    this.#target = targetOf(invite);
    voice.sendTo(invite.body);
    this.#note(invite);
    this.reply(invite, 100);
  }

  /** Whether it has heard, or said, that the call is no more. */
  get over(): boolean {
    return this.#over;
  }

  /** A message of this call has come. */
  receive(message: SipMessage): void {
    if (this.received.some(({ message: earlier }) => earlier.text === message.text)) {
      const reply = this.#replies.get(message.text);
      if (reply !== undefined) this.#send(reply);
      return;
    }
    this.#note(message);
    if (message.method === 'BYE') this.#end();
    if (message.method === undefined) return this.#onResponse(message);
    if (message.method === 'ACK') {
      clearTimeout(this.#repeating);
      return this.voice.sendTo(message.body);
    }
    const told = this.meets[message.method as keyof typeof this.meets];
    if (told) told(message);
    else this.#asAnyPhone(message);
  }

  /** Says that it rings; with `early`, that its sound can be heard from now on. */
  ring(status = 180, { early = false } = {}): void {
    this.reply(this.invite, status, early ? { body: this.describe() } : {});
    if (early) this.voice.speak();
  }

  /** Takes the call, and speaks. */
  answer(toTag = this.tag): void {
    this.accept(this.invite, { toTag });
    this.voice.speak();
  }

  refuse(status: number, headers: readonly string[] = []): void {
    this.#over = true;
    this.reply(this.invite, status, { headers });
  }

  /** Takes what a request offers, or offers something where it does not. */
  accept(request: SipMessage, { toTag, headers = [], body = this.describe() }: ReplyOptions = {}): void {
    this.voice.sendTo(request.body);
    const withBody = request.method === 'INVITE' || request.body !== '';
    this.reply(request, 200, { ...(toTag !== undefined && { toTag }), headers, ...(withBody && { body }) });
    if (request.method === 'INVITE') this.#repeat(this.#replies.get(request.text)!, T1);
  }

  reply(request: SipMessage, status: number, { toTag = this.tag, headers = [], body }: ReplyOptions = {}): void {
    const text = responseTo(request, status, 'Whatever', {
      ...(status > 100 && { toTag }),
      headers: [this.#contact, ...headers, ...(body === undefined ? [] : ['Content-Type: application/sdp'])],
      ...(body !== undefined && { body }),
    });
    this.#replies.set(request.text, text);
    this.#send(text);
  }

  /** Sends a request within the call, and gives back its final answer; a 2xx to an INVITE still wants its `acknowledge`. */
  async request(method: string, options: RequestOptions = {}): Promise<SipMessage> {
    const cseq = `${(this.#cseq += 1)} ${method}`;
    this.#send(this.#write(method, cseq, options));
    return await eventually(`${cseq} is answered`, () =>
      Promise.resolve(
        this.received.find(({ message }) => (message.status ?? 0) >= 200 && headerOf(message, 'cseq') === cseq)
          ?.message,
      ),
    );
  }

  /** A re-INVITE (RFC 3261 section 14) or UPDATE (RFC 3311) with an offer, and what belongs to it. */
  async renew(direction: Direction = 'sendrecv', method: 'INVITE' | 'UPDATE' = 'INVITE'): Promise<SipMessage> {
    const answer = await this.request(method, { body: this.describe(direction) });
    if (method === 'INVITE' && answer.status! < 300) this.acknowledge(answer);
    this.voice.sendTo(answer.body);
    return answer;
  }

  acknowledge(answer: SipMessage, body = ''): void {
    this.#send(this.#write('ACK', headerOf(answer, 'cseq').replace('INVITE', 'ACK'), { body }));
  }

  async hangUp(options: RequestOptions = {}): Promise<SipMessage> {
    this.voice.hush();
    this.#end();
    return await this.request('BYE', options);
  }

  /** Its side of the sound, in PCMA. */
  describe(direction: Direction = 'sendrecv', host = '127.0.0.1'): string {
    this.#version += 1;
    return [
      'v=0',
      `o=far 1 ${this.#version} IN IP4 ${host}`,
      's=-',
      `c=IN IP4 ${host}`,
      't=0 0',
      `m=audio ${this.voice.port} RTP/AVP 8 101`,
      'a=rtpmap:8 PCMA/8000',
      'a=rtpmap:101 telephone-event/8000',
      'a=fmtp:101 0-15',
      `a=${direction}`,
      '',
    ].join('\r\n');
  }

  /** Waits until it has received the `nth` such request or answer. */
  async gets(what: string, nth = 1): Promise<Said> {
    return await eventually(`the far end gets ${what} (${nth})`, () =>
      Promise.resolve(this.received.filter((one) => one.what === what)[nth - 1]),
    );
  }

  /** What it received, in order. */
  get sequence(): string[] {
    return this.received.map(({ what }) => what);
  }

  /** There is no such call here. */
  forget(): void {
    this.voice.hush();
    this.#end();
  }

  close(): void {
    clearTimeout(this.#repeating);
    this.voice.close();
  }

  #note(message: SipMessage): void {
    this.received.push({ at: performance.now(), what: nameOf(message), message });
    if (message.method === 'INVITE' || message.method === 'UPDATE') this.#target = targetOf(message);
  }

  #end(): void {
    this.#over = true;
    clearTimeout(this.#repeating);
  }

  #asAnyPhone(request: SipMessage): void {
    switch (request.method) {
      case 'INVITE':
      case 'UPDATE':
        return this.accept(request);
      case 'CANCEL':
        this.reply(request, 200);
        return this.refuse(487);
      case 'BYE':
        this.voice.hush();
        return this.reply(request, 200);
      default:
        return this.reply(request, 200);
    }
  }

  /** A refusal of our re-INVITE is acknowledged within its transaction (RFC 3261 section 17.1.1.3). */
  #onResponse(response: SipMessage): void {
    const cseq = headerOf(response, 'cseq');
    if (!cseq.endsWith(' INVITE') || response.status! < 300) return;
    const branch = /branch=([^;]+)/.exec(headerOf(response, 'via'))?.[1];
    this.#send(this.#write('ACK', cseq.replace('INVITE', 'ACK'), {}, branch));
  }

  #repeat(text: string, after: number): void {
    clearTimeout(this.#repeating);
    this.#repeating = setTimeout(() => {
      this.#send(text);
      this.#repeat(text, after * 2);
    }, after);
  }

  #write(
    method: string,
    cseq: string,
    { headers = [], body = '' }: RequestOptions,
    branch = `z9hG4bK${randomBytes(8).toString('hex')}`,
  ): string {
    const { invite } = this;
    const host = /@([^>;]+)/.exec(this.#contact)?.[1];
    return [
      `${method} ${this.#target} SIP/2.0`,
      `Via: SIP/2.0/UDP ${host};rport;branch=${branch}`,
      'Max-Forwards: 70',
      `From: ${headerOf(invite, 'to')};tag=${this.tag}`,
      `To: ${headerOf(invite, 'from')}`,
      `Call-ID: ${this.callId}`,
      `CSeq: ${cseq}`,
      this.#contact,
      ...headersOf(invite, 'record-route').map((route) => `Route: ${route}`),
      ...headers,
      ...(body ? ['Content-Type: application/sdp'] : []),
      `Content-Length: ${Buffer.byteLength(body)}`,
      '',
      body,
    ].join('\r\n');
  }
}

const targetOf = (request: SipMessage): string => /<([^>]+)>/.exec(headerOf(request, 'contact'))?.[1] ?? '';

import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { headerOf, headersOf, parseSip, responseTo, type SipMessage } from '../../demo/stack/sip-message.js';
import { eventually } from './sip-client.js';

const HOST = '127.0.0.1';

export interface AnswerOptions {
  reason?: string;
  toTag?: string;
  headers?: string[];
  body?: string;
}

/** A phone behind the trunk that does as it is told, right or wrong: SIP over UDP, and no sound. */
export class FarPhone {
  readonly received: SipMessage[] = [];
  /** If set, every new call is taken at once, with this description. */
  answers: string | undefined;
  /** Told of every new call, to answer it. */
  onInvite: (invite: SipMessage) => void = () => {};
  readonly #socket: Socket;
  readonly #port: number;
  #gateway = 0;

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.#port = socket.address().port;
    socket.on('message', (data, from) => {
      this.#gateway = from.port;
      const text = data.toString();
      if (!text.trim() || this.received.some((earlier) => earlier.text === text)) return;
      const message = parseSip(text);
      this.received.push(message);
      // What any phone would answer by itself.
      if (message.method === 'INVITE' && this.answers !== undefined) this.answer(message, 200, { body: this.answers });
      if (message.method === 'INVITE') this.onInvite(message);
      if (message.method === 'BYE' || message.method === 'CANCEL') this.answer(message, 200, {});
    });
  }

  static async open(): Promise<FarPhone> {
    const socket = createSocket('udp4');
    socket.bind(0, HOST);
    await once(socket, 'listening');
    return new FarPhone(socket);
  }

  /** Its address, as a line names it. */
  address(user: string): string {
    return `sip:${user}@${HOST}:${this.#port}`;
  }

  /** Waits for a request of a call. */
  async gets(
    method: string,
    callId: string,
    which: (message: SipMessage) => boolean = () => true,
  ): Promise<SipMessage> {
    return await eventually(() => this.requests(method, callId).find((message) => which(message)), 8000);
  }

  requests(method: string, callId?: string): SipMessage[] {
    return this.received.filter(
      (message) => message.method === method && (callId === undefined || headerOf(message, 'call-id') === callId),
    );
  }

  answer(request: SipMessage, status: number, options: AnswerOptions = {}): void {
    const { reason = 'Whatever', toTag = 'far', headers = [], body } = options;
    this.#send(
      responseTo(request, status, reason, {
        toTag,
        headers: [
          `Contact: "Room 12" <${this.address('phone')}>;x=pbx7`,
          ...headers,
          ...(body === undefined ? [] : ['Content-Type: application/sdp']),
        ],
        ...(body !== undefined && { body }),
      }),
    );
  }

  /** A request of its own, within the call that this INVITE began and that it answered with `far`. */
  request(
    invite: SipMessage,
    method: string,
    options: { headers?: string[]; body?: string; cseq?: number } = {},
  ): void {
    const { headers = [], body = '', cseq = 1 } = options;
    const target = /<([^>]+)>/.exec(headerOf(invite, 'contact'))?.[1] ?? '';
    this.#send(
      [
        `${method} ${target} SIP/2.0`,
        `Via: SIP/2.0/UDP ${HOST}:${this.#port};branch=z9hG4bK${method}${cseq}${headerOf(invite, 'call-id')}`,
        'Max-Forwards: 70',
        `From: "Room 12" ${headerOf(invite, 'to')};tag=far`,
        `To: ${headerOf(invite, 'from')}`,
        `Call-ID: ${headerOf(invite, 'call-id')}`,
        `CSeq: ${cseq} ${method}`,
        `Contact: "Room 12" <${this.address('phone')}>;x=pbx7`,
        ...headersOf(invite, 'record-route').map((route) => `Route: ${route}`),
        ...headers,
        ...(body ? ['Content-Type: application/sdp'] : []),
        `Content-Length: ${Buffer.byteLength(body)}`,
        '',
        body,
      ].join('\r\n'),
    );
  }

  /** The final answer to a request of its own. */
  async final(callId: string, cseq: string): Promise<SipMessage> {
    return await eventually(() =>
      this.received.find(
        (message) =>
          (message.status ?? 0) >= 200 && headerOf(message, 'call-id') === callId && headerOf(message, 'cseq') === cseq,
      ),
    );
  }

  sendTo(port: number, text: string): void {
    this.#socket.send(text, port, HOST);
  }

  close(): void {
    this.#socket.close();
  }

  #send(text: string): void {
    this.sendTo(this.#gateway, text);
  }
}

/** What a telling phone describes itself with: each line but the needed ones says who or where it is. */
export function phoneAnswer(port = 40_000): string {
  return [
    'v=0',
    'o=pbx7 77 78 IN IP4 10.66.0.7',
    's=Room 12',
    'i=Extension 4711',
    'u=http://10.66.0.7/',
    'e=boss@pbx7.example',
    'c=IN IP4 127.0.0.1',
    't=0 0',
    'a=tool:baresip',
    `m=audio ${port} RTP/AVP 8 101`,
    'b=AS:64',
    'a=rtpmap:8 PCMA/8000',
    'a=rtpmap:101 telephone-event/8000',
    'a=fmtp:101 0-15',
    'a=label:room-12',
    'a=ssrc:11 cname:sip:4711@10.66.0.7',
    'a=x-room:12',
    'a=sendrecv',
    '',
  ].join('\r\n');
}

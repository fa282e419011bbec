import { createSocket } from 'node:dgram';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { headerOf, parseSip, responseTo, type SipMessage } from '../../../demo/stack/sip-message.js';

/** Begins the user part of everybody who can be called. No browser may ever read it. */
export const CALLEE_MARK = 'agent4711';

/**
 * Marks that the far side leaves wherever it can; each of them tells who or where it is, and no browser may read one. They
 * are long enough not to come about by chance in what hides the far side's addresses, or in a key of ICE.
 */
export const FAR_MARKS = [CALLEE_MARK, 'pbx7-nairobi', 'Room 12', '10.66.0.7', '+15550177'] as const;

const TELLTALE = [
  'Server: pbx7-nairobi',
  'User-Agent: pbx7-nairobi',
  'Organization: pbx7-nairobi',
  'Warning: 399 pbx7-nairobi "extension of Room 12"',
  'P-Asserted-Identity: "Room 12" <sip:+15550177@10.66.0.7>',
  'Remote-Party-ID: <sip:+15550177@10.66.0.7>;party=called',
  'Call-Info: <http://10.66.0.7/face.jpg>;purpose=icon',
  'Alert-Info: <http://10.66.0.7/ring.wav>',
  'Reply-To: <sip:+15550177@10.66.0.7>',
  'History-Info: <sip:+15550177@10.66.0.7>;index=1',
  'X-Node: 10.66.0.7',
];

/** One call that reached the far side. */
export interface Leg {
  invite: SipMessage;
  reply(status: number, options?: { reason?: string; headers?: string[]; body?: string; tag?: string }): void;
  /** A request of the far side within this call. */
  request(method: string, options?: { headers?: string[]; body?: string; cseq?: number }): void;
}

/** How whoever has this user part takes a call. */
export type Way = (leg: Leg) => void;

const rings: Way = (leg) => leg.reply(180);
const WAYS: Record<string, Way> = {
  busy: (leg) => leg.reply(486),
  rings,
  answers: (leg) => {
    leg.reply(180);
    leg.reply(200, { body: leg.invite.body.includes('UDP/TLS') ? leg.invite.body : answerSdp() });
  },
};

/** Who is called, or would be: it records all that leaves the gateway, and leaves {@link FAR_MARKS} in all it says. */
export class FarEnd {
  readonly received: SipMessage[] = [];
  /** Ways of calls in one test, by the last part of the user (`agent4711-<name>`). */
  readonly ways = new Map<string, Way>();
  readonly #tags = new Map<string, string>();
  readonly #ringing = new Map<string, SipMessage>();
  readonly #seen = new Set<string>();
  readonly #send: (text: string) => unknown;
  readonly #contact: (user: string) => string;

  private constructor(send: (text: string) => unknown, contact: (user: string) => string) {
    this.#send = send;
    this.#contact = contact;
  }

  /** A phone behind the trunk, by UDP. */
  static async udp(host: string): Promise<{ far: FarEnd; port: number; reach(port: number): void; close(): void }> {
    const socket = createSocket('udp4');
    let gateway = 0;
    let open = true;
    socket.bind(0, host);
    await once(socket, 'listening');
    const { port } = socket.address();
    const far = new FarEnd(
      (text) => open && socket.send(text, gateway, host),
      (user) => `sip:${user}@${host}:${port}`,
    );
    socket.on('message', (data, from) => {
      gateway = from.port;
      far.receive(data.toString());
    });
    const close = (): void => {
      open = false;
      socket.close();
    };
    return { far, port, reach: (trunk) => (gateway = trunk), close };
  }

  /** Browsers of the owner's desk, over one WebSocket. */
  static webSocket(send: (text: string) => void, host: string): FarEnd {
    return new FarEnd(send, (user) => `sip:${user}@${host};transport=ws`);
  }

  receive(text: string): void {
    if (!text.trim()) return;
    // Over UDP it may come again when the machine is busy; that is no second request (RFC 3261 section 17.1.1.2).
    if (this.#seen.has(text)) return;
    this.#seen.add(text);
    const message = parseSip(text);
    this.received.push(message);
    if (message.method === undefined || message.method === 'ACK') return;
    const branch = /branch=([^;,\s]+)/.exec(headerOf(message, 'via'))?.[1] ?? '';
    this.#answer(message, branch);
  }

  /** Requests of one method, in one call or in all. */
  requests(method: string, callId?: string): SipMessage[] {
    return this.received.filter(
      (message) => message.method === method && (callId === undefined || headerOf(message, 'call-id') === callId),
    );
  }

  /** Waits for a request of a call. */
  async gets(method: string, callId: string, count = 1, limitMs = 10_000): Promise<SipMessage> {
    for (const end = Date.now() + limitMs; Date.now() < end; await sleep(10)) {
      const found = this.requests(method, callId)[count - 1];
      if (found) return found;
    }
    throw new Error(`The far side got no ${method}`);
  }

  /** Sends anything at all. */
  send(text: string): void {
    this.#send(text);
  }

  #answer(message: SipMessage, branch: string): void {
    const callId = headerOf(message, 'call-id');
    if (message.method === 'INVITE' && !/;tag=/.test(headerOf(message, 'to'))) {
      this.#ringing.set(branch, message);
      const user = userOf(message);
      const name = user.replace(`${CALLEE_MARK}-`, '');
      (this.ways.get(name) ?? (Object.hasOwn(WAYS, name) ? WAYS[name] : undefined) ?? rings)(this.#leg(message, user));
    } else if (message.method === 'INVITE') {
      const body = message.body.includes('UDP/TLS') ? message.body : answerSdp();
      this.#reply(message, 200, { headers: [`Contact: <${this.#contact(userOf(message))}>`], body });
    } else if (message.method === 'CANCEL') {
      this.#reply(message, 200);
      const invite = this.#ringing.get(branch);
      if (invite) this.#reply(invite, 487);
    } else {
      this.#reply(message, this.#tags.has(callId) ? 200 : 481);
    }
  }

  #leg(invite: SipMessage, user: string): Leg {
    const contact = `Contact: <${this.#contact(user)}>`;
    return {
      invite,
      reply: (status, { reason, headers = [], body, tag } = {}) =>
        this.#reply(invite, status, {
          headers: [...headers, ...(status > 100 && status < 300 ? [contact] : [])],
          ...(reason !== undefined && { reason }),
          ...(body !== undefined && { body }),
          ...(tag !== undefined && { tag }),
        }),
      request: (method, { headers = [], body = '', cseq = 1 } = {}) => {
        const to = headerOf(invite, 'from');
        const from = `${headerOf(invite, 'to')};tag=${this.#tag(invite)}`;
        const target = /<([^>]+)>/.exec(headerOf(invite, 'contact'))?.[1] ?? '';
        const routes = invite.headers.filter(({ name }) => name.toLowerCase() === 'record-route');
        this.#send(
          [
            `${method} ${target} SIP/2.0`,
            `Via: SIP/2.0/${/transport=ws/.test(contact) ? 'WS' : 'UDP'} ${contact.replace(/.*@|[;>].*/g, '')};branch=z9hG4bK${randomBytes(6).toString('hex')}`,
            'Max-Forwards: 70',
            `From: ${from}`,
            `To: ${to}`,
            `Call-ID: ${headerOf(invite, 'call-id')}`,
            `CSeq: ${cseq} ${method}`,
            ...routes.map(({ value }) => `Route: ${value}`),
            contact,
            ...TELLTALE,
            ...headers,
            ...(body ? ['Content-Type: application/sdp'] : []),
            `Content-Length: ${Buffer.byteLength(body)}`,
            '',
            body,
          ].join('\r\n'),
        );
      },
    };
  }

  #reply(
    request: SipMessage,
    status: number,
    {
      reason = 'Said In Room 12 Of pbx7-nairobi',
      headers = [],
      body = '',
      tag = this.#tag(request),
    } = {} as Parameters<Leg['reply']>[1] & object,
  ): void {
    const type = body ? ['Content-Type: application/sdp'] : [];
    const options = { toTag: tag, headers: [...TELLTALE, ...headers, ...type], body };
    this.#send(responseTo(request, status, reason, options));
  }

  #tag(request: SipMessage): string {
    const callId = headerOf(request, 'call-id');
    const tag = this.#tags.get(callId) ?? randomBytes(5).toString('hex');
    // Only a call that came in as an INVITE has a dialog here.
    if (request.method === 'INVITE') this.#tags.set(callId, tag);
    return tag;
  }
}

export function userOf(message: SipMessage): string {
  return /^sips?:([^@;]+)@/.exec(message.uri ?? '')?.[1] ?? '';
}

/** Plain RTP, as a phone answers; nobody listens there. */
export function answerSdp(): string {
  const lines = [
    'v=0',
    'o=pbx7-nairobi 1 1 IN IP4 10.66.0.7',
    's=Room 12',
    'c=IN IP4 10.66.0.7',
    't=0 0',
    'a=tool:pbx7-nairobi',
  ];
  return [
    ...lines,
    'm=audio 40000 RTP/AVP 0 101',
    'a=rtpmap:101 telephone-event/8000',
    'a=label:pbx7-nairobi',
    '',
  ].join('\r\n');
}

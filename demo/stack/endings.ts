import { createSocket, type Socket } from 'node:dgram';
import { HOST } from './ports.js';
import { headerOf, parseSip, responseTo, type SipMessage } from './sip-message.js';

/** What is answered to an INVITE, by the user part of its URI. */
const ENDINGS: Record<string, { status: number; reason: string; headers?: string[] }> = {
  busy: { status: 486, reason: 'Extension 4711 Is Busy' },
  decline: { status: 603, reason: 'Boss Does Not Want' },
  unavailable: { status: 480, reason: 'Nobody In Room 12' },
  incompatible: { status: 488, reason: 'No Codec Of Phone 4711' },
  notfound: { status: 404, reason: 'No Such Extension On pbx7' },
  // Redirections and challenges are the trunk's business, never the browser's.
  redirect: { status: 302, reason: 'Moved Temporarily', headers: ['Contact: <sip:+15550100@127.0.0.9>'] },
  challenge: {
    status: 407,
    reason: 'Proxy Authentication Required',
    headers: ['Proxy-Authenticate: Digest realm="pbx7", nonce="x"'],
  },
};

/** How long somebody who is called needs to see who calls. */
const THINKING_MS = 200;

/**
 * The phones that never answer a call: a SIP endpoint over UDP, one address for each way in which a call ends without a
 * conversation. It keeps what it received, so that tests see what leaves the gateway.
 */
export class SipEndings {
  readonly received: SipMessage[] = [];
  readonly #socket: Socket = createSocket('udp4');
  readonly #ringing = new Map<string, SipMessage>();
  readonly #timers = new Set<NodeJS.Timeout>();

  async listen(port: number): Promise<void> {
    this.#socket.on('message', (data, from) => this.#receive(data.toString(), from.port));
    await new Promise<void>((resolve, reject) => {
      this.#socket.once('error', reject);
      this.#socket.bind(port, HOST, resolve);
    });
  }

  /** Requests for one phone, or in one call. */
  requests(filter: { method?: string; callId?: string; user?: string } = {}): SipMessage[] {
    return this.received.filter(
      (message) =>
        message.method !== undefined &&
        (filter.method === undefined || message.method === filter.method) &&
        (filter.callId === undefined || headerOf(message, 'call-id') === filter.callId) &&
        (filter.user === undefined || userOf(message) === filter.user),
    );
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#socket.close();
  }

  #receive(text: string, port: number): void {
    if (!text.trim()) return;
    const message = parseSip(text);
    // A retransmission is no second call (RFC 3261 section 17.2.1).
    const known = this.received.some((earlier) => earlier.text === text);
    this.received.push(message);
    const send = (response: string): void => this.#socket.send(response, port, HOST);
    const callId = headerOf(message, 'call-id');

    switch (message.method) {
      case 'INVITE':
        if (!known) this.#ring(message, callId, send);
        break;
      case 'CANCEL': {
        send(responseTo(message, 200, 'OK', { toTag: tagOf(callId) }));
        const invite = this.#ringing.get(callId);
        this.#ringing.delete(callId);
        if (invite) send(responseTo(invite, 487, 'Request Terminated', { toTag: tagOf(callId) }));
        break;
      }
      case 'OPTIONS':
        send(responseTo(message, 200, 'OK', { toTag: tagOf(callId) }));
        break;
      case 'ACK':
      case undefined:
        break;
      default:
        send(responseTo(message, 481, 'Call/Transaction Does Not Exist', { toTag: tagOf(callId) }));
    }
  }

  #ring(invite: SipMessage, callId: string, send: (response: string) => void): void {
    const user = userOf(invite);
    // Nobody at the other end of the line, not even a SIP stack.
    if (user === 'dead') return;
    const toTag = tagOf(callId);
    const contact = `Contact: <sip:${user}@${HOST}:${this.#socket.address().port}>`;
    send(responseTo(invite, 100, 'Trying'));
    send(responseTo(invite, 180, 'Ringing In Room 12', { toTag, headers: [contact, 'Server: pbx7'] }));
    this.#ringing.set(callId, invite);
    const ending = Object.hasOwn(ENDINGS, user) ? ENDINGS[user] : undefined;
    if (!ending) return;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      if (!this.#ringing.delete(callId)) return;
      const headers = ['Server: pbx7', ...(ending.headers ?? [])];
      send(responseTo(invite, ending.status, ending.reason, { toTag, headers }));
    }, THINKING_MS);
    this.#timers.add(timer);
  }
}

function userOf(message: SipMessage): string {
  return /^sips?:([^@;]+)@/.exec(message.uri ?? '')?.[1] ?? '';
}

/** The same for each answer within a call (RFC 3261 section 8.2.6.2). */
function tagOf(callId: string): string {
  return `end-${Buffer.from(callId).toString('hex').slice(0, 16)}`;
}

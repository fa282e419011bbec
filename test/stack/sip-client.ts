import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { headerOf, headersOf, parseSip, responseTo, type SipMessage } from '../../demo/stack/sip-message.js';
import type { StackAddresses } from '../../demo/stack/stack.js';

export { headerOf, headersOf, type SipMessage };

/** An offer as a browser makes it: audio only, ICE, a DTLS fingerprint. No browser is behind it, so no media flows. */
export function webrtcOffer(ufrag = randomBytes(3).toString('hex')): string {
  const fingerprint = [...randomBytes(32)].map((byte) => byte.toString(16).padStart(2, '0').toUpperCase()).join(':');
  return [
    'v=0',
    'o=- 4611731400430051336 2 IN IP4 127.0.0.1',
    's=-',
    't=0 0',
    'a=group:BUNDLE 0',
    'a=msid-semantic: WMS stream',
    'm=audio 50000 UDP/TLS/RTP/SAVPF 111 0 8 110 126',
    'c=IN IP4 127.0.0.1',
    'a=rtcp:9 IN IP4 0.0.0.0',
    'a=candidate:1 1 udp 2122260223 127.0.0.1 50000 typ host generation 0',
    `a=ice-ufrag:${ufrag}`,
    `a=ice-pwd:${randomBytes(12).toString('hex')}`,
    'a=ice-options:trickle',
    `a=fingerprint:sha-256 ${fingerprint}`,
    'a=setup:actpass',
    'a=mid:0',
    'a=sendrecv',
    'a=rtcp-mux',
    'a=rtpmap:111 opus/48000/2',
    'a=rtpmap:0 PCMU/8000',
    'a=rtpmap:8 PCMA/8000',
    'a=rtpmap:110 telephone-event/48000',
    'a=rtpmap:126 telephone-event/8000',
    '',
  ].join('\r\n');
}

export interface Grant {
  token: string;
  sip_uri: string;
}

/** What a client needs to know of a stack: anything that has these addresses can be tried. */
export interface Reachable {
  addresses: Pick<StackAddresses, 'page' | 'gateway_url' | 'token_url'>;
}

export async function fetchGrant(stack: Reachable, line: string, renew?: string): Promise<Grant> {
  const response = await fetch(stack.addresses.token_url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Origin: new URL(stack.addresses.page).origin },
    body: JSON.stringify({ line, ...(renew !== undefined && { renew }) }),
  });
  if (!response.ok) throw new Error(`token endpoint: ${response.status} ${await response.text()}`);
  return (await response.json()) as Grant;
}

export interface RequestOptions {
  uri?: string;
  token?: string;
  headers?: string[];
  body?: string;
  callId?: string;
  fromTag?: string;
  to?: string;
  from?: string;
  cseq?: number;
  branch?: string;
  /** Default: the address of the grant. */
  contact?: string;
}

/** Waits until a look finds something. */
export async function eventually<T>(look: () => T | undefined, limitMs = 5000): Promise<T> {
  const end = Date.now() + limitMs;
  for (;;) {
    const found = look();
    if (found !== undefined) return found;
    if (Date.now() > end) throw new Error(`Not within ${limitMs} ms`);
    await sleep(20);
  }
}

/** A SIP user agent over a WebSocket that does as it is told, right or wrong (RFC 7118). */
export class SipClient {
  readonly messages: SipMessage[] = [];
  readonly frames: string[] = [];
  /** What it said itself. */
  readonly said: string[] = [];
  readonly host = `${randomBytes(6).toString('hex')}.invalid`;
  readonly #socket: WebSocket;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('error', () => undefined);
    socket.on('message', (data: Buffer) => {
      const text = data.toString();
      this.frames.push(text);
      if (text.trim()) this.messages.push(parseSip(text));
    });
  }

  static async open(stack: Reachable, headers: Record<string, string> = {}): Promise<SipClient> {
    const origin = new URL(stack.addresses.page).origin;
    const socket = new WebSocket(stack.addresses.gateway_url, 'sip', {
      rejectUnauthorized: false,
      headers: { Origin: origin, ...headers },
    });
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    return new SipClient(socket);
  }

  /** For what is no SIP message in a text frame: pieces, bytes, the way a connection ends. */
  get socket(): WebSocket {
    return this.#socket;
  }

  send(text: string): void {
    this.said.push(text);
    this.#socket.send(text);
  }

  request(
    method: string,
    options: RequestOptions = {},
  ): { callId: string; fromTag: string; branch: string; text: string } {
    const {
      uri = 'sip:gateway.invalid',
      token,
      headers = [],
      body = '',
      callId = randomBytes(10).toString('hex'),
      fromTag = randomBytes(5).toString('hex'),
      cseq = 1,
      branch = `z9hG4bK${randomBytes(6).toString('hex')}`,
      from = '<sip:visitor@gateway.invalid>',
      to = '<sip:call@gateway.invalid>',
      contact = `<sip:visitor@${this.host};transport=ws;ob>`,
    } = options;
    const text = [
      `${method} ${uri} SIP/2.0`,
      `Via: SIP/2.0/WSS ${this.host};branch=${branch}`,
      'Max-Forwards: 69',
      `From: ${from};tag=${fromTag}`,
      `To: ${to}`,
      `Call-ID: ${callId}`,
      `CSeq: ${cseq} ${method}`,
      ...(contact ? [`Contact: ${contact}`] : []),
      ...(token === undefined ? [] : [`Authorization: Bearer ${token}`]),
      ...headers,
      ...(body ? ['Content-Type: application/sdp'] : []),
      `Content-Length: ${Buffer.byteLength(body)}`,
      '',
      body,
    ].join('\r\n');
    this.send(text);
    return { callId, fromTag, branch, text };
  }

  respond(request: SipMessage, status: number, reason: string, options: Parameters<typeof responseTo>[3] = {}): void {
    this.send(responseTo(request, status, reason, options));
  }

  /** Waits for the first message that matches, among those that came already too. */
  async waitFor(matches: (message: SipMessage) => boolean, limitMs = 8000): Promise<SipMessage> {
    const end = Date.now() + limitMs;
    for (;;) {
      const found = this.messages.find(matches);
      if (found) return found;
      if (Date.now() > end) {
        throw new Error(`Not received; but: ${this.messages.map(({ start }) => start).join(', ') || 'nothing'}`);
      }
      await sleep(10);
    }
  }

  /** The final answer to a request. */
  async final(callId: string, cseq: string, limitMs?: number): Promise<SipMessage> {
    return await this.waitFor(
      (message) =>
        (message.status ?? 0) >= 200 && headerOf(message, 'call-id') === callId && headerOf(message, 'cseq') === cseq,
      limitMs,
    );
  }

  close(): void {
    this.#socket.terminate();
  }
}

import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocket } from 'ws';
import { HOST } from '../../demo/stack/ports.js';
import { headerOf, headersOf, parseSip, responseTo, type SipMessage } from '../../demo/stack/sip-message.js';
import { phoneAnswer } from '../stack/far-phone.js';
import { webrtcOffer } from '../stack/sip-client.js';

/** The moments of one call that is set up, in milliseconds since the INVITE was sent; in the order in which they come. */
export interface Moments {
  /** 100 Trying: the INVITE was read and checked. */
  trying?: number;
  /** The hook was asked. */
  asked?: number;
  /** The hook had answered. */
  judged?: number;
  /** The phone has the INVITE; it rings and answers at once. */
  phone?: number;
  ringing?: number;
  answered: number;
}

/** What everybody in a call tells of it, by Call-ID. */
const calls = new Map<string, { began: number; moments: Partial<Moments> }>();

function note(callId: string, moment: keyof Moments): void {
  const call = calls.get(callId);
  if (call) call.moments[moment] ??= performance.now() - call.began;
}

/** A phone behind the trunk that takes every call at once; what it is called is what a line names. */
export async function openPhone(): Promise<{ callee: string; close(): void }> {
  const socket = createSocket('udp4');
  socket.bind(0, HOST);
  await once(socket, 'listening');
  const callee = `sip:agent@${HOST}:${socket.address().port}`;
  const contact = `Contact: <${callee}>`;
  const body = phoneAnswer();
  socket.on('message', (data, from) => {
    const message = parseSip(data.toString());
    const { method } = message;
    const say = (status: number, headers: string[], description?: string): void => {
      const options = { toTag: 'far', headers, ...(description !== undefined && { body: description }) };
      socket.send(responseTo(message, status, 'Whatever', options), from.port, from.address);
    };
    if (method === 'INVITE') {
      note(headerOf(message, 'call-id'), 'phone');
      say(180, [contact]);
      say(200, [contact, 'Content-Type: application/sdp'], body);
    } else if (method === 'BYE') say(200, []);
  });
  return { callee, close: () => void socket.close() };
}

/** A hook that lets every call through to one callee. */
export async function openHook(callee: string): Promise<{ url: string; answer: object; close(): void }> {
  const answer = { callee, caller_id: '+254700000001', sid: 'session', expires: 300 };
  const text = JSON.stringify(answer);
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (!request.url?.endsWith('/call')) {
        response.writeHead(204).end();
        return;
      }
      const { call_id: callId } = JSON.parse(Buffer.concat(chunks).toString()) as { call_id: string };
      note(callId, 'asked');
      response.writeHead(200, { 'Content-Type': 'application/json' }).end(text);
      note(callId, 'judged');
    });
  });
  server.listen(0, HOST);
  await once(server, 'listening');
  const close = (): void => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://${HOST}:${(server.address() as AddressInfo).port}/hook`, answer, close };
}

/** A browser's side of SIP, over one WebSocket, for many calls. It waits for messages and polls nothing. */
export class Caller {
  readonly #socket: WebSocket;
  readonly #host = `${randomBytes(6).toString('hex')}.invalid`;
  /** Who waits for a final answer, by Call-ID and CSeq. */
  readonly #waiting = new Map<string, (message: SipMessage) => void>();

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data: Buffer) => this.#heard(data.toString()));
  }

  static async open(url: string): Promise<Caller> {
    const socket = new WebSocket(url, 'sip', {
      rejectUnauthorized: false,
      headers: { Origin: 'https://shop.example' },
    });
    await once(socket, 'open');
    return new Caller(socket);
  }

  close(): void {
    this.#socket.terminate();
  }

  /** One call: INVITE, 200, ACK, BYE, 200. */
  async call(): Promise<Moments> {
    const callId = randomBytes(10).toString('hex');
    const fromTag = randomBytes(5).toString('hex');
    const first = { callId, fromTag, to: '<sip:call@gateway.invalid>', uri: 'sip:gateway.invalid' };
    const body = webrtcOffer();
    const moments: Partial<Moments> = {};
    calls.set(callId, { began: performance.now(), moments });
    try {
      const headers = ['Authorization: Bearer token', 'Content-Type: application/sdp'];
      const answer = await this.#ask('INVITE', 1, { ...first, headers, body });
      note(callId, 'answered');
      if (answer.status !== 200) throw new Error(answer.start);
      const dialog = {
        ...first,
        to: headerOf(answer, 'to'),
        uri: /<([^>]+)>/.exec(headerOf(answer, 'contact'))?.[1] ?? '',
        headers: headersOf(answer, 'record-route')
          .map((route) => `Route: ${route}`)
          .reverse(),
        body: '',
      };
      this.#send('ACK', 1, dialog);
      await this.#ask('BYE', 2, dialog);
      return moments as Moments;
    } finally {
      calls.delete(callId);
    }
  }

  #ask(method: string, cseq: number, request: Request): Promise<SipMessage> {
    const name = `${request.callId} ${cseq} ${method}`;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(name);
        reject(new Error(`No answer to ${method}`));
      }, 20_000);
      this.#waiting.set(name, (message) => {
        clearTimeout(timer);
        resolve(message);
      });
      this.#send(method, cseq, request);
    });
  }

  #send(method: string, cseq: number, { callId, fromTag, to, uri, headers, body }: Request): void {
    const lines = [
      `${method} ${uri} SIP/2.0`,
      `Via: SIP/2.0/WSS ${this.#host};branch=z9hG4bK${randomBytes(6).toString('hex')}`,
      'Max-Forwards: 69',
      `From: <sip:visitor@gateway.invalid>;tag=${fromTag}`,
      `To: ${to}`,
      `Call-ID: ${callId}`,
      `CSeq: ${cseq} ${method}`,
      `Contact: <sip:visitor@${this.#host};transport=ws;ob>`,
      ...headers,
      `Content-Length: ${Buffer.byteLength(body)}`,
    ];
    this.#socket.send(`${lines.join('\r\n')}\r\n\r\n${body}`);
  }

  #heard(text: string): void {
    if (!text.startsWith('SIP/2.0 ')) return;
    const message = parseSip(text);
    const callId = headerOf(message, 'call-id');
    const { status = 0 } = message;
    if (status === 100) note(callId, 'trying');
    else if (status < 200) note(callId, 'ringing');
    else {
      const name = `${callId} ${headerOf(message, 'cseq')}`;
      this.#waiting.get(name)?.(message);
      this.#waiting.delete(name);
    }
  }
}

interface Request {
  callId: string;
  fromTag: string;
  to: string;
  uri: string;
  headers: string[];
  body: string;
}

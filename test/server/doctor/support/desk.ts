import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { headerOf, parseSip, responseTo, type SipMessage } from '../../../../demo/stack/sip-message.js';

/** A phone of the owner: it is registered at the gateway, rings when it is called, and answers if it is told to. */
export class Desk {
  /** Methods of what it was sent. */
  readonly received: string[] = [];
  readonly #socket: WebSocket;
  readonly #ringing = new Map<string, SipMessage>();
  readonly #answers: boolean;
  #registered: (status: number) => void = () => undefined;

  private constructor(socket: WebSocket, answers: boolean) {
    this.#socket = socket;
    this.#answers = answers;
    socket.on('error', () => undefined);
    socket.on('message', (data: Buffer) => this.#receive(parseSip(data.toString())));
  }

  static async open(url: string, origin: string, answers = false): Promise<Desk> {
    const socket = new WebSocket(url, 'sip', { origin, rejectUnauthorized: false });
    await once(socket, 'open');
    return new Desk(socket, answers);
  }

  /** @param address such as `sip:desk@gateway.example` */
  async register(address: string, token: string): Promise<void> {
    const host = `${randomBytes(6).toString('hex')}.invalid`;
    const [, domain = ''] = address.split('@');
    const status = new Promise<number>((resolve) => (this.#registered = resolve));
    this.#socket.send(
      [
        `REGISTER sip:${domain} SIP/2.0`,
        `Via: SIP/2.0/WSS ${host};branch=z9hG4bK${randomBytes(6).toString('hex')}`,
        'Max-Forwards: 70',
        `From: <${address}>;tag=desk`,
        `To: <${address}>`,
        `Call-ID: ${randomBytes(8).toString('hex')}`,
        'CSeq: 1 REGISTER',
        `Contact: <sip:desk@${host};transport=ws>`,
        `Authorization: Bearer ${token}`,
        'Content-Length: 0',
        '',
        '',
      ].join('\r\n'),
    );
    if ((await status) !== 200) throw new Error(`The desk is not registered: ${await status}`);
  }

  close(): void {
    this.#socket.terminate();
  }

  #receive(message: SipMessage): void {
    if (message.status !== undefined) {
      this.#registered(message.status);
      return;
    }
    const { method = '' } = message;
    this.received.push(method);
    const callId = headerOf(message, 'call-id');
    const reply = (request: SipMessage, status: number, reason: string, body = ''): void => {
      const headers = [
        `Contact: <sip:desk@desk.invalid;transport=ws>`,
        ...(body ? ['Content-Type: application/sdp'] : []),
      ];
      this.#socket.send(responseTo(request, status, reason, { toTag: 'desk', headers, body }));
    };
    if (method === 'INVITE') {
      this.#ringing.set(callId, message);
      reply(message, 180, 'Ringing');
      if (this.#answers) reply(message, 200, 'OK', message.body);
    } else if (method !== 'ACK') {
      reply(message, 200, 'OK');
      const invite = this.#ringing.get(callId);
      if (method === 'CANCEL' && invite) reply(invite, 487, 'Request Terminated');
    }
  }
}

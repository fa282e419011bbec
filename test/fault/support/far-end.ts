import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { HOST } from '../../../demo/stack/ports.js';
import { headerOf, parseSip, type SipMessage } from '../../../demo/stack/sip-message.js';
import { FarCall } from './far-call.js';
import { FarVoice } from './far-voice.js';
import type { CallsOfPhone } from './traces.js';

/** How long it lets a call ring that nobody gives orders for (ms). */
const RINGS_MS = 200;
const PATIENCE_MS = 20_000;

/**
 * What stands behind the trunk: SIP over UDP with sound, and does as it is told, right or wrong. A call that nobody waits
 * for is answered as a friendly phone would.
 */
export class FarEnd implements CallsOfPhone {
  readonly calls: FarCall[] = [];
  readonly #socket: Socket;
  readonly #awaited = new Map<string, (call: FarCall) => void>();

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('message', (data, from) => {
      const text = data.toString();
      if (text.trim()) void this.#receive(parseSip(text), from.port);
    });
  }

  static async open(): Promise<FarEnd> {
    const socket = createSocket('udp4');
    socket.bind(0, HOST);
    await once(socket, 'listening');
    // Where no fault of a file is wanted, nobody closes it.
    socket.unref();
    return new FarEnd(socket);
  }

  /** Its address, as a line names it. */
  address(user: string): string {
    return `sip:${user}@${HOST}:${this.#socket.address().port}`;
  }

  incoming(): number {
    return this.calls.length;
  }

  events(): readonly { type: string }[] {
    return this.calls.filter(({ over }) => over).map(() => ({ type: 'CALL_CLOSED' }));
  }

  /** The next call for this user; it is whoever waits for it that says what happens. */
  awaits(user: string): Promise<FarCall> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#awaited.delete(user);
        reject(new Error(`no call came for ${user}`));
      }, PATIENCE_MS);
      this.#awaited.set(user, (call) => {
        clearTimeout(timer);
        resolve(call);
      });
    });
  }

  close(): void {
    for (const call of this.calls) call.close();
    this.#socket.close();
  }

  async #receive(message: SipMessage, port: number): Promise<void> {
    const callId = headerOf(message, 'call-id');
    const call = this.calls.find((one) => one.callId === callId);
    if (call) return call.receive(message);
    if (message.method !== 'INVITE') return;
    const user = /^sips?:([^@;]+)@/.exec(message.uri ?? '')?.[1] ?? '';
    await this.#ring(message, user, port);
  }

  async #ring(invite: SipMessage, user: string, port: number): Promise<void> {
    const voice = await FarVoice.open();
    const call = new FarCall(invite, this.address(user), voice, (text) => this.#socket.send(text, port, HOST));
    this.calls.push(call);
    const awaited = this.#awaited.get(user);
    this.#awaited.delete(user);
    if (awaited) return awaited(call);
    call.ring();
    setTimeout(() => {
      if (!call.over) call.answer();
    }, RINGS_MS);
  }
}

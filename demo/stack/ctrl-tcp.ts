import { connect, type Socket } from 'node:net';
import { HOST } from './ports.js';

/** What baresip tells of a call, as its module ctrl_tcp writes it. */
export interface PhoneEvent {
  class: string;
  type: string;
  accountaor?: string;
  direction?: string;
  peeruri?: string;
  id?: string;
  param?: string;
}

/** baresip's remote control: JSON in netstrings (`<length>:<bytes>,`) over TCP. */
export class CtrlTcp {
  readonly #socket: Socket;
  readonly #onEvent: (event: PhoneEvent) => void;
  readonly #waiting = new Map<string, (answer: { ok: boolean; data: string }) => void>();
  #buffer = Buffer.alloc(0);
  #tokens = 0;

  private constructor(socket: Socket, onEvent: (event: PhoneEvent) => void) {
    this.#socket = socket;
    this.#onEvent = onEvent;
    socket.on('data', (chunk) => this.#read(chunk));
    // A phone that went away is reported by its process; here it only means that nobody answers any more.
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      for (const settle of this.#waiting.values()) settle({ ok: false, data: 'closed' });
      this.#waiting.clear();
    });
  }

  static async open(port: number, onEvent: (event: PhoneEvent) => void): Promise<CtrlTcp> {
    const socket = connect(port, HOST);
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    return new CtrlTcp(socket, onEvent);
  }

  /** Runs one of baresip's commands, such as `dial`. */
  async run(command: string, params = ''): Promise<string> {
    this.#tokens += 1;
    const token = String(this.#tokens);
    const text = JSON.stringify({ command, params, token });
    const answer = await new Promise<{ ok: boolean; data: string }>((resolve) => {
      if (this.#socket.destroyed) {
        resolve({ ok: false, data: 'closed' });
        return;
      }
      this.#waiting.set(token, resolve);
      this.#socket.write(`${Buffer.byteLength(text)}:${text},`);
    });
    if (!answer.ok) throw new Error(`baresip refused "${command}": ${answer.data}`);
    return answer.data;
  }

  close(): void {
    this.#socket.destroy();
  }

  #read(chunk: Buffer): void {
    this.#buffer = Buffer.concat([this.#buffer, chunk]);
    for (;;) {
      const colon = this.#buffer.indexOf(':');
      const length = Number(this.#buffer.subarray(0, colon).toString());
      if (colon < 0 || this.#buffer.length < colon + length + 2) return;
      const text = this.#buffer.subarray(colon + 1, colon + 1 + length).toString();
      this.#buffer = this.#buffer.subarray(colon + length + 2);
      const message = JSON.parse(text) as PhoneEvent & { event?: boolean; ok?: boolean; data?: string; token?: string };
      if (message.event) {
        this.#onEvent(message);
      } else if (message.token !== undefined) {
        this.#waiting.get(message.token)?.({ ok: message.ok === true, data: message.data ?? '' });
        this.#waiting.delete(message.token);
      }
    }
  }
}

import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

/** What is done with a connection to answer: bytes that are sent, a pause (ms), or an end of it. */
export type Step = Buffer | number | 'close' | 'reset';

/** A question of the gateway. */
export interface Question {
  /** `call`, `connect` and so on. */
  action: string;
  body: Record<string, unknown>;
  /** What the gateway proved itself with. */
  secret: string;
}

/** The truth, as any backend would send it. */
export function honest(status: number, body?: unknown): Step[] {
  const text = body === undefined ? '' : JSON.stringify(body);
  return [
    Buffer.from(
      `HTTP/1.1 ${status} Whatever\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
    ),
  ];
}

/** A backend that answers byte by byte as it is told, which is nothing that an HTTP server would let it do. */
export class LyingHook {
  readonly url: string;
  /** How many questions came, reports included. */
  asked = 0;
  /** What to answer. */
  answer: (question: Question) => readonly Step[] = () => honest(204);
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server) {
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
    server.on('connection', (socket) => this.#serve(socket));
  }

  static async start(): Promise<LyingHook> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new LyingHook(server);
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => this.#sockets.delete(socket));
    let received = '';
    socket.setEncoding('latin1').on('data', (text: string) => {
      received += text;
      const head = received.indexOf('\r\n\r\n');
      const length = Number(/^Content-Length: (\d+)/im.exec(received)?.[1] ?? 0);
      if (head < 0 || received.length < head + 4 + length) return;
      const question = {
        action: /^POST \S*\/(\w+) /.exec(received)?.[1] ?? '',
        body: JSON.parse(received.slice(head + 4, head + 4 + length)) as Record<string, unknown>,
        secret: /^Authorization: Bearer (\S+)/im.exec(received)?.[1] ?? '',
      };
      received = received.slice(head + 4 + length);
      this.asked++;
      void say(socket, this.answer(question));
    });
  }
}

async function say(socket: Socket, steps: readonly Step[]): Promise<void> {
  for (const step of steps) {
    if (socket.destroyed) return;
    if (typeof step === 'number') await sleep(step);
    else if (step === 'reset') socket.resetAndDestroy();
    else if (step === 'close') socket.end();
    else socket.write(step);
  }
}

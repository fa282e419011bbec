import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HOST } from '../../../demo/stack/ports.js';

/** What a token endpoint does instead of answering as it should. */
export interface Trouble {
  /** What it waits for before it answers. */
  until?: Promise<unknown>;
  /** What it says; without a body, what the real endpoint says, after all. */
  status?: number;
  headers?: Record<string, string>;
  body?: string;
  /** Never says anything. */
  hangs?: boolean;
  /** Closes the connection in place of an answer. */
  cuts?: boolean;
}

const readAll = async (request: IncomingMessage): Promise<string> =>
  (await request.setEncoding('utf8').toArray()).join('');

/** A token endpoint in front of the stack's, on an origin of its own, which has whatever trouble a test wants. */
export class TokenDesk {
  readonly #endpoint: string;
  readonly #port: number;
  #server: Server;
  /** From now on; `undefined` where all is well. */
  trouble: Trouble | undefined;
  /** What was asked, in order: bodies of requests. */
  readonly asked: { renew?: string }[] = [];

  private constructor(endpoint: string, server: Server, port: number) {
    this.#endpoint = endpoint;
    this.#server = server;
    this.#port = port;
  }

  /** @param endpoint the real one, which it leads to */
  static async open(endpoint: string): Promise<TokenDesk> {
    const server = await listen(0);
    const desk = new TokenDesk(endpoint, server, (server.address() as AddressInfo).port);
    desk.#serve();
    return desk;
  }

  get url(): string {
    return `http://${HOST}:${this.#port}/token`;
  }

  /** Nobody listens any more: whoever comes is refused. */
  async shut(): Promise<void> {
    if (!this.#server.listening) return;
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** All is well again. */
  async reopen(): Promise<void> {
    this.trouble = undefined;
    if (this.#server.listening) return;
    this.#server = await listen(this.#port);
    this.#serve();
  }

  close(): Promise<void> {
    return this.shut();
  }

  #serve(): void {
    this.#server.on('request', (request, response) => {
      // Whoever went away needs no answer.
      void this.#answer(request, response).catch(() => response.destroy());
    });
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const origin = request.headers.origin ?? '*';
    const allowed = { 'Access-Control-Allow-Origin': origin, 'Access-Control-Allow-Headers': 'Content-Type' };
    if (request.method === 'OPTIONS') return void response.writeHead(204, allowed).end();
    const sent = await readAll(request);
    this.asked.push(JSON.parse(sent) as { renew?: string });
    const { until, status = 200, headers, body, hangs, cuts } = this.trouble ?? {};
    if (hangs) return;
    if (cuts) return void response.destroy();
    await until;
    if (body !== undefined) return void response.writeHead(status, { ...allowed, ...headers }).end(body);
    const answer = await fetch(this.#endpoint, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Origin: origin },
      body: sent,
    });
    const type = answer.headers.get('Content-Type') ?? '';
    response.writeHead(answer.status, { ...allowed, 'Content-Type': type }).end(await answer.text());
  }
}

async function listen(port: number): Promise<Server> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, HOST, resolve);
  });
  return server;
}

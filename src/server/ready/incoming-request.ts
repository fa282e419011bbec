import type { IncomingMessage } from 'node:http';
import { rememberPeer } from '../client-address.js';
import { Refusal } from '../http.js';
import { toRequest } from '../node-listener.js';

/**
 * The part of a `Request` that our own handlers ask for, straight from Node: to make a real one costs more than to mint a
 * token. A handler of somebody else would need `toNodeListener`.
 */
class IncomingRequest implements Pick<Request, 'method' | 'url' | 'body' | 'text'> {
  readonly method: string;
  readonly headers: Pick<Headers, 'get'>;
  readonly #incoming: IncomingMessage;

  constructor(incoming: IncomingMessage) {
    this.method = incoming.method ?? 'GET';
    this.headers = new IncomingHeaders(incoming);
    this.#incoming = incoming;
  }

  get url(): string {
    const url = `http://${this.#incoming.headers.host ?? 'localhost'}${this.#incoming.url ?? '/'}`;
    if (!URL.canParse(url)) throw new Refusal(400, 'bad-request');
    return url;
  }

  /** Rarely needed: a body whose length was not declared is counted as it comes. */
  get body(): Request['body'] {
    return toRequest(this.#incoming, new AbortController().signal).body;
  }

  text(): Promise<string> {
    const incoming = this.#incoming;
    return new Promise((resolve, reject) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.once('end', () => resolve(Buffer.concat(chunks).toString()));
      incoming.once('close', () => {
        if (!incoming.complete) reject(new Refusal(400, 'bad-request'));
      });
    });
  }
}

class IncomingHeaders implements Pick<Headers, 'get'> {
  readonly #incoming: IncomingMessage;

  constructor(incoming: IncomingMessage) {
    this.#incoming = incoming;
  }

  get(name: string): string | null {
    return this.#incoming.headers[name.toLowerCase()]?.toString() ?? null;
  }
}

/** A request of `node:http` for our own handlers, which ask for nothing that it has not. */
export function incomingRequest(incoming: IncomingMessage): Request {
  const request = new IncomingRequest(incoming) as unknown as Request;
  rememberPeer(request, incoming.socket.remoteAddress);
  return request;
}

import { readFile } from 'node:fs/promises';
import { createServer, request as ask, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename } from 'node:path';
import { at } from '../../../build/shared-config.js';

const TYPES: Readonly<Record<string, string>> = { js: 'text/javascript', css: 'text/css', html: 'text/html' };

/** What a content delivery network that somebody has broken into, or that is ill, sends in the place of a file. */
type Change = (text: string) => string | undefined;

/** A shop whose pages allow little, and the other origin that its script comes from. */
export class StrictSite {
  /** The shop's origin; it has the built files too, for the page of a link that calls. */
  readonly shop: string;
  /** The origin of the script, which has every file in every folder. */
  readonly cdn: string;
  /** Pages by their path, with their policy. */
  readonly pages = new Map<string, { policy: string; html: string }>();
  /** What the other origin was asked for, without the folders. */
  readonly asked: string[] = [];
  /** Where grants come from. */
  tokenUrl = '';
  readonly #changes = new Map<string, Change>();
  readonly #servers: Server[];

  private constructor(shop: Server, cdn: Server) {
    this.#servers = [shop, cdn];
    this.shop = originOf(shop);
    this.cdn = originOf(cdn);
    shop.on('request', (request: IncomingMessage, response: ServerResponse) => void this.#shop(request, response));
    cdn.on('request', (request: IncomingMessage, response: ServerResponse) => void this.#cdn(request, response));
  }

  static async start(): Promise<StrictSite> {
    const servers = [createServer(), createServer()] as const;
    await Promise.all(
      servers.map((server) => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))),
    );
    return new StrictSite(...servers);
  }

  /** Sends something else from now on. @param change gives the text, or nothing for a server that fails */
  change(file: string, change: Change): void {
    this.#changes.set(file, change);
  }

  /** As if nothing had been. */
  reset(): void {
    this.#changes.clear();
    this.pages.clear();
    this.asked.length = 0;
  }

  async stop(): Promise<void> {
    for (const server of this.#servers) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  }

  async #shop(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url!, this.shop);
    const page = this.pages.get(pathname);
    if (pathname === '/api/sip-token') {
      const { method, headers } = request;
      const forwarded = ask(this.tokenUrl, { method: method!, headers }, (answer) => {
        response.writeHead(answer.statusCode!, answer.headers);
        answer.pipe(response);
      });
      request.pipe(forwarded.on('error', () => response.destroy()));
    } else if (page) {
      response
        .writeHead(200, {
          'Content-Type': 'text/html; charset=utf-8',
          'Content-Security-Policy': page.policy,
          // No script without a hash, in browsers that know this.
          'Integrity-Policy': 'blocked-destinations=(script)',
        })
        .end(page.html);
    } else await sendFile(basename(pathname), response);
  }

  async #cdn(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, search } = new URL(request.url!, this.cdn);
    const file = basename(pathname);
    const page = this.pages.get(pathname);
    if (page) {
      response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end(page.html);
      return;
    }
    this.asked.push(file + search);
    response.setHeader('Access-Control-Allow-Origin', '*');
    await sendFile(file, response, this.#changes.get(file));
  }
}

async function sendFile(file: string, response: ServerResponse, change?: Change): Promise<void> {
  const text = await readFile(at(`dist/cdn/${file}`), 'utf8').catch(() => undefined);
  if (text === undefined) {
    response.writeHead(404).end();
    return;
  }
  const sent = change ? change(text) : text;
  const type = TYPES[file.split('.').at(-1)!] ?? 'text/plain';
  if (sent === undefined) response.writeHead(503).end();
  else response.writeHead(200, { 'Content-Type': `${type}; charset=utf-8` }).end(sent);
}

const originOf = (server: Server): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

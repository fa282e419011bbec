import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import {
  createHookHandler,
  createMemoryGrantStore,
  createSigner,
  createStatusHandler,
  createTokenHandler,
  toNodeListener,
} from '../../../src/server/index.js';
import { startGateway } from '../../../demo/gateway/gateway.js';
import { ROOT } from './documents.js';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
};
const DOMAIN = 'localhost';

export interface ServedPage {
  html: string;
  headers?: Readonly<Record<string, string>>;
}

/**
 * The owner's house in the documents, on this machine: files, endpoints and embedded gateway at one origin, and pages of
 * somebody else's system at another one.
 */
export interface House {
  /** Where the built files, the endpoints and the gateway are. */
  origin: string;
  /** Puts this house in the place of the addresses that documents use. */
  housed(code: string): string;
  /** Serves a page at the other origin. @returns its address */
  show(page: ServedPage): string;
  /** Serves a page at the owner's own origin, under a path. */
  own(path: string, page: ServedPage): void;
  stop(): Promise<void>;
}

export async function startHouse(): Promise<House> {
  const [house, elsewhere] = [createServer(), createServer()];
  const [origin, stranger] = [await listen(house), await listen(elsewhere)];
  const gatewayUrl = `${origin.replace('http', 'ws')}/sip`;
  const allowedOrigins = [origin, stranger];
  const desk = { callee: `sip:desk@${DOMAIN}`, callerId: `sip:visitor@${DOMAIN}` };
  const lines = { sales: desk, support: desk };
  const grants = createMemoryGrantStore();
  const shared = {
    lines,
    grants,
    domain: DOMAIN,
    mint: createSigner({ key: randomBytes(32) }),
    gatewayUrl,
    allowedOrigins,
  };
  const endpoints: Record<string, RequestListener> = {
    '/api/sip-token': toNodeListener(createTokenHandler(shared)),
    '/api/desk-token': toNodeListener(createTokenHandler({ ...shared, scope: ['receive'], subject: () => 'desk' })),
    '/api/status': toNodeListener(createStatusHandler({ lines })),
  };
  const secret = randomBytes(32).toString('hex');
  const gateway = startGateway({
    server: house,
    secret,
    domain: DOMAIN,
    allowedOrigins,
    hook: createHookHandler({ lines, grants, secret }),
  });

  const pages = new Map<string, ServedPage>();
  let count = 0;
  const serve: RequestListener = (request, response) => {
    const { pathname } = new URL(request.url ?? '/', origin);
    const endpoint = endpoints[pathname];
    if (endpoint) return endpoint(request, response);
    const page = pages.get(pathname);
    if (page) {
      response.writeHead(200, { 'Content-Type': TYPES['.html'], ...page.headers });
      return response.end(page.html);
    }
    const path = pathname.startsWith('/cdn/')
      ? `/dist${pathname}`
      : pathname === '/pages/desk.html'
        ? `/test/journey${pathname}`
        : // The page behind a link, and what lies beside it.
          /^\/(call\.html|sautikit-[^/]+)$/.test(pathname)
          ? `/dist/cdn${pathname}`
          : pathname;
    const file = join(ROOT, normalize(path));
    const type = TYPES[extname(file)];
    const known = /^\/(dist|test\/journey\/pages)\//.test(path) || path === '/src/snippet.css';
    if (!known || !type || !existsSync(file)) return response.writeHead(404).end();
    // Files of a CDN may be read by pages of every origin.
    response.writeHead(200, { 'Content-Type': type, 'Access-Control-Allow-Origin': '*' });
    createReadStream(file).pipe(response);
  };
  house.on('request', serve);
  elsewhere.on('request', serve);

  return {
    origin,
    housed: (code) =>
      code
        .replace(
          /(cdn\.example\/([\w.-]+)"\s+integrity=")sha384-…/g,
          (_, before: string, name: string) => before + hashOf(name),
        )
        .replaceAll('https://cdn.example/', `${origin}/cdn/`)
        .replaceAll('https://cdn.example', origin)
        .replaceAll('https://shop.example', origin)
        .replaceAll('wss://gateway.example', origin.replace('http', 'ws')),
    show(page) {
      const path = `/shown/${(count += 1)}`;
      pages.set(path, page);
      return `${stranger}${path}`;
    },
    own: (path, page) => void pages.set(path, page),
    async stop() {
      await gateway.stop();
      await Promise.all([house, elsewhere].map(close));
    },
  };
}

/** The hash that a tag of a built file has. */
const hashOf = (name: string): string =>
  `sha384-${createHash('sha384')
    .update(readFileSync(join(ROOT, 'dist/cdn', name)))
    .digest('base64')}`;

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://localhost:${(server.address() as AddressInfo).port}`;
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

import { randomBytes } from 'node:crypto';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';
import {
  createAltchaCheck,
  createHookHandler,
  createLimits,
  createMemoryGrantStore,
  createSigner,
  createStatusHandler,
  createTokenHandler,
  toNodeListener,
  type CallEvent,
} from '../src/server/index.js';
import { startGateway } from './gateway/gateway.js';
import { demoLines, DESK } from './lines.js';

export interface DemoOptions {
  /** Default: 5173. 0 takes any that is free. */
  port?: number;
  /** Whether the pages are served, beside the token endpoints and the gateway. Default: true. */
  pages?: boolean;
  /** How long an answered call waits for a side that lost its connection, in seconds. Default: 60. */
  grace?: number;
  /** Told of answered and ended calls. */
  onEvent?: (event: CallEvent) => void;
}

export interface Demo {
  /** Address of the front page. */
  url: string;
  /** Where the visitor's button gets its grant. */
  tokenUrl: string;
  /** Where the desk gets its grant. */
  deskTokenUrl: string;
  gatewayUrl: string;
  /** Ends everything that was started, also with calls and sockets open. */
  stop(): Promise<void>;
}

/** This machine and nobody else's. */
const ADDRESS = '127.0.0.1';
const LOCAL_HOSTS = ['localhost', ADDRESS];
const DOMAIN = 'localhost';
const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Starts the whole demo in this process: pages, token endpoints, and the gateway, on one port. */
export async function startDemo({ port = 5173, pages = true, grace = 60, onEvent }: DemoOptions = {}): Promise<Demo> {
  // The port first: if it is taken, nothing else has been started.
  let listener: RequestListener = (_request, response) => void response.writeHead(503).end();
  const server = createServer((request, response) => listener(request, response));
  const bound = await listen(server, port);
  const origin = `http://localhost:${bound}`;

  const lines = demoLines(DOMAIN);
  const grants = createMemoryGrantStore();
  const limits = createLimits();
  const shared = {
    lines,
    grants,
    limits,
    challenge: createAltchaCheck({ secret: randomBytes(32).toString('hex') }),
    mint: createSigner({ key: randomBytes(32) }),
    domain: DOMAIN,
    gatewayUrl: (request: Request) => gatewayUrlFor(request, bound),
    allowedOrigins: LOCAL_HOSTS.map((host) => `http://${host}:${bound}`),
  };
  const endpoints: Record<string, RequestListener> = {
    '/api/sip-token': toNodeListener(createTokenHandler({ ...shared, context: ['campaign', 'page'] })),
    // In an application of your own this endpoint is for people who are signed in: it says who answers the calls.
    '/api/desk-token': toNodeListener(createTokenHandler({ ...shared, scope: ['receive'], subject: () => DESK })),
    '/api/status': toNodeListener(createStatusHandler({ lines })),
  };

  const secret = randomBytes(32).toString('hex');
  const hook = createHookHandler({ lines, grants, limits, secret, ...(onEvent && { onEvent }) });
  const { allowedOrigins } = shared;
  const gateway = startGateway({ server, hook, secret, domain: DOMAIN, grace, allowedOrigins });

  const stopServer = async (): Promise<void> => {
    await gateway.stop();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };

  const site = pages
    ? await startPages().catch((error: unknown) => stopServer().then(() => Promise.reject(error)))
    : undefined;
  listener = (request, response) => {
    const { pathname } = new URL(request.url ?? '/', origin);
    const serve = endpoints[pathname] ?? site?.serve;
    if (serve) serve(request, response);
    else response.writeHead(404).end();
  };

  return {
    url: `${origin}/`,
    tokenUrl: `${origin}/api/sip-token`,
    deskTokenUrl: `${origin}/api/desk-token`,
    gatewayUrl: gateway.url,
    async stop() {
      await stopServer();
      await site?.stop();
    },
  };
}

async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, ADDRESS, () => {
      server.off('error', reject);
      resolve();
    });
  });
  return (server.address() as AddressInfo).port;
}

/** The gateway's address under the name by which the page was opened, so that both have one origin. */
function gatewayUrlFor(request: Request, port: number): string {
  const { hostname, host } = new URL(request.url);
  return `ws://${LOCAL_HOSTS.includes(hostname) ? host : `localhost:${port}`}/sip`;
}

/** Takes Vite's reload script out of the pages: with its WebSocket off, it would fill their consoles with errors. */
const withoutReload: Plugin = {
  name: 'without-reload',
  transformIndexHtml: {
    order: 'post',
    handler: (html) => html.replace('<script type="module" src="/@vite/client"></script>', ''),
  },
};

/** Vite serves the pages and the sources as they are now. It is loaded only here, since tests of calls need no pages. */
async function startPages(): Promise<{ serve: RequestListener; stop(): Promise<void> }> {
  const { createServer: createVite } = await import('vite');
  const vite = await createVite({
    root: ROOT,
    appType: 'mpa',
    logLevel: 'warn',
    cacheDir: `${ROOT}/.cache/vite`,
    // The port's WebSockets are the gateway's, and a page that reloads itself would hang up.
    server: { middlewareMode: true, hmr: false, ws: false },
    plugins: [withoutReload],
    // Vite's client would set it for the sources, and is not there.
    oxc: { define: { __ENTRY_FILE__: 'undefined' } },
    // Found before the first page is served: what is found later makes Vite reload the page.
    optimizeDeps: { entries: ['index.html', 'demo/pages/*.html', 'src/*.ts'] },
  });
  return { serve: vite.middlewares, stop: () => vite.close() };
}

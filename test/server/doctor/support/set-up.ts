import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { Server } from 'node:http';
import { createServer as createPlainServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { startGateway } from '../../../../demo/gateway/gateway.js';
import {
  createHookHandler,
  createMemoryGrantStore,
  createSigner,
  createTokenHandler,
  toNodeListener,
} from '../../../../src/server/index.js';
import type { IceServer } from '../../../../src/server/ice-server.js';
import type { Certificates, Pair } from './certificates.js';
import { Desk } from './desk.js';

type Handler = (request: Request) => Promise<Response>;

/** The version of the script, and of the doctor that looks at it. */
export const VERSION = '1.2.0';
const DOMAIN = 'gateway.example';
const HOST = '127.0.0.1';

/** What is not as it should be; nothing is a set-up that works. */
export interface Faults {
  /** The page comes by plain http, under a name that is not this machine's own. */
  plainPage?: boolean;
  /** What the page has beside the script. Default: the tag. */
  body?: string;
  /** More attributes of the script tag. */
  scriptAttributes?: string;
  /** Where the script tag looks for it. */
  scriptSource?: string;
  /** The script's text. */
  script?: string;
  /** Of the page. `{gateway}` and `{page}` stand for their origins. */
  headers?: Record<string, string>;
  /** In front of the token endpoint. */
  endpoint?: (right: Handler) => Handler;
  /** In front of the hook. */
  hook?: (right: Handler) => Handler;
  iceServers?: IceServer[];
  /** Of the gateway. */
  certificate?: Pair;
  gateway?: 'down' | 'web server' | 'other WebSocket' | 'for another page';
  /** Addresses that the desk answers to, beside its own. */
  deskNames?: readonly string[];
  deskAnswers?: boolean;
}

export interface SetUp {
  url: string;
  tokenUrl: string;
  desk: Desk | undefined;
  stop(): Promise<void>;
}

export const TAG = '<sautikit-call-button token-url="{token}" line="sales">Call us</sautikit-call-button>';
/** As the build writes it: the first file names the version of those that it loads. */
export const scriptOf = (version: string): string => `import("./sautikit-call-button.engine.${version}.js");`;

/** A page with the button, its token endpoint, and a gateway with a desk, over TLS. */
export async function setUp(certificates: Certificates, faults: Faults = {}): Promise<SetUp> {
  const { good } = certificates;
  const servers: Server[] = [];
  const listen = async (server: Server): Promise<number> => {
    servers.push(server.listen(0, HOST));
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  };
  const site = createSecureServer(good) as unknown as Server;
  const sitePort = await listen(site);
  const plain = createPlainServer();
  const plainPort = faults.plainPage ? await listen(plain) : 0;
  // On Linux this is the own machine, and browsers do not take it for that.
  const page = faults.plainPage ? `http://0.0.0.0:${plainPort}` : `https://localhost:${sitePort}`;
  const gatewayServer = createSecureServer(faults.certificate ?? good) as unknown as Server;
  const gatewayPort = await listen(gatewayServer);
  const gatewayUrl = `wss://localhost:${gatewayPort}/sip`;

  const grants = createMemoryGrantStore();
  const secret = randomBytes(24).toString('hex');
  const lines = { sales: { callee: `sip:desk@${DOMAIN}`, callerId: `sip:visitor@${DOMAIN}` } };
  const shared = {
    lines,
    grants,
    mint: createSigner({ key: randomBytes(32) }),
    gatewayUrl,
    domain: DOMAIN,
    allowedOrigins: [page],
  };
  const token = createTokenHandler({ ...shared, ...(faults.iceServers && { iceServers: () => faults.iceServers! }) });
  const hook = createHookHandler({ lines, grants, secret });

  const gateway =
    faults.gateway === undefined || faults.gateway === 'for another page'
      ? startGateway({
          server: gatewayServer,
          hook: faults.hook?.(hook) ?? hook,
          secret,
          domain: DOMAIN,
          allowedOrigins: [faults.gateway === 'for another page' ? 'https://elsewhere.example' : page],
        })
      : undefined;
  if (faults.gateway === 'down') {
    gatewayServer.close();
    await once(gatewayServer, 'close');
  }
  if (faults.gateway === 'web server') gatewayServer.on('request', (_request, response) => response.end('Welcome'));
  const sockets =
    faults.gateway === 'other WebSocket'
      ? new WebSocketServer({ server: gatewayServer, handleProtocols: () => false })
      : undefined;
  let desk: Desk | undefined;
  if (gateway && faults.gateway === undefined) {
    desk = await Desk.open(gatewayUrl, page, faults.deskAnswers);
    for (const name of ['desk', ...(faults.deskNames ?? [])]) {
      const desks = createTokenHandler({ ...shared, scope: ['receive'], subject: () => name });
      const wish = { method: 'POST', headers: { Origin: page }, body: '{"line":"sales"}' };
      const answer = (await (await desks(new Request(`${page}/`, wish))).json()) as { token: string };
      await desk.register(`sip:${name}@${DOMAIN}`, answer.token);
    }
  }

  const tokenUrl = `https://localhost:${sitePort}/api/sip-token`;
  const filled = (text: string): string =>
    text.replaceAll('{token}', tokenUrl).replaceAll('{gateway}', new URL(gatewayUrl).origin).replaceAll('{page}', page);
  const script = `<script type="module" src="${faults.scriptSource ?? '/sautikit-call-button.js'}" ${faults.scriptAttributes ?? ''}></script>`;
  const pages: Record<string, Handler> = {
    '/': async () => {
      const headers = { 'Content-Type': 'text/html; charset=utf-8' };
      const more = Object.entries(faults.headers ?? {}).map(([name, value]) => [name, filled(value)] as const);
      return new Response(`<!doctype html><title>Shop</title>${script}<body>${filled(faults.body ?? TAG)}`, {
        headers: { ...headers, ...Object.fromEntries(more) },
      });
    },
    '/sautikit-call-button.js': async () =>
      new Response(faults.script ?? scriptOf(VERSION), { headers: { 'Content-Type': 'text/javascript' } }),
    '/api/sip-token': faults.endpoint?.(token) ?? token,
  };
  const serve = toNodeListener(async (request) => {
    const handler = pages[new URL(request.url).pathname];
    return handler ? await handler(request) : new Response('no', { status: 404 });
  });
  for (const server of [site, plain]) server.on('request', serve);

  return {
    url: `${page}/`,
    tokenUrl,
    desk,
    async stop() {
      desk?.close();
      await gateway?.stop();
      sockets?.close();
      for (const server of servers) {
        server.closeAllConnections();
        if (server.listening) await new Promise((resolve) => server.close(resolve));
      }
    },
  };
}

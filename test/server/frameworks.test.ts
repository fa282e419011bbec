import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import express from 'express';
import { Hono } from 'hono';
import * as server from '../../src/server/index.js';
import { loadInWorker } from './support/worker.js';
import { key, lines, secret, shop } from './support/world.js';

const { toNodeListener } = server;

type Ask = (path: string, init?: RequestInit) => Promise<Response>;

/** The three handlers, as a backend has them. */
function backend({
  createHookHandler,
  createMemoryGrantStore,
  createSigner,
  createStatusHandler,
  createTokenHandler,
} = server) {
  const grants = createMemoryGrantStore();
  return {
    token: createTokenHandler({
      lines,
      mint: createSigner({ key }),
      grants,
      gatewayUrl: 'wss://gateway.test',
      domain: 'example.test',
      allowedOrigins: [shop],
    }),
    status: createStatusHandler({ lines }),
    hook: createHookHandler({ lines, grants, secret }),
  };
}

async function overHttp(listener: RequestListener, use: (ask: Ask) => Promise<void>): Promise<void> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  try {
    await use((path, init) => fetch(`http://127.0.0.1:${port}${path}`, init));
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

/** By the path, where nothing else chooses among them. */
const find = <T>(path: string | undefined, listeners: readonly (readonly [string, T])[]): T | undefined =>
  listeners.find(([begin]) => path?.startsWith(begin))?.[1];

const frameworks: Record<string, (use: (ask: Ask) => Promise<void>) => Promise<void>> = {
  async 'a worker that knows the Web alone'(use) {
    const { token, status, hook } = backend(await loadInWorker());
    await use(async (path, init) => {
      const handler = find(path, [
        ['/api/token', token],
        ['/api/status', status],
        ['/hook/', hook],
      ]);
      return handler
        ? await handler(new Request(`http://127.0.0.1${path}`, init))
        : new Response(null, { status: 404 });
    });
  },

  async Hono(use) {
    const { token, status, hook } = backend();
    const app = new Hono();
    app.all('/api/token', (context) => token(context.req.raw));
    app.get('/api/status', (context) => status(context.req.raw));
    app.post('/hook/*', (context) => hook(context.req.raw));
    await use(async (path, init) => await app.request(`http://127.0.0.1${path}`, init));
  },

  async Express(use) {
    const { token, status, hook } = backend();
    const app = express();
    app.all('/api/token', toNodeListener(token));
    app.get('/api/status', toNodeListener(status));
    app.use('/hook', toNodeListener(hook));
    await overHttp(app, use);
  },

  async 'Express that has read the body before'(use) {
    const { token, status, hook } = backend();
    const app = express();
    app.use(express.json());
    app.all('/api/token', toNodeListener(token));
    app.get('/api/status', toNodeListener(status));
    app.use('/hook', toNodeListener(hook));
    await overHttp(app, use);
  },

  async 'node:http'(use) {
    const { token, status, hook } = backend();
    const listeners = [
      ['/api/token', toNodeListener(token)],
      ['/api/status', toNodeListener(status)],
      ['/hook/', toNodeListener(hook)],
    ] as const;
    await overHttp((request, response) => {
      const listener = find(request.url, listeners);
      if (listener) listener(request, response);
      else response.writeHead(404).end();
    }, use);
  },
};

const jsonHeaders = { 'Content-Type': 'application/json', Origin: shop };

for (const [name, run] of Object.entries(frameworks)) {
  describe(`the handlers in ${name}`, () => {
    it('give a grant, and let its call through once', () =>
      run(async (ask) => {
        const granted = await ask('/api/token', { method: 'POST', headers: jsonHeaders, body: '{"line":"sales"}' });
        assert.equal(granted.status, 200);
        assert.equal(granted.headers.get('Cache-Control'), 'no-store');
        assert.equal(granted.headers.get('Access-Control-Allow-Origin'), shop);
        const { token } = (await granted.json()) as { token: string };

        const call = async (callId: string) => {
          const headers = { 'Content-Type': 'application/json', Authorization: `Bearer ${secret}` };
          const facts = {
            event_id: callId,
            token,
            call_id: callId,
            from_tag: 'a',
            request_uri: 'sip:call@example.test',
          };
          return await ask('/hook/call', { method: 'POST', headers, body: JSON.stringify(facts) });
        };
        const allowed = await call('one');
        assert.equal(allowed.status, 200);
        assert.equal(((await allowed.json()) as { callee: string }).callee, lines.sales?.callee);
        assert.equal((await call('two')).status, 403);
      }));

    it('take the line of a GET, and refuse a foreign page', () =>
      run(async (ask) => {
        assert.equal((await ask('/api/token?line=sales', { headers: { Origin: shop } })).status, 200);
        const foreign = await ask('/api/token?line=sales', { headers: { Origin: 'https://evil.example' } });
        assert.deepEqual([foreign.status, await foreign.json()], [403, { error: 'token-denied' }]);
      }));

    it('answer a preflight', () =>
      run(async (ask) => {
        const headers = { Origin: shop, 'Access-Control-Request-Method': 'POST' };
        const preflight = await ask('/api/token', { method: 'OPTIONS', headers });
        assert.equal(preflight.status, 204);
        assert.equal(preflight.headers.get('Access-Control-Allow-Origin'), shop);
      }));

    it('say whether a line is open', () =>
      run(async (ask) => {
        const status = await ask('/api/status?line=sales');
        assert.deepEqual(await status.json(), { available: true });
        assert.match(status.headers.get('Cache-Control') ?? '', /^public, max-age=/);
      }));

    it('answer nobody at the hook who does not know the secret', () =>
      run(async (ask) => {
        assert.equal((await ask('/hook/call', { method: 'POST', body: '{}' })).status, 401);
      }));
  });
}

import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import {
  createAltchaCheck,
  createHookHandler,
  createLimits,
  createMemoryGrantStore,
  toNodeListener,
} from '../../src/server/index.js';
import { assertConforms } from '../support/conforms.js';
import { startRecipe, type Language, type Recipe } from './support/recipe.js';

const shop = 'https://shop.example';
const secret = randomBytes(32).toString('hex');
const LANGUAGES: readonly Language[] = ['FastAPI', 'Go', 'PHP'];

interface Grant {
  token: string;
  sip_uri: string;
}

for (const language of LANGUAGES) {
  describe(`the recipe in ${language}`, () => {
    let server: Server;
    let hookUrl: string;
    let recipe: Recipe;

    before(async () => {
      const hook = createHookHandler({
        lines: {
          sales: { callee: 'sip:desk@office.example' },
          support: { callee: 'sip:support@office.example', hours: {}, timeZone: 'Africa/Nairobi' },
        },
        grants: createMemoryGrantStore(),
        secret,
        limits: createLimits(),
        challenge: createAltchaCheck({ secret }),
      });
      server = createServer(toNodeListener(hook)).listen(0, '127.0.0.1');
      await once(server, 'listening');
      hookUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
      recipe = await startRecipe(language, {
        ALLOWED_ORIGINS: `https://www.shop.example ${shop}`,
        SIGNING_KEY: randomBytes(32).toString('hex'),
        HOOK_URL: hookUrl,
        HOOK_SECRET: secret,
        GATEWAY_URL: 'wss://gateway.example/',
        SIP_DOMAIN: 'gateway.example',
      });
    });

    after(async () => {
      await recipe.stop();
      await stopHook();
    });

    const stopHook = async (): Promise<void> => {
      server.closeAllConnections();
      if (server.listening) await new Promise((resolve) => server.close(resolve));
    };

    const ask = async (more: Record<string, unknown> = {}): Promise<Response> =>
      await fetch(recipe.tokenUrl, {
        method: 'POST',
        headers: { Origin: shop, 'Content-Type': 'application/json' },
        body: JSON.stringify({ line: 'sales', ...more }),
      });

    const call = async (token: string, origin: string): Promise<{ status: number; callee?: string }> => {
      const response = await fetch(`${hookUrl}/call`, {
        method: 'POST',
        headers: { Authorization: `Bearer ${secret}` },
        body: JSON.stringify({
          event_id: randomUUID(),
          call_id: randomUUID(),
          from_tag: 'tag',
          request_uri: 'sip:call@gateway.example',
          token,
          origin,
        }),
      });
      return { ...((await response.json()) as { callee?: string }), status: response.status };
    };

    it('gives grants that the hook lets make one call, from the page that asked', async () => {
      const { token, sip_uri } = (await (await ask()).json()) as Grant;
      assert.match(sip_uri, /^sip:[0-9a-f]{32}@gateway\.example$/);
      assert.equal((await call(token, 'https://evil.example')).status, 403);
      const first = await call(token, shop);
      assert.deepEqual([first.status, first.callee], [200, 'sip:desk@office.example']);
      assert.equal((await call(token, shop)).status, 403);
    });

    it('renews a grant without a right to another call', async () => {
      const first = (await (await ask()).json()) as Grant;
      assert.equal((await call(first.token, shop)).status, 200);
      const next = (await (await ask({ renew: first.token })).json()) as Grant;
      assert.notEqual(next.token, first.token);
      assert.equal(next.sip_uri, first.sip_uri);
      assert.equal((await call(next.token, shop)).status, 403);
    });

    it('renews nothing for a token of somebody else', async () => {
      const first = (await (await ask()).json()) as Grant;
      const [header, claims] = first.token.split('.');
      const forged = `${header}.${claims}.${randomBytes(32).toString('base64url')}`;
      const next = (await (await ask({ renew: forged })).json()) as Grant;
      assert.notEqual(next.sip_uri, first.sip_uri);
    });

    it('conforms', async () => {
      await assertConforms({ url: recipe.tokenUrl, origin: shop, line: 'sales', closedLine: 'support' }, [
        'turn-credentials',
        'same-origin-get',
      ]);
    });

    it('gives nothing out that the hook knows nothing of', async () => {
      await stopHook();
      const response = await ask();
      assert.equal(response.status, 502);
      assert.deepEqual(await response.json(), { error: 'server-error' });
    });
  });
}

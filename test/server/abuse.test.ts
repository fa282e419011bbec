import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, afterEach, before, describe, it } from 'node:test';
import {
  createAltchaCheck,
  createClientAddress,
  createLimits,
  createMemoryGrantStore,
  createSigner,
  createTokenHandler,
  toNodeListener,
  type Challenge,
  type HumanCheck,
  type LimitsOptions,
  type TokenHandlerOptions,
} from '../../src/server/index.js';
import { solveAltcha } from '../../src/token/altcha.js';
import { solve } from './support/proof-of-work.js';
import { stores, startStores, stopStores } from './support/stores.js';
import { key, lines, shop } from './support/world.js';

interface Answer {
  status: number;
  error?: string;
  retry_after?: number;
  token?: string;
  challenge?: Challenge;
}

const secret = 'a secret for proofs of work, and for nothing else';

/** How often each outcome came. */
const tally = (answers: Answer[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const { status, error } of answers) {
    const outcome = `${status} ${error ?? 'granted'}`;
    counts[outcome] = (counts[outcome] ?? 0) + 1;
  }
  return counts;
};

before(startStores);
after(stopStores);

for (const [where, keep] of Object.entries(stores)) {
  describe(`a thief at the token endpoint, with limits ${where}`, () => {
    let server: Server | undefined;
    let url = '';
    let kept = keep();

    afterEach(async () => {
      server?.closeAllConnections();
      await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
    });

    /** The endpoint at a real socket. */
    const open = async (limits: LimitsOptions, options: Partial<TokenHandlerOptions> = {}): Promise<void> => {
      kept = keep();
      const handler = createTokenHandler({
        lines: { ...lines, rated: { callee: 'sip:desk@example.test', limits: { mints: { count: 3, seconds: 60 } } } },
        mint: createSigner({ key }),
        grants: createMemoryGrantStore(),
        gatewayUrl: 'wss://gateway.test/sip',
        domain: 'example.test',
        allowedOrigins: [shop],
        limits: createLimits({ ...kept.server(), ...limits }),
        ...options,
      });
      server = createServer(toNodeListener(handler)).listen(0, '127.0.0.1');
      await once(server, 'listening');
      url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`;
    };

    const ask = async (body: object = {}, headers: Record<string, string> = {}): Promise<Answer> => {
      const text = JSON.stringify({ line: 'sales', ...body });
      const response = await fetch(url, { method: 'POST', headers: { Origin: shop, ...headers }, body: text });
      return { status: response.status, ...((await response.json()) as object) };
    };

    const many = async (count: number, headers: (index: number) => Record<string, string> = () => ({})) => {
      const answers: Answer[] = [];
      // Forty at a time, as a script would.
      for (let sent = 0; sent < count; sent += 40) {
        const batch = Array.from({ length: Math.min(40, count - sent) }, (_, index) => ask({}, headers(sent + index)));
        answers.push(...(await Promise.all(batch)));
      }
      return answers;
    };

    const proof = (): HumanCheck => createAltchaCheck({ secret, maxNumber: 1000, spent: kept.oneTime() });

    it('gets of a thousand grants those below the soft limit, and is told when to come back', async () => {
      await open({ address: { soft: 20, hard: 100 } }, { challenge: proof() });
      const answers = await many(1000);
      assert.deepEqual(tally(answers), { '200 granted': 20, '403 challenge-required': 80, '429 rate-limited': 900 });
      for (const { status, retry_after = 0 } of answers) assert.equal(status === 429, retry_after > 0);
    });

    it('gets no challenge where there is no human check, but 429 at the soft limit', async () => {
      await open({ address: { soft: 20, hard: 100 } });
      assert.deepEqual(tally(await many(120)), { '200 granted': 20, '429 rate-limited': 100 });
    });

    it('gets no more by claiming to be somebody else with every request', async () => {
      await open({ address: { soft: 20, hard: 100 } });
      const forged = (index: number) => {
        const address = `198.51.${index % 250}.${(index * 7) % 250}`;
        return {
          'X-Forwarded-For': address,
          Forwarded: `for=${address}`,
          'X-Real-IP': address,
          'X-Client-IP': address,
          'CF-Connecting-IP': address,
          'True-Client-IP': address,
          Via: `1.1 ${address}`,
        };
      };
      assert.deepEqual(tally(await many(120, forged)), { '200 granted': 20, '429 rate-limited': 100 });
    });

    it('gets no more behind a trusted proxy, which adds his address to what he claims', async () => {
      const clientAddress = createClientAddress({ trustedProxies: ['127.0.0.1'] });
      await open({ address: { soft: 20, hard: 100 } }, { clientAddress });
      const proxied = (index: number) => ({ 'X-Forwarded-For': `198.51.100.${index % 250}, 203.0.113.7` });
      assert.deepEqual(tally(await many(40, proxied)), { '200 granted': 20, '429 rate-limited': 20 });
      assert.equal((await ask({}, { 'X-Forwarded-For': '203.0.113.8' })).status, 200);
    });

    it('gets one grant for one solution, and a new challenge for the next', async () => {
      await open({ address: { soft: 1, hard: 100 } }, { challenge: proof() });
      await ask();
      const { challenge } = await ask();
      const solution = solve(challenge!);
      assert.ok((await ask({ challenge: solution })).token);
      const again = await ask({ challenge: solution });
      assert.deepEqual([again.status, again.error, again.token], [403, 'challenge-required', undefined]);
      assert.notEqual(again.challenge?.challenge, challenge?.challenge);
    });

    it('may be a visitor behind the same address, and then the element answers for him', async () => {
      await open({ address: { soft: 1, hard: 100 } }, { challenge: proof() });
      await ask();
      const { challenge } = await ask();
      assert.ok((await ask({ challenge: await solveAltcha(challenge!, new AbortController().signal) })).token);
    });

    it('gets one grant for one solution also with twenty requests at the same moment', async () => {
      await open({ address: { soft: 1, hard: 100 } }, { challenge: proof() });
      await ask();
      const solution = solve((await ask()).challenge!);
      const answers = await Promise.all(Array.from({ length: 20 }, () => ask({ challenge: solution })));
      assert.deepEqual(tally(answers), { '200 granted': 1, '403 challenge-required': 19 });
    });

    it('gets nothing for a challenge above the hard limit', async () => {
      await open({ address: { soft: 1, hard: 2 } }, { challenge: proof() });
      await ask();
      const solution = solve((await ask()).challenge!);
      assert.deepEqual(tally([await ask({ challenge: solution })]), { '429 rate-limited': 1 });
    });

    it('is asked for a proof each time where there is a human check and no limits', async () => {
      await open({}, { challenge: proof(), limits: undefined as never });
      const { challenge } = await ask();
      assert.ok((await ask({ challenge: solve(challenge!) })).token);
      assert.equal((await ask()).error, 'challenge-required');
    });

    it('from another site uses up nothing of the address that his visitors come from', async () => {
      await open({ address: { soft: 5, hard: 100 } });
      const foreign = await many(40, () => ({ Origin: 'https://evil.example' }));
      assert.deepEqual(tally(foreign), { '403 token-denied': 40 });
      assert.equal((await ask()).status, 200);
    });

    it('uses up nothing of a line with requests that his address is refused for', async () => {
      const clientAddress = createClientAddress({ trustedProxies: ['127.0.0.1'] });
      await open({ address: { soft: 1, hard: 100 } }, { clientAddress });
      const from = (address: string) => ask({ line: 'rated' }, { 'X-Forwarded-For': address });
      for (let index = 0; index < 10; index++) await from('203.0.113.7');
      assert.deepEqual(tally([await from('203.0.113.8'), await from('203.0.113.9')]), { '200 granted': 2 });
      assert.deepEqual(tally([await from('203.0.113.10')]), { '429 rate-limited': 1 });
    });

    it('does not keep a caller from renewing, whatever address and line have used up', async () => {
      await open({ address: { soft: 3, hard: 4 } });
      const { token } = await ask({ line: 'rated' });
      await many(10);
      await ask({ line: 'rated' });
      const renewed = await ask({ line: 'rated', renew: token });
      assert.equal(renewed.status, 200);
      assert.equal((await ask({ line: 'rated', renew: renewed.token })).status, 200);
      // What renews nothing is a new grant.
      assert.equal((await ask({ line: 'rated', renew: 'made up' })).status, 429);
    });

    it('cannot renew one session for ever', async () => {
      await open({ renewals: { count: 3, seconds: 60 } });
      let { token } = await ask();
      for (let index = 0; index < 3; index++) ({ token } = await ask({ renew: token }));
      assert.deepEqual(tally([await ask({ renew: token })]), { '429 rate-limited': 1 });
    });
  });
}

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  createSigner,
  createStatusHandler,
  createTokenHandler,
  type Lines,
  type Scope,
} from '../../src/server/index.js';
import { hookWorld } from './support/hook.js';
import { key, shop } from './support/world.js';

const lines: Lines = {
  sales: { callee: 'sip:desk@example.test', hours: { mon: ['08:00-17:00'] }, timeZone: 'Africa/Nairobi' },
  never: { callee: 'sip:desk@example.test', hours: {}, timeZone: 'Africa/Nairobi' },
  always: { callee: 'sip:desk@example.test' },
};
const OPEN = '2026-11-23T16:58:00+03:00';
const CLOSED = '2026-11-23T17:00:00+03:00';
const OPENS_NEXT = '2026-11-30T05:00:00.000Z';

/** A token endpoint whose clock stands where the test puts it. */
function endpoint(at: string, scope?: Scope[]) {
  let now = Date.parse(at);
  const clock = (): number => now;
  const world = hookWorld({ lines }, clock);
  const signer = createSigner({ key });
  const handler = createTokenHandler({
    lines,
    // The lifetime counts from the test's time.
    mint: { mint: async (asked) => ({ ...(await signer.mint(asked)), expiresAt: new Date(now + 300_000) }) },
    grants: world.grants,
    gatewayUrl: 'wss://gateway.test',
    domain: 'example.test',
    allowedOrigins: [shop],
    now: clock,
    ...(scope && { scope }),
  });
  const ask = async (line: string, renew?: string) => {
    const body = JSON.stringify({ line, renew });
    const response = await handler(
      new Request('https://api.test/', { method: 'POST', headers: { Origin: shop }, body }),
    );
    return { response, body: (await response.json()) as { token: string; [field: string]: unknown } };
  };
  return { ...world, ask, pass: (seconds: number) => (now += seconds * 1000) };
}

describe('a line that is closed', () => {
  it('answers when it opens, and no credential', async () => {
    const { ask } = endpoint(CLOSED);
    const { response, body } = await ask('sales');
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('Cache-Control'), 'no-store');
    assert.equal(response.headers.get('Access-Control-Allow-Origin'), shop);
    assert.deepEqual(body, { available: false, opens_at: OPENS_NEXT });
  });

  it('says no time where it never opens', async () => {
    assert.deepEqual((await endpoint(OPEN).ask('never')).body, { available: false });
  });

  it('is an ordinary line while it is open', async () => {
    assert.ok((await endpoint(OPEN).ask('sales')).body.token);
  });

  it('does not stand in the way of those who answer its calls', async () => {
    assert.ok((await endpoint(CLOSED, ['receive']).ask('sales')).body.token);
  });

  it('is reached by a grant from before, for as long as that grant lives', async () => {
    const { ask, call, pass } = endpoint(OPEN);
    const { body } = await ask('sales');
    pass(180);
    assert.equal((await call(body.token)).status, 200);
  });

  it('lets a session go on, but is not reached by one that was renewed past its first grant', async () => {
    const { ask, call, pass } = endpoint(OPEN);
    const first = (await ask('sales')).body;
    pass(240);
    const second = (await ask('sales', first.token)).body;
    assert.equal(second.sip_uri, first.sip_uri);
    pass(120);
    assert.deepEqual(await call(second.token), { status: 403, body: { error: 'line-closed' } });
  });

  it('keeps a call that goes on', async () => {
    const { ask, call, pass } = endpoint(OPEN);
    const first = (await ask('sales')).body;
    assert.equal((await call(first.token)).status, 200);
    pass(240);
    assert.ok((await ask('sales', first.token)).body.token);
  });

  it('refuses at the hook a grant that says nothing of having been open', async () => {
    const { call, remember } = hookWorld({ lines }, () => Date.parse(CLOSED));
    await remember('token');
    assert.equal((await call('token')).body.error, 'line-closed');
  });
});

describe('the status of a line', () => {
  const status = async (at: string, line: string, method = 'GET') => {
    const handler = createStatusHandler({ lines, now: () => Date.parse(at) });
    const response = await handler(new Request(`https://api.test/status?line=${line}`, { method }));
    const text = await response.text();
    return { response, body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>) };
  };

  it('tells every page whether it is open, and when it opens', async () => {
    const { response, body } = await status(CLOSED, 'sales');
    assert.deepEqual(body, { available: false, opens_at: OPENS_NEXT });
    assert.equal(response.headers.get('Access-Control-Allow-Origin'), '*');
    assert.equal(response.headers.get('Cache-Control'), 'public, max-age=60');
    assert.deepEqual((await status(OPEN, 'sales')).body, { available: true });
    assert.deepEqual((await status(OPEN, 'always')).body, { available: true });
    assert.deepEqual((await status(OPEN, 'never')).body, { available: false });
  });

  it('is kept no longer than it is true', async () => {
    const age = async (at: string) => (await status(at, 'sales')).response.headers.get('Cache-Control');
    assert.equal(await age('2026-11-23T16:59:40+03:00'), 'public, max-age=20');
    assert.equal(await age('2026-11-23T07:59:55+03:00'), 'public, max-age=5');
  });

  it('is none of a line that does not exist, and that is kept by no cache', async () => {
    const { response, body } = await status(OPEN, 'constructor');
    assert.deepEqual([response.status, body], [404, { error: 'not-found' }]);
    assert.equal(response.headers.get('Cache-Control'), 'no-store');
  });

  it('is read and never written', async () => {
    assert.equal((await status(OPEN, 'sales', 'POST')).response.status, 405);
    assert.equal((await status(OPEN, 'sales', 'OPTIONS')).response.status, 204);
  });

  it('says nothing of whom the line calls', async () => {
    const { response, body } = await status(CLOSED, 'sales');
    assert.doesNotMatch(JSON.stringify([body, [...response.headers]]), /desk|sip:/);
  });
});

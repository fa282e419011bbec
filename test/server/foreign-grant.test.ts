import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createLimits, type HookHandlerOptions } from '../../src/server/index.js';
import { sha256Hex } from '../../src/server/secrets.js';
import { hookWorld, type Json } from './support/hook.js';
import { shop } from './support/world.js';

const facts = async (token: string, more: Json = {}): Promise<Json> => ({
  token_sha256: await sha256Hex(token),
  line: 'sales',
  origin: shop,
  sid: 'their-session',
  sub: 'sip:visitor-1@example.test',
  expires_in: 300,
  ...more,
});

describe('a grant that a backend in another language has minted', () => {
  it('is good for one call to its line', async () => {
    const { ask, call } = hookWorld();
    assert.equal((await ask('grant', await facts('token'))).status, 204);
    const { body } = await call('token', { origin: shop });
    assert.deepEqual([body.callee, body.sid], ['sip:desk@example.test', 'their-session']);
    assert.equal((await call('token', { call_id: 'second' })).status, 403);
  });

  it('belongs to its page and its address', async () => {
    const { ask, call } = hookWorld();
    await ask('grant', await facts('token'));
    assert.equal((await call('token', { origin: 'https://evil.example' })).status, 403);
    assert.equal((await ask('connect', { token: 'token', aor: 'sip:somebody@example.test' })).status, 403);
    assert.equal((await ask('connect', { token: 'token', aor: 'sip:visitor-1@example.test' })).body.bind, false);
  });

  it('may be for receiving, without a line', async () => {
    const { ask } = hookWorld();
    const more = { line: undefined, scope: ['receive'], sub: 'sip:desk@example.test' };
    assert.equal((await ask('grant', await facts('token', more))).status, 204);
    assert.equal((await ask('connect', { token: 'token' })).body.bind, true);
  });

  it('does not get its call back by being told of once more', async () => {
    const { ask, call } = hookWorld();
    await ask('grant', await facts('token'));
    await call('token');
    assert.equal((await ask('grant', await facts('token'))).status, 403);
    assert.equal((await call('token', { call_id: 'second' })).status, 403);
  });

  it('goes on with the session of the one that it renews, without another call', async () => {
    const { ask, call } = hookWorld();
    await ask('grant', await facts('one'));
    await call('one');
    const renewal = await facts('two', { renew_sha256: await sha256Hex('one'), scope: ['call', 'dial'] });
    assert.equal((await ask('grant', renewal)).status, 204);
    assert.equal((await ask('connect', { token: 'two' })).body.sid, 'their-session');
    assert.equal((await call('two', { call_id: 'second' })).status, 403);
  });

  it('takes over a call that was not made yet, but not for ever', async () => {
    let now = Date.parse('2026-11-22T12:00:00Z');
    const { ask, call } = hookWorld({}, () => now);
    await ask('grant', await facts('one'));
    const renew = async (from: string, to: string) => {
      now += 299_000;
      return (await ask('grant', await facts(to, { renew_sha256: await sha256Hex(from) }))).status;
    };
    assert.deepEqual(
      [await renew('one', 'two'), await renew('two', 'three'), await renew('three', 'four')],
      [204, 204, 204],
    );
    assert.equal(await renew('four', 'five'), 204);
    await ask('grant', await facts('other'));
    assert.equal(await renew('other', 'another'), 204);
    assert.equal((await ask('connect', { token: 'five' })).body.sid, 'their-session');
    assert.deepEqual(await call('five'), { status: 403, body: { error: 'token-denied' } });
    assert.equal((await call('other')).status, 403);
    assert.equal((await call('another')).status, 200);
  });

  it('of another session renews nothing', async () => {
    const { ask, call } = hookWorld();
    await ask('grant', await facts('one'));
    const other = await facts('two', { renew_sha256: await sha256Hex('one'), sid: 'other' });
    assert.equal((await ask('grant', other)).status, 204);
    assert.equal((await call('one')).body.sid, 'their-session');
  });

  it('is refused as the token endpoint refuses', async () => {
    const now = (): number => Date.parse('2026-11-22T12:00:00Z');
    const lines: HookHandlerOptions['lines'] = {
      sales: { callee: 'sip:a@b', hours: { mon: ['08:00-17:00'] }, timeZone: 'UTC' },
      rare: { callee: 'sip:a@b', limits: { mints: { count: 1, seconds: 60 } } },
    };
    const { ask } = hookWorld({ lines, limits: createLimits({ address: { soft: 2, hard: 5 } }) }, now);
    const grant = async (token: string, more: Json) => await ask('grant', await facts(token, more));
    assert.deepEqual(await grant('a', { line: 'nowhere' }), { status: 404, body: { error: 'not-found' } });
    const closed = { available: false, opens_at: '2026-11-23T08:00:00.000Z' };
    assert.deepEqual(await grant('b', {}), { status: 200, body: closed });
    assert.equal((await grant('c', { line: 'rare', remote_ip: '192.0.2.1' })).status, 204);
    const tooOften = await grant('d', { line: 'rare', remote_ip: '192.0.2.2' });
    assert.deepEqual([tooOften.status, tooOften.body.error], [429, 'rate-limited']);
    await grant('e', { line: 'rare', remote_ip: '192.0.2.2' });
    const sameAddress = await grant('f', { line: undefined, scope: ['receive'], remote_ip: '192.0.2.2' });
    assert.equal(sameAddress.status, 429);
  });

  it('comes from a backend that need not call itself a gateway', async () => {
    const { ask } = hookWorld({ gatewayName: 'front' });
    assert.equal((await ask('grant', await facts('token'))).status, 204);
  });

  const wrong: Json[] = [
    { token_sha256: undefined },
    { token_sha256: 'abc' },
    { token_sha256: 'g'.repeat(64) },
    { renew_sha256: 'abc' },
    { sid: undefined },
    { sid: 'a b' },
    { sub: 'visitor' },
    { sub: 'sip:a@b\r\nX: y' },
    { scope: 'call' },
    { scope: [] },
    { scope: ['call', 'admin'] },
    { expires_in: 0 },
    { expires_in: 86_400 },
    { expires_in: '300' },
  ];
  for (const more of wrong) {
    it(`is none with ${JSON.stringify(more)}`, async () => {
      const { ask, grants } = hookWorld();
      const answer = await ask('grant', await facts('token', more));
      assert.deepEqual(answer, { status: 400, body: { error: 'bad-request' } });
      assert.equal(await grants.get(await sha256Hex('token')), undefined);
    });
  }
});

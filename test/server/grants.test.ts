import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { createMemoryGrantStore, createRedisGrantStore, type Grant, type GrantStore } from '../../src/server/index.js';
import { startRedis, type TestRedis } from '../support/redis.js';

const start = 1_800_000_000;
const grant: Grant = { line: 'sales', sid: 'session', scope: ['call'], sub: 'sip:a@example.test', exp: start + 300 };

let now = start;
let redis: TestRedis;
let count = 0;

const clock = (): number => now * 1000;
const inRedis = (prefix: string) => createRedisGrantStore({ client: redis.connect(), prefix, now: clock });
const stores: Record<string, () => GrantStore> = {
  'in memory': () => createMemoryGrantStore({ now: clock }),
  'in Redis': () => inRedis(`test-${++count}:`),
};

before(async () => (redis = await startRedis()));
after(() => redis.stop());

for (const [where, create] of Object.entries(stores))
  describe(`the grant store ${where}`, () => {
    let store: GrantStore;

    beforeEach(() => {
      now = start;
      store = create();
    });

    it('knows a grant until its time is over', async () => {
      await store.put('key', grant);
      assert.deepEqual(await store.get('key'), grant);
      now += 300;
      assert.equal(await store.get('key'), undefined);
      assert.equal(await store.reserve('key', 'call', 'tag'), 'refused');
    });

    it('lets nothing take the place of a grant that lives', async () => {
      assert.equal(await store.put('key', grant), true);
      await store.reserve('key', 'call', 'tag');
      await store.spend('key', 'call', 'tag');
      assert.equal(await store.put('key', { ...grant, sid: 'another' }), false);
      await store.put('other', grant);
      assert.equal(await store.renew('other', 'key', { ...grant, sid: 'another' }), false);
      assert.deepEqual(await store.get('key'), grant);
      assert.equal(await store.reserve('key', 'another-call', 'tag'), 'refused');
      assert.equal(await store.reserve('other', 'another-call', 'tag'), 'reserved');
      now += 300;
      assert.equal(await store.put('key', { ...grant, exp: now + 300 }), true);
    });

    it('gives one call for one grant', async () => {
      await store.put('key', grant);
      assert.equal(await store.reserve('key', 'call', 'tag'), 'reserved');
      await store.spend('key', 'call', 'tag');
      assert.equal(await store.reserve('key', 'other-call', 'tag'), 'refused');
      assert.equal(await store.reserve('key', 'call', 'other-tag'), 'refused');
    });

    it('gives one call for one grant also when many ask at the same moment', async () => {
      await store.put('key', grant);
      const asked = Array.from({ length: 50 }, (_, index) => store.reserve('key', `call-${index}`, 'tag'));
      const answers = await Promise.all(asked);
      assert.equal(answers.filter((answer) => answer === 'reserved').length, 1);
      assert.equal(answers.filter((answer) => answer === 'refused').length, 49);
    });

    it('says to the same call what it said before', async () => {
      await store.put('key', grant);
      await store.reserve('key', 'call', 'tag');
      assert.equal(await store.reserve('key', 'call', 'tag'), 'repeated');
      await store.spend('key', 'call', 'tag');
      assert.equal(await store.reserve('key', 'call', 'tag'), 'repeated');
    });

    it('does not open again for a call that is over', async () => {
      await store.put('key', grant);
      await store.reserve('key', 'call', 'tag');
      await store.spend('key', 'call', 'tag');
      await store.close('call', 'tag');
      assert.equal(await store.reserve('key', 'call', 'tag'), 'refused');
    });

    it('gives a call back that was refused before it was let through, and none that was let through', async () => {
      await store.put('key', grant);
      await store.reserve('key', 'call', 'tag');
      await store.release('key', 'call', 'tag');
      assert.equal(await store.reserve('key', 'second', 'tag'), 'reserved');
      await store.spend('key', 'second', 'tag');
      await store.release('key', 'second', 'tag');
      assert.equal(await store.reserve('key', 'third', 'tag'), 'refused');
    });

    it('says whether a call was spent, and that it was where it is asked again', async () => {
      await store.put('key', grant);
      await store.reserve('key', 'call', 'tag');
      assert.equal(await store.spend('key', 'call', 'tag'), true);
      assert.equal(await store.spend('key', 'call', 'tag'), true);
      await store.close('call', 'tag');
      assert.equal(await store.spend('key', 'call', 'tag'), false);
    });

    it('spends nothing that was given back meanwhile, or is not this call’s, or that nobody knows', async () => {
      await store.put('key', grant);
      await store.reserve('key', 'call', 'tag');
      await store.release('key', 'call', 'tag');
      assert.equal(await store.spend('key', 'call', 'tag'), false);
      assert.equal(await store.reserve('key', 'second', 'tag'), 'reserved');
      assert.equal(await store.spend('key', 'call', 'tag'), false);
      assert.equal(await store.spend('unknown', 'call', 'tag'), false);
      assert.equal(await store.spend('key', 'second', 'tag'), true);
    });

    it('lets nobody spend or release a call of somebody else', async () => {
      await store.put('key', grant);
      await store.reserve('key', 'call', 'tag');
      await store.release('key', 'another', 'tag');
      assert.equal(await store.reserve('key', 'another', 'tag'), 'refused');
    });

    it('moves an open right over to the renewed token', async () => {
      await store.put('old', grant);
      assert.equal(await store.renew('old', 'new', { ...grant, exp: start + 600 }), true);
      assert.equal(await store.reserve('old', 'call', 'tag'), 'refused');
      assert.equal(await store.reserve('new', 'call', 'tag'), 'reserved');
    });

    it('gives the renewed token of a call no right to a second one', async () => {
      await store.put('old', grant);
      await store.reserve('old', 'call', 'tag');
      await store.spend('old', 'call', 'tag');
      assert.equal(await store.renew('old', 'new', grant), true);
      assert.equal((await store.get('new'))?.sid, 'session');
      assert.equal(await store.reserve('new', 'second', 'tag'), 'refused');
      assert.equal(await store.reserve('new', 'call', 'tag'), 'refused');
    });

    it('keeps no open right for longer than a quarter of an hour, however often it is renewed', async () => {
      await store.put('token 0', grant);
      const renew = async (index: number) => {
        now += 240;
        return await store.renew(`token ${index}`, `token ${index + 1}`, { ...grant, exp: now + 300 });
      };
      for (let index = 0; index < 3; index++) assert.equal(await renew(index), true);
      await store.put('young', { ...grant, exp: now + 300 });
      assert.equal(await renew(3), true);
      assert.equal((await store.get('token 4'))?.sid, 'session');
      assert.equal(await store.reserve('token 3', 'call', 'tag'), 'refused');
      assert.equal(await store.reserve('token 4', 'call', 'tag'), 'refused');
      assert.equal(await store.renew('young', 'younger', { ...grant, exp: now + 300 }), true);
      assert.equal(await store.reserve('younger', 'call', 'tag'), 'reserved');
    });

    it('leaves a grant its call for as long as it lives itself', async () => {
      await store.put('key', { ...grant, exp: start + 3600 });
      now += 3500;
      assert.equal(await store.reserve('key', 'call', 'tag'), 'reserved');
    });

    it('renews nothing that it does not know', async () => {
      assert.equal(await store.renew('unknown', 'new', grant), false);
      assert.equal(await store.get('new'), undefined);
    });

    it('remembers whose call it was beyond the end of the grant', async () => {
      await store.put('key', grant);
      await store.reserve('key', 'call', 'tag');
      now += 1000;
      await store.put('another', { ...grant, exp: now + 300 });
      assert.equal((await store.findByCall('call', 'tag'))?.line, 'sales');
    });

    it('forgets in the end also a call that nobody ended', async () => {
      await store.put('key', grant);
      await store.reserve('key', 'call', 'tag');
      now += 200_000;
      await store.put('another', { ...grant, exp: now + 300 });
      assert.equal(await store.findByCall('call', 'tag'), undefined);
    });
  });

describe('two servers with one Redis', () => {
  const two = () => {
    now = start;
    const prefix = `test-${++count}:`;
    return [inRedis(prefix), inRedis(prefix)] as const;
  };

  it('share what they know of a grant', async () => {
    const [one, other] = two();
    await one.put('key', grant);
    assert.deepEqual(await other.get('key'), grant);
    assert.equal(await one.reserve('key', 'call', 'tag'), 'reserved');
    assert.equal(await other.reserve('key', 'call', 'tag'), 'repeated');
    assert.equal((await other.findByCall('call', 'tag'))?.sid, 'session');
  });

  it('give one call for one grant also when both are asked at the same moment', async () => {
    const both = two();
    await both[0].put('key', grant);
    const asked = Array.from({ length: 50 }, (_, index) => both[index % 2]!.reserve('key', `call-${index}`, 'tag'));
    const answers = await Promise.all(asked);
    assert.equal(answers.filter((answer) => answer === 'reserved').length, 1);
  });

  it('keep their keys apart by the prefix, and leave none that lives for ever', async () => {
    const [one] = two();
    const [stranger] = two();
    await one.put('key', grant);
    assert.equal(await stranger.get('key'), undefined);
    await one.put('old', grant);
    await one.reserve('old', 'call', 'tag');
    await one.renew('old', 'new', grant);
    const client = redis.connect();
    const keys = await client.keys('*');
    assert.ok(keys.length >= 4);
    for (const key of keys) assert.ok((await client.pttl(key)) > 0, key);
  });

  it('do not keep a grant longer for each call that is refused', async () => {
    const [one] = two();
    await one.put('key', grant);
    for (let calls = 0; calls < 5; calls++) {
      await one.reserve('key', `call-${calls}`, 'tag');
      await one.release('key', `call-${calls}`, 'tag');
    }
    const client = redis.connect();
    const [key = ''] = await client.keys(`test-${count}:grant:key`);
    assert.ok((await client.pttl(key)) <= (300 + 86_400) * 1000);
  });
});

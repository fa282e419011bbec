import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import {
  createHookHandler,
  createLimits,
  createMemoryGrantStore,
  createRedisAnswers,
  createRedisGrantStore,
  type DialRules,
  type GrantStore,
  type Limits,
  type Lines,
} from '../../src/server/index.js';
import { sha256Hex } from '../../src/server/secrets.js';
import { startRedis, type TestRedis } from '../support/redis.js';
import { secret } from './support/world.js';

type Json = Record<string, unknown>;

const lines: Lines = {
  narrow: { callee: 'sip:desk@example.test', limits: { concurrent: 2 } },
  thrifty: { callee: 'sip:desk@example.test', maxDuration: 300, limits: { perDay: { seconds: 600 } } },
};

let redis: TestRedis;
let count = 0;

before(async () => (redis = await startRedis()));
after(() => redis.stop());

/** The stores of one server; each call is another server that shares what can be shared. */
type Shared = () => { grants: GrantStore; limits: Limits };

const worlds: Record<string, () => Shared> = {
  'one server': () => {
    const world = { grants: createMemoryGrantStore(), limits: createLimits() };
    return () => world;
  },
  'two servers with one Redis': () => {
    const prefix = `test-${++count}:`;
    return () => {
      const client = redis.connect();
      return { grants: createRedisGrantStore({ client, prefix }), limits: createLimits({ redis: client, prefix }) };
    };
  },
};

for (const [which, begin] of Object.entries(worlds)) {
  describe(`calls through ${which}`, () => {
    let hooks: ((request: Request) => Promise<Response>)[];
    let grants: GrantStore;
    let tokens = 0;

    beforeEach(() => {
      const shared = begin();
      hooks = [shared(), shared()].map(({ grants: kept, limits }) => {
        grants = kept;
        return createHookHandler({ lines, grants: kept, limits, secret, dial });
      });
    });

    const dial: DialRules = { allow: ['+2547'], limits: { concurrent: 1 } };

    const ask = async (action: string, body: Json): Promise<{ status: number; body: Json }> => {
      const headers = { Authorization: `Bearer ${secret}` };
      const text = JSON.stringify({ event_id: `event-${++count}`, gateway: 'test', from_tag: 'tag', ...body });
      // Every second question goes to the other server.
      const hook = hooks[count % 2]!;
      const response = await hook(new Request(`http://hook.test/${action}`, { method: 'POST', headers, body: text }));
      return { status: response.status, body: response.status === 204 ? {} : ((await response.json()) as Json) };
    };

    const grant = async (line: string | undefined, sub = 'sip:a@b'): Promise<string> => {
      const token = `token-${++tokens}`;
      const exp = Math.floor(Date.now() / 1000) + 300;
      const scope = line === undefined ? (['dial'] as const) : (['call'] as const);
      await grants.put(await sha256Hex(token), { ...(line !== undefined && { line }), sid: token, scope, sub, exp });
      return token;
    };

    const call = async (line: string | undefined, callId: string, sub?: string) => {
      const request_uri = line === undefined ? 'sip:+254722000001@example.test' : 'sip:call@example.test';
      return await ask('call', { token: await grant(line, sub), call_id: callId, request_uri });
    };

    const ended = (callId: string, duration?: number) => ask('ended', { call_id: callId, duration, reason: 'hangup' });

    it('are no more at the same time than the line takes, also when they come at the same moment', async () => {
      const answers = await Promise.all(Array.from({ length: 30 }, (_, index) => call('narrow', `call-${index}`)));
      assert.equal(answers.filter(({ status }) => status === 200).length, 2);
      const refused = answers.filter(({ status }) => status !== 200);
      for (const answer of refused) assert.deepEqual(answer, { status: 403, body: { error: 'busy' } });
    });

    it('find room again when one of them has ended, with the same grant', async () => {
      await call('narrow', 'one');
      await call('narrow', 'two');
      const token = await grant('narrow');
      assert.equal((await ask('call', { token, call_id: 'three' })).body.error, 'busy');
      await ended('one', 30);
      assert.equal((await ask('call', { token, call_id: 'three' })).status, 200);
    });

    it('spend of the day what they take, and are refused when it is spent', async () => {
      const answers = await Promise.all(Array.from({ length: 10 }, (_, index) => call('thrifty', `call-${index}`)));
      assert.equal(answers.filter(({ status }) => status === 200).length, 2);
      const refused = answers.filter(({ status }) => status !== 200);
      for (const answer of refused) assert.deepEqual(answer, { status: 403, body: { error: 'rate-limited' } });
      for (let index = 0; index < 10; index++) await ended(`call-${index}`, 100);
      assert.equal((await call('thrifty', 'next')).status, 200);
      await ended('next', 300);
      // 2 times 100 and 300 of 600 are gone.
      assert.equal((await call('thrifty', 'last')).status, 403);
    });

    it('take no room twice when the gateway asks again', async () => {
      const token = await grant('narrow');
      for (let index = 0; index < 3; index++) {
        assert.equal((await ask('call', { token, call_id: 'one' })).status, 200);
      }
      assert.equal((await call('narrow', 'two')).status, 200);
    });

    it('of a signed-in caller who dials count for him alone', async () => {
      assert.equal((await call(undefined, 'one', 'sip:ann@b')).status, 200);
      assert.equal((await call(undefined, 'two', 'sip:ann@b')).body.error, 'busy');
      assert.equal((await call(undefined, 'three', 'sip:ben@b')).status, 200);
    });
  });
}

describe('a line', () => {
  it('has room again when a call could not be noted, and was refused for that', async () => {
    const kept = createMemoryGrantStore();
    let down = true;
    const spend: GrantStore['spend'] = async (...call) => {
      if (down) throw new Error('down');
      return await kept.spend(...call);
    };
    const single: Lines = { sales: { callee: 'sip:desk@example.test', limits: { concurrent: 1 } } };
    const hook = createHookHandler({ lines: single, grants: { ...kept, spend }, limits: createLimits(), secret });
    const exp = Math.floor(Date.now() / 1000) + 300;
    await kept.put(await sha256Hex('token'), { line: 'sales', sid: 'session', scope: ['call'], sub: 'sip:a@b', exp });
    const call = async (call_id: string): Promise<number> => {
      const headers = { Authorization: `Bearer ${secret}` };
      const body = JSON.stringify({ event_id: call_id, token: 'token', call_id, from_tag: 'tag' });
      return (await hook(new Request('http://hook.test/call', { method: 'POST', headers, body }))).status;
    };
    assert.equal(await call('first'), 500);
    down = false;
    assert.equal(await call('second'), 200);
  });

  it('refuses a repeated question where the first was refused meanwhile, and has room for the next call', async () => {
    const kept = createMemoryGrantStore();
    const single: Lines = { sales: { callee: 'sip:desk@example.test', limits: { concurrent: 1 } } };
    const limits = createLimits();
    const of = { name: 'sales', line: single.sales! };
    await limits.admitCall(of, 'another', 'tag');
    // Both questions have claimed the right, and the first is being refused: then the line is free, and the second goes on.
    let refused: () => void = () => undefined;
    let goOn: () => void = () => undefined;
    const firstIsRefused = new Promise<void>((resolve) => (refused = resolve));
    const secondHasAsked = new Promise<void>((resolve) => (goOn = resolve));
    const grants: GrantStore = {
      ...kept,
      async reserve(...call) {
        const reservation = await kept.reserve(...call);
        if (reservation === 'repeated') {
          goOn();
          await firstIsRefused;
        }
        return reservation;
      },
      async release(...call) {
        await secondHasAsked;
        await kept.release(...call);
        await limits.settleCall('another', 'tag', 5);
        refused();
      },
    };
    const hook = createHookHandler({ lines: single, grants, limits, secret });
    const exp = Math.floor(Date.now() / 1000) + 300;
    await kept.put(await sha256Hex('token'), { line: 'sales', sid: 'session', scope: ['call'], sub: 'sip:a@b', exp });
    const call = async (event_id: string): Promise<unknown> => {
      const headers = { Authorization: `Bearer ${secret}` };
      const body = JSON.stringify({ event_id, token: 'token', call_id: 'call', from_tag: 'tag' });
      const response = await hook(new Request('http://hook.test/call', { method: 'POST', headers, body }));
      return [response.status, ((await response.json()) as Json).error];
    };
    assert.deepEqual(await Promise.all([call('first'), call('again')]), [
      [403, 'busy'],
      [403, 'token-denied'],
    ]);
    await limits.admitCall(of, 'next', 'tag');
  });

  it('does not stay busy when the report of a call cannot be passed on', async () => {
    const grants = createMemoryGrantStore();
    const limits = createLimits();
    const failing = () => Promise.reject(new Error('the webhook is down'));
    const hook = createHookHandler({ lines, grants, limits, secret, onEvent: failing });
    const of = { name: 'narrow', line: lines.narrow! };
    await limits.admitCall(of, 'one', 'tag');
    await limits.admitCall(of, 'two', 'tag');
    const headers = { Authorization: `Bearer ${secret}` };
    const body = JSON.stringify({ event_id: 'e', call_id: 'one', from_tag: 'tag', duration: 5 });
    assert.equal((await hook(new Request('http://hook.test/ended', { method: 'POST', headers, body }))).status, 500);
    await limits.admitCall(of, 'three', 'tag');
  });
});

describe('a Redis that is gone', () => {
  it('lets nobody through and grants nothing, instead of forgetting what was spent', async () => {
    const gone = await startRedis();
    const client = gone.connect();
    const grants = createRedisGrantStore({ client });
    const limits = createLimits({ redis: client });
    const hook = createHookHandler({ lines, grants, limits, secret, answers: createRedisAnswers({ client }) });
    await grants.put(await sha256Hex('token'), { sid: 's', scope: ['call'], line: 'narrow', sub: 'sip:a@b', exp: 2e9 });
    await gone.stop();
    const headers = { Authorization: `Bearer ${secret}` };
    const body = JSON.stringify({ event_id: 'e', call_id: 'one', from_tag: 'tag', token: 'token' });
    const response = await hook(new Request('http://hook.test/call', { method: 'POST', headers, body }));
    assert.deepEqual([response.status, await response.json()], [500, { error: 'server-error' }]);
    await assert.rejects(limits.countAddress('192.0.2.1'));
  });
});

describe('a question that a gateway repeats to another server', () => {
  const servers = (onEvent: () => void | Promise<void>) => {
    const prefix = `test-${++count}:`;
    return [1, 2].map(() => {
      const client = redis.connect();
      const grants = createRedisGrantStore({ client, prefix });
      return createHookHandler({ lines, grants, secret, onEvent, answers: createRedisAnswers({ client, prefix }) });
    });
  };
  const report = () => {
    const headers = { Authorization: `Bearer ${secret}` };
    const body = JSON.stringify({ event_id: 'the-same', gateway: 'test', call_id: 'call', from_tag: 'tag' });
    return new Request('http://hook.test/ended', { method: 'POST', headers, body });
  };

  it('is answered as before, and nothing is done again', async () => {
    let events = 0;
    const [one, other] = servers(() => void events++);
    assert.equal((await one!(report())).status, 204);
    assert.equal((await other!(report())).status, 204);
    assert.equal(events, 1);
  });

  it('waits for the answer that the first is still making', async () => {
    let events = 0;
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    let begun = (): void => undefined;
    const started = new Promise<void>((resolve) => (begun = resolve));
    const [one, other] = servers(async () => {
      events++;
      begun();
      await held;
    });
    const first = one!(report());
    await started;
    const second = other!(report());
    release();
    assert.deepEqual([(await first).status, (await second).status, events], [204, 204, 1]);
  });

  it('is asked anew where the first has failed', async () => {
    let events = 0;
    const [one, other] = servers(() => {
      if (events++ === 0) throw new Error('down');
    });
    assert.equal((await one!(report())).status, 500);
    assert.equal((await other!(report())).status, 204);
  });
});

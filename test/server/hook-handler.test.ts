import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import {
  createHookHandler,
  createMemoryGrantStore,
  type CallEvent,
  type Grant,
  type GrantStore,
  type HookHandlerOptions,
} from '../../src/server/index.js';
import { sha256Hex } from '../../src/server/secrets.js';
import { lines, secret, shop } from './support/world.js';

type Json = Record<string, unknown>;

describe('the hook', () => {
  let grants: GrantStore;
  let events: CallEvent[];
  let count = 0;

  beforeEach(() => {
    grants = createMemoryGrantStore();
    events = [];
  });

  const remember = async (token: string, facts: Partial<Grant> = {}): Promise<void> => {
    const exp = Math.floor(Date.now() / 1000) + 300;
    const grant: Grant = {
      line: 'sales',
      origin: shop,
      sid: 'session',
      scope: ['call'],
      sub: 'sip:a@example.test',
      exp,
      ...facts,
    };
    await grants.put(await sha256Hex(token), grant);
  };

  const ask = async (
    action: string,
    body: Json,
    options: Partial<HookHandlerOptions> = {},
    authorization = `Bearer ${secret}`,
  ): Promise<{ status: number; body: Json }> => {
    const hook = createHookHandler({ lines, grants, secret, onEvent: (event) => void events.push(event), ...options });
    const response = await hook(post(action, body, authorization));
    return { status: response.status, body: response.status === 204 ? {} : ((await response.json()) as Json) };
  };

  const post = (action: string, body: Json, authorization = `Bearer ${secret}`): Request => {
    const facts = { event_id: `event-${++count}`, gateway: 'test', conn_id: 'c', remote_ip: '127.0.0.1', ...body };
    const headers = { Authorization: authorization };
    return new Request(`http://hook.test/sip/${action}`, { method: 'POST', headers, body: JSON.stringify(facts) });
  };

  const call = (token: string, callId = 'call', facts: Json = {}): Json => ({
    token,
    call_id: callId,
    from_tag: 'tag',
    request_uri: 'sip:call@example.test',
    ...facts,
  });

  for (const authorization of ['', 'Bearer wrong', `Basic ${secret}`, `Bearer ${secret}x`, secret]) {
    it(`answers nobody who says "${authorization}" instead of the secret`, async () => {
      await remember('token');
      const answer = await ask('call', call('token'), {}, authorization);
      assert.deepEqual(answer, { status: 401, body: { error: 'unauthorized' } });
      assert.equal((await ask('call', call('token'))).status, 200);
    });
  }

  it('knows its paths, by POST', async () => {
    assert.equal((await ask('other', call('token'))).status, 404);
    assert.equal((await ask('toString', call('token'))).status, 404);
    const hook = createHookHandler({ lines, grants, secret });
    const get = new Request('http://hook.test/call', { headers: { Authorization: `Bearer ${secret}` } });
    assert.equal((await hook(get)).status, 405);
  });

  it('refuses a question without its event, and one from a gateway of another name', async () => {
    assert.equal((await ask('call', { ...call('token'), event_id: undefined })).status, 400);
    assert.equal((await ask('call', call('token'), { gatewayName: 'front' })).status, 403);
  });

  it('lets a call through to its line and says what goes with it', async () => {
    await remember('token');
    const { status, body } = await ask('call', call('token'));
    assert.equal(status, 200);
    assert.equal(body.callee, 'sip:desk@example.test');
    assert.equal(body.caller_id, '+254700000001');
    assert.deepEqual(body.headers, { 'X-Line': 'sales' });
    assert.equal(body.sid, 'session');
  });

  it('finds a grant by the hash alone, too', async () => {
    await remember('token');
    const { token, ...facts } = call('token');
    const answer = await ask('call', { ...facts, token_sha256: (await sha256Hex(token as string)).toUpperCase() });
    assert.equal(answer.status, 200);
  });

  it('calls the line whatever number the caller asked for', async () => {
    await remember('token');
    const { body } = await ask('call', call('token', 'call', { request_uri: 'sip:+254722000001@example.test' }));
    assert.equal(body.callee, 'sip:desk@example.test');
  });

  it('refuses a second call with the same grant', async () => {
    await remember('token');
    assert.equal((await ask('call', call('token', 'one'))).status, 200);
    assert.deepEqual(await ask('call', call('token', 'two')), { status: 403, body: { error: 'token-denied' } });
  });

  it('lets one of many through that come at the same moment', async () => {
    await remember('token');
    const hook = createHookHandler({ lines, grants, secret });
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => hook(post('call', call('token', `${index}`)))),
    );
    assert.equal(answers.filter(({ status }) => status === 200).length, 1);
  });

  it('says to the same call what it said before, until that call is over', async () => {
    await remember('token');
    const first = await ask('call', call('token'));
    assert.deepEqual(await ask('call', call('token')), first);
    await ask('ended', call('token'));
    assert.equal((await ask('call', call('token'))).status, 403);
  });

  it('answers a repeated event as before, without doing anything again', async () => {
    await remember('token');
    const hook = createHookHandler({ lines, grants, secret, onEvent: (event) => void events.push(event) });
    const twice = async (action: string, body: Json): Promise<Response[]> =>
      await Promise.all([hook(post(action, body)), hook(post(action, body))]);
    const [one, two] = await twice('call', { ...call('token'), event_id: 'the-call' });
    assert.deepEqual([one?.status, await one?.text()], [200, await two?.text()]);
    await twice('ended', { ...call('token'), event_id: 'the-end' });
    assert.deepEqual(
      events.map(({ type }) => type),
      ['started', 'ended'],
    );
  });

  it('refuses what it does not know', async () => {
    const unknown = { status: 403, body: { error: 'token-unknown' } };
    assert.deepEqual(await ask('call', call('unknown')), unknown);
    assert.deepEqual(await ask('connect', { token: 'unknown' }), unknown);
    assert.deepEqual(await ask('connect', {}), unknown);
  });

  it('refuses a grant whose time is over', async () => {
    await remember('token', { exp: Math.floor(Date.now() / 1000) - 1 });
    assert.equal((await ask('call', call('token'))).body.error, 'token-unknown');
  });

  it('refuses a token that comes from another page than it was given to', async () => {
    await remember('token');
    const elsewhere = { origin: 'https://evil.example' };
    assert.deepEqual(await ask('call', { ...call('token'), ...elsewhere }), {
      status: 403,
      body: { error: 'token-denied' },
    });
    assert.equal((await ask('connect', { token: 'token', ...elsewhere })).status, 403);
    assert.equal((await ask('call', { ...call('token'), origin: shop })).status, 200);
  });

  it('refuses a line that is no more, and keeps the call for later', async () => {
    await remember('token', { line: 'gone' });
    assert.equal((await ask('call', call('token', 'one'))).body.error, 'not-found');
    const again = await ask('call', call('token', 'two'), { lines: { gone: { callee: 'sip:back@example.test' } } });
    assert.equal(again.body.callee, 'sip:back@example.test');
  });

  it('lets a caller register without a binding, and a receiver with one', async () => {
    await remember('caller');
    await remember('desk', { scope: ['receive'], sub: 'sip:desk@example.test' });
    const caller = await ask('connect', { token: 'caller', aor: 'sip:a@example.test' });
    assert.equal(caller.body.bind, false);
    const { body } = await ask('connect', { token: 'desk', aor: 'sip:desk@example.test' });
    assert.deepEqual([body.aor, body.sid, body.bind], ['sip:desk@example.test', 'session', true]);
    assert.ok((body.expires as number) > 0 && (body.expires as number) <= 300);
  });

  it('lets nobody register for an address that is not theirs', async () => {
    await remember('caller', { scope: ['call', 'receive'] });
    const answer = await ask('connect', { token: 'caller', aor: 'sip:desk@example.test' });
    assert.deepEqual(answer, { status: 403, body: { error: 'token-denied' } });
  });

  it('lets who may only receive call nobody', async () => {
    await remember('desk', { scope: ['receive'] });
    assert.equal((await ask('call', call('desk'))).status, 403);
  });

  describe('for a signed-in caller who may dial', () => {
    const dial = { allow: ['+2547'], callerId: '+254700000009', maxDuration: 600 };
    const dialing = (number: string) => call('token', 'call', { request_uri: number });

    it('lets an allowed number through', async () => {
      await remember('token', { scope: ['dial'] });
      const { body } = await ask('call', dialing('sip:+254722000001@example.test'), { dial });
      assert.equal(body.callee, 'sip:+254722000001@example.test');
      assert.equal(body.caller_id, '+254700000009');
      assert.equal(body.max_duration, 600);
    });

    const tricks = [
      'sip:+12025550123@example.test',
      'sip:+254722000001;phone-context=+1@example.test',
      'sip:+254722000001,,99@example.test',
      'sip:+2547%32000001@example.test',
      'sip:00254722000001@example.test',
      'sip:*72254722000001@example.test',
      'sip:999@example.test',
      'sip:+254722000001@example.test;user=phone',
      'sip:+254722000001@example.test?Route=evil',
      'tel:+254722000001',
      '',
    ];
    for (const number of tricks) {
      it(`refuses "${number}"`, async () => {
        await remember('token', { scope: ['dial'] });
        assert.equal((await ask('call', dialing(number), { dial })).status, 403);
      });
    }

    it('allows no number where no rule does', async () => {
      await remember('token', { scope: ['dial'] });
      assert.equal((await ask('call', dialing('sip:+254722000001@example.test'))).status, 403);
    });
  });

  it('reports calls that were let through, answered and ended, with their line and session', async () => {
    await remember('token', { context: { campaign: 'spring' } });
    await ask('call', call('token'));
    assert.equal((await ask('answered', call('token'))).status, 204);
    assert.equal((await ask('ended', { ...call('token'), duration: 7.5, reason: 'hangup' })).status, 204);
    assert.deepEqual(
      events.map(({ type, line, sid }) => [type, line, sid]),
      [
        ['started', 'sales', 'session'],
        ['answered', 'sales', 'session'],
        ['ended', 'sales', 'session'],
      ],
    );
    assert.deepEqual([events[2]?.duration, events[2]?.reason], [7.5, 'hangup']);
    assert.deepEqual(events[2]?.context, { campaign: 'spring' });
  });

  it('takes a duration that is no number of seconds for none', async () => {
    await remember('token');
    await ask('call', call('token'));
    const report = post('ended', { ...call('token'), duration: 0 });
    const body = (await report.text()).replace('"duration":0', '"duration":1e999');
    const hook = createHookHandler({ lines, grants, secret, onEvent: (event) => void events.push(event) });
    assert.equal((await hook(new Request(report.url, { method: 'POST', headers: report.headers, body }))).status, 204);
    assert.equal(events.at(-1)?.type, 'ended');
    assert.equal(events.at(-1)?.duration, undefined);
  });

  it('lets a call through, and says why nobody could be told of it', async () => {
    await remember('token');
    const failure = new Error('a secret of the database');
    const errors: unknown[] = [];
    const onEvent = () => Promise.reject(failure);
    const hook = createHookHandler({ lines, grants, secret, onEvent, onError: (error) => void errors.push(error) });
    assert.equal((await hook(post('call', { ...call('token'), event_id: 'the-call' }))).status, 200);
    assert.deepEqual(errors, [failure]);
  });

  it('asks for a report again if nobody could take it', async () => {
    await remember('token');
    let working = false;
    const hook = createHookHandler({
      lines,
      grants,
      secret,
      onEvent: () => {
        if (!working) throw new Error('a secret of the database');
      },
    });
    const body = { ...call('token'), event_id: 'the-end' };
    const failed = await hook(post('ended', body));
    assert.deepEqual([failed.status, await failed.json()], [500, { error: 'server-error' }]);
    working = true;
    assert.equal((await hook(post('ended', body))).status, 204);
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { HookClient } from '../../../demo/gateway/hook-client.js';
import { parseMessage, type SipRequest } from '../../../demo/gateway/sip-message.js';
import type { Connection } from '../../../demo/gateway/connection.js';
import { createHookHandler, createMemoryGrantStore, type Grant } from '../../../src/server/index.js';
import { sha256Hex } from '../../../src/server/secrets.js';
import { lines, secret, shop } from '../../server/support/world.js';
import { CANARY } from '../support/hostile.js';
import { almost, anyJson, damaged } from '../support/json.js';
import { parameters, patience } from '../support/settings.js';
import { tell } from '../support/told-by-node.js';

/** The gateway's side: what no answer may bring into a SIP message. */
const CONTROL = /\p{Cc}/u;

const invite = parseMessage(
  [
    'INVITE sip:call@example.test SIP/2.0',
    'Via: SIP/2.0/WSS a.invalid;branch=z9hG4bK1',
    'From: <sip:visitor@example.test>;tag=mine',
    'To: <sip:call@example.test>',
    'Call-ID: fuzz',
    'CSeq: 1 INVITE',
    'Contact: <sip:visitor@a.invalid;transport=ws>',
    'Content-Length: 0',
    '\r\n',
  ].join('\r\n'),
) as SipRequest;
const connection = { id: 'c', remoteIp: '127.0.0.1', origin: shop } as unknown as Connection;

const verdicts = almost({
  callee: ['sip:desk@example.test', 'sip:+254700000001@example.test'],
  caller_id: ['+254700000001', 'sip:visitor@example.test', undefined],
  max_duration: [600, 0, undefined],
  dtmf: [true, false, undefined],
  headers: [{ 'X-Line': 'sales' }, {}, undefined],
  sid: ['session'],
  expires: [300],
  aor: ['sip:visitor@example.test'],
  bind: [true, false],
  error: [undefined, 'busy', 'token-unknown'],
});
const headers = fc.dictionary(fc.string({ unit: 'binary' }), anyJson, { maxKeys: 12 });
const answers = fc.record({
  status: fc.oneof(
    { weight: 4, arbitrary: fc.constant(200) },
    { weight: 1, arbitrary: fc.constantFrom(201, 204, 302, 403, 404, 500) },
  ),
  body: fc
    .tuple(verdicts, fc.option(headers, { nil: undefined, freq: 6 }))
    .map(([verdict, more]) => JSON.stringify(more === undefined ? verdict : { ...verdict, headers: more }))
    .chain(damaged),
  /** A backend that is no handler of ours may do this, too. */
  throws: fc.constantFrom(...Array.from({ length: 20 }, () => false), true),
});

describe('answers of a hook that lie', { timeout: patience }, () => {
  it('become a call that SIP can carry, or a refusal', async () => {
    let inputs = 0;
    let allowed = 0;
    await fc.assert(
      fc.asyncProperty(answers, async ({ status, body, throws }) => {
        const hook = async (): Promise<Response> => {
          if (throws) throw new Error(secret);
          return new Response([204, 302].includes(status) ? null : body, { status });
        };
        const client = new HookClient({ hook, secret, name: 'fuzz', domain: 'example.test' });
        inputs += 2;
        const call = await client.call(connection, invite, 'token');
        const register = await client.connect(connection, invite, 'token');
        if ('allowed' in call) {
          allowed++;
          const { callee, caller, headers: extra, maxDuration } = call.allowed;
          for (const text of [callee, caller]) assert.doesNotMatch(text, CONTROL);
          for (const [name, value] of Object.entries(extra)) {
            assert.match(name, /^X-[A-Za-z0-9-]+$/i);
            assert.doesNotMatch(value, CONTROL);
          }
          assert.match(callee, /^sips?:[^\s<>"]+$/);
          assert.match(caller, /^("Anonymous" )?<sips?:[^\s<>"]+>$/);
          assert.ok(maxDuration === undefined || (maxDuration >= 0 && Number.isFinite(maxDuration)));
        } else assert.ok([401, 403, 486, 503].includes(call.refused));
        if ('allowed' in register) assert.doesNotMatch(register.allowed.aor, CONTROL);
      }),
      parameters(1000),
    );
    assert.ok(allowed > 0);
    await tell('hook answers', inputs, { allowed });
  });
});

const facts = {
  event_id: ['e', undefined],
  gateway: ['fuzz'],
  conn_id: ['c'],
  remote_ip: ['127.0.0.1'],
  origin: [shop, undefined, 'null'],
  call_id: ['call'],
  from_tag: ['tag'],
  from_uri: ['sip:visitor@example.test'],
  request_uri: ['sip:call@example.test'],
  token: ['token', 'other'],
  token_sha256: [undefined, 'a'.repeat(64)],
  username: [undefined, 'web-4711'],
  aor: ['sip:a@example.test', undefined],
  reason: ['hangup', undefined],
  duration: [3, undefined],
  called: ['+254200000001', undefined],
  caller: ['+254700000001', undefined],
};
const questions = fc.record({
  action: fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom('connect', 'call', 'answered', 'ended', 'incoming', 'grant') },
    { weight: 1, arbitrary: fc.constantFrom('', 'toString', '__proto__', 'constructor', '%00', '..', 'call/') },
  ),
  method: fc.constantFrom('POST', 'POST', 'POST', 'POST', 'PUT', 'DELETE'),
  authorization: fc.oneof(
    { weight: 9, arbitrary: fc.constant(`Bearer ${secret}`) },
    {
      weight: 1,
      arbitrary: fc.constantFrom('', 'Bearer', `Basic ${secret}`, `Bearer ${'x'.repeat(9000)}`, `Bearer ${secret} x`),
    },
  ),
  body: almost(facts).chain((body) => damaged(JSON.stringify(body))),
});

describe('questions to a hook that lie', { timeout: patience }, () => {
  it('are answered with a status and a code, and never by a fault of the server', async () => {
    const grants = createMemoryGrantStore();
    const faults: unknown[] = [];
    const hook = createHookHandler({
      lines,
      grants,
      secret,
      numbers: { '+254200000001': { ring: ['desk'] } },
      domain: 'example.test',
      onError: (error) => faults.push(error),
    });
    const grant: Grant = {
      line: 'sales',
      origin: shop,
      sid: 'session',
      scope: ['call', 'receive'],
      sub: 'sip:a@example.test',
      exp: Math.floor(Date.now() / 1000) + 86_400,
    };
    let inputs = 0;
    const statuses: Record<string, number> = {};
    await fc.assert(
      fc.asyncProperty(questions, async ({ action, method, authorization, body }) => {
        inputs++;
        await grants.put(await sha256Hex('token'), grant);
        const request = new Request(`http://hook.test/sip/${action}`, {
          method,
          headers: { Authorization: authorization },
          body,
        });
        const response = await hook(request);
        const said = await response.text();
        statuses[response.status] = (statuses[response.status] ?? 0) + 1;
        assert.ok([200, 204, 400, 401, 403, 404, 405, 413].includes(response.status), `${response.status}`);
        assert.deepEqual(faults, []);
        if (response.status >= 400) assert.deepEqual(Object.keys(JSON.parse(said) as object), ['error']);
        for (const hidden of [secret, CANARY]) assert.ok(!said.includes(hidden), said);
        // Whoever is let through is called by the line, whatever was asked for.
        if (action === 'call' && response.status === 200)
          assert.equal((JSON.parse(said) as { callee: unknown }).callee, 'sip:desk@example.test');
        assert.deepEqual(Object.keys(Object.prototype), []);
      }),
      parameters(2000),
    );
    assert.ok(statuses['200'] && statuses['204'] && statuses['400'], JSON.stringify(statuses));
    await tell('hook questions', inputs, { statuses });
  });
});

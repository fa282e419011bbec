import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { HookClient } from '../../../demo/gateway/hook-client.js';
import { parseMessage, type SipRequest } from '../../../demo/gateway/sip-message.js';
import type { Connection } from '../../../demo/gateway/connection.js';
import { secret, shop } from '../../server/support/world.js';
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
interface Lie {
  status: number;
  body: string;
  /** A backend that is no handler of ours may do this, too. */
  throws: boolean;
}
const headers = fc.dictionary(fc.string({ unit: 'binary' }), anyJson, { maxKeys: 12 });
const answers: fc.Arbitrary<Lie> = fc.record({
  status: fc.oneof(
    { weight: 4, arbitrary: fc.constant(200) },
    { weight: 1, arbitrary: fc.constantFrom(201, 204, 302, 403, 404, 500) },
  ),
  body: fc
    .tuple(verdicts, fc.option(headers, { nil: undefined, freq: 6 }))
    .map(([verdict, more]) => JSON.stringify(more === undefined ? verdict : { ...verdict, headers: more }))
    .chain(damaged),
  throws: fc.constantFrom(...Array.from({ length: 20 }, () => false), true),
});

/** What was found once. */
const KNOWN = [
  { status: 200, body: { aor: '\r', sid: 'session', bind: true, expires: 300 } },
  { status: 403, body: { error: 'toString' } },
].map(({ status, body }): [Lie] => [{ status, body: JSON.stringify(body), throws: false }]);

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
        else assert.ok([401, 403, 486, 503].includes(register.refused));
      }),
      { ...parameters(1000), examples: KNOWN },
    );
    assert.ok(allowed > 0);
    await tell('hook answers', inputs, { allowed });
  });
});

import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { attacks } from './support/attack.js';
import { CALLEE_MARK } from './support/far-end.js';
import type { Target } from './support/targets.js';
import type { Thief } from './support/thief.js';

const answer = (body: unknown, status = 200): Response => Response.json(body, { status });
/** The far side’s own address: what is dangerous about an answer stands beside it. */
const rings = (target: Target): string => target.callee('rings');

/** Answers of a hook that is broken, or in somebody else’s hands. No call may come of them. */
const NONSENSE: Record<string, (target: Target) => Promise<Response> | Response> = {
  'is down (500)': () => answer({}, 500),
  throws: () => Promise.reject(new Error('down')),
  'answers after five seconds': async (target) => {
    await sleep(5000, undefined, { ref: false });
    return answer({ callee: rings(target), sid: 'x', expires: 300 });
  },
  'answers 200 with HTML': () => new Response('<html>Please log in</html>'),
  'answers 200 with nothing': () => new Response(''),
  'answers 204': () => new Response(null, { status: 204 }),
  'answers 201 with a callee': (target) => answer({ callee: rings(target) }, 201),
  'redirects to one that says yes': () => new Response(null, { status: 302, headers: { Location: '/yes' } }),
  'answers 401': () => answer({ error: 'unauthorized' }, 401),
  'answers null': () => answer(null),
  'answers an array': (target) => answer([{ callee: rings(target) }]),
  'answers half a JSON': (target) => new Response(`{"callee":"${rings(target)}"`),
  'answers without a callee': () => answer({ sid: 'x', expires: 300 }),
  'answers an empty callee': () => answer({ callee: '' }),
  'answers a callee that is a list': (target) => answer({ callee: [rings(target)] }),
  'answers a tel: callee': () => answer({ callee: 'tel:+19005550100' }),
  'answers a callee with CRLF': (target) => answer({ callee: `${rings(target)}\r\nX-Evil: 1` }),
  'answers a callee with a Route': (target) => answer({ callee: `<${rings(target)}?Route=%3Csip:198.51.100.9%3E>` }),
  'answers a callee with blanks': (target) => answer({ callee: `${rings(target)} SIP/2.0` }),
  'answers two callees': (target) => answer({ callee: `${rings(target)},sip:+19005550100@127.0.0.1` }),
  'answers a caller id with CRLF': (target) => answer({ callee: rings(target), caller_id: '+1\r\nX-Evil: 1' }),
  'answers a caller id with a bracket': (target) => answer({ callee: rings(target), caller_id: 'sip:a@b>;x=<sip:c@d' }),
  'answers a max_duration of letters': (target) => answer({ callee: rings(target), max_duration: 'ever' }),
  'answers a negative max_duration': (target) => answer({ callee: rings(target), max_duration: -1 }),
  'answers a header of SIP itself': (target) => answer({ callee: rings(target), headers: { Route: '<sip:c>' } }),
  'answers a header with CRLF': (target) =>
    answer({ callee: rings(target), headers: { 'X-A': 'a\r\nRoute: <sip:c>' } }),
  'answers a header name with CRLF': (target) =>
    answer({ callee: rings(target), headers: { 'X-A: 1\r\nRoute': '<sip:c>' } }),
  'answers a megabyte': () => new Response('{"callee":"'.padEnd(1_000_000, 'a')),
};

/** What the gateway’s own secret is guessed to be. */
const SECRETS = ['', 'Bearer', 'Bearer ', 'Bearer x', 'Basic Z2F0ZXdheTp4', 'Bearer undefined', 'Bearer secret'];

attacks('the hook', (attack) => {
  for (const [name, hook] of Object.entries(NONSENSE)) {
    attack(`a hook that ${name}`, async (thief) => {
      const token = await thief.token();
      thief.target.backend.instead = async () => await hook(thief.target);
      const invite = thief.invite({ token });
      const register = thief.request('REGISTER', { token });
      const met = [await thief.refused(invite), await thief.refused(register, 'REGISTER')];
      thief.target.backend.instead = undefined;
      // Before the control call: what the far side has now came of this hook.
      assert.equal(thief.far.requests('INVITE', invite.callId).length, 0, 'the far side rang');
      return [...new Set(met)].join(', ');
    });
  }

  attack('a callee outside of the addresses that the operator allows', async (thief) => {
    const token = await thief.token();
    thief.target.backend.instead = async () =>
      answer({ callee: 'sip:+19005550100@198.51.100.77', sid: 'x', expires: 300 });
    const met = await thief.refused(thief.invite({ token }));
    thief.target.backend.instead = undefined;
    return met;
  });

  attack('a slow hook, to hold up the hang-up of others', async (thief) => {
    const talk = await thief.talk('answers', await thief.connect());
    const token = await thief.token();
    thief.target.backend.instead = async () => {
      await sleep(3000, undefined, { ref: false });
      return answer({}, 403);
    };
    const sent = Array.from({ length: 50 }, () => thief.invite({ token }));
    await thief.hangUp(talk);
    const answered = sent.filter(({ callId }) =>
      thief.client.messages.some(({ status, text }) => (status ?? 0) >= 200 && text.includes(callId)),
    );
    // One behind the other they would take minutes, and the BYE would be the last. On a busy machine, the first of them may
    // be given up on while the BYE is on its way.
    assert.ok(answered.length < sent.length / 2, `the BYE came after ${answered.length} of the slow calls`);
    const met = await Promise.all(sent.map((one) => thief.refused(one)));
    thief.target.backend.instead = undefined;
    return `the BYE overtook fifty calls, then: ${[...new Set(met)].join(', ')}`;
  });

  for (const action of [
    'connect',
    'call',
    'answered',
    'ended',
    'incoming',
    'grant',
    'nonsense',
    '__proto__',
    '../hook/call',
  ]) {
    attack(`${action} asked without the secret`, async (thief) => await askOutside(thief, action), {
      on: ['kamailio'],
    });
  }

  attack(
    'a GET of the hook',
    async (thief) => {
      const { status } = await fetch(`${thief.target.addresses.token_url.replace('/api/sip-token', '')}/hook/call`);
      assert.ok(status >= 400);
      return String(status);
    },
    { on: ['kamailio'] },
  );

  attack(
    'the reports of a call that the thief makes up',
    async (thief) => {
      await askOutside(thief, 'ended');
      assert.ok(!thief.target.backend.events.some(({ callId }) => callId === 'x'));
      return 'no report was believed';
    },
    { on: ['kamailio'] },
  );
});

/** As the gateway asks, from outside and without what only the gateway knows. */
async function askOutside(thief: Thief, action: string): Promise<string> {
  const { token_url } = thief.target.addresses;
  const body = JSON.stringify({
    event_id: 'x',
    gateway: 'gateway',
    call_id: 'x',
    from_tag: 'x',
    token: await thief.token(),
    token_sha256: 'a'.repeat(64),
    sid: 'x',
    sub: `sip:${CALLEE_MARK}-rings@gateway.invalid`,
    line: 'busy',
    expires_in: 300,
    called: '+254700000001',
    caller: '+254722000001',
    __proto__: { callee: 'x' },
  });
  const statuses = new Set<number>();
  for (const authorization of SECRETS) {
    const headers = {
      Authorization: authorization,
      'X-Forwarded-For': '127.0.0.1',
      'Content-Type': 'application/json',
    };
    const response = await fetch(token_url.replace('/api/sip-token', `/hook/${action}`), {
      method: 'POST',
      headers,
      body,
    });
    assert.ok(response.status >= 400, `${action}: ${response.status}`);
    assert.doesNotMatch(await response.text(), new RegExp(CALLEE_MARK));
    statuses.add(response.status);
  }
  return [...statuses].join(', ');
}

import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CallEvent } from '../../src/server/index.js';
import { startStack, type Stack } from '../../demo/stack/stack.js';
import { ENDING_LINES } from '../../demo/stack/lines.js';
import { eventually, fetchGrant, headerOf, SipClient, webrtcOffer, type SipMessage } from './sip-client.js';

let stack: Stack;
let client: SipClient;
const events: CallEvent[] = [];

before(async () => {
  stack = await startStack({
    onEvent: (event) => events.push(event),
    // One line whose address no gateway should accept, as a broken backend might hand it out.
    lines: { wild: { callee: 'sip:+15550100@198.51.100.77' } },
    // Any page may connect, so that it is the hook which finds out that a token is another page's.
    settings: { ANSWER_TIME_MS: 2000, ORIGINS: '""' },
  });
  client = await SipClient.open(stack);
});

after(async () => {
  client.close();
  await stack.stop();
});

afterEach(() => stack.setHook('up'));

async function invite(line: string, options: Parameters<SipClient['request']>[1] = {}) {
  const grant = await fetchGrant(stack, line);
  const sent = client.request('INVITE', { token: grant.token, body: webrtcOffer(), ...options });
  return { ...sent, grant };
}

async function outcome(sent: { callId: string }, limitMs?: number): Promise<SipMessage> {
  return await client.final(sent.callId, '1 INVITE', limitMs);
}

/** What the phone that never answers got of one call. */
async function reached(callId: string, method = 'INVITE'): Promise<SipMessage> {
  return await eventually(() => stack.endings.requests({ method, callId })[0]);
}

test('answers the double CRLF of RFC 5626 with one', async () => {
  const before = client.frames.length;
  client.send('\r\n\r\n');
  await eventually(() => client.frames.slice(before).find((frame) => frame === '\r\n'));
});

test('a REGISTER with a fresh grant gets 200 and its Contact back, with its parameters', async () => {
  const grant = await fetchGrant(stack, 'sales');
  const contact = `<sip:abc@${client.host};transport=ws>;+sip.ice;reg-id=1;+sip.instance="<urn:uuid:1>"`;
  const address = `<${grant.sip_uri}>`;
  const options = { token: grant.token, from: address, to: address };
  const { callId } = client.request('REGISTER', { ...options, contact: `${contact};expires=600` });
  const answer = await client.final(callId, '1 REGISTER');
  assert.equal(answer.status, 200);
  assert.ok(headerOf(answer, 'contact').startsWith(`${contact};expires=`));
  const expires = Number(/expires=(\d+)$/.exec(headerOf(answer, 'contact'))?.[1]);
  assert.ok(expires > 250 && expires <= 300, `expires=${expires}`);

  const end = client.request('REGISTER', { ...options, contact: `${contact};expires=0` });
  const ended = await client.final(end.callId, '1 REGISTER');
  assert.equal(ended.status, 200);
  assert.equal(headerOf(ended, 'contact'), '');
});

test('without a token: 401, on REGISTER and on INVITE', async () => {
  for (const method of ['REGISTER', 'INVITE']) {
    const { callId } = client.request(method, { body: method === 'INVITE' ? webrtcOffer() : '' });
    const answer = await client.final(callId, `1 ${method}`);
    assert.equal(answer.status, 401);
    assert.match(headerOf(answer, 'www-authenticate'), /^Bearer /);
  }
});

test('with a token that nobody gave out: 403', async () => {
  for (const method of ['REGISTER', 'INVITE']) {
    const { callId } = client.request(method, { token: 'a.b.c', body: method === 'INVITE' ? webrtcOffer() : '' });
    assert.equal((await client.final(callId, `1 ${method}`)).status, 403);
  }
});

test('a token that was fetched for another page is refused', async () => {
  const thief = await SipClient.open(stack, { Origin: 'https://evil.example' });
  try {
    const grant = await fetchGrant(stack, 'busy');
    const { callId } = thief.request('INVITE', { token: grant.token, body: webrtcOffer() });
    assert.equal((await thief.final(callId, '1 INVITE')).status, 403);
  } finally {
    thief.close();
  }
});

test('callee and caller are what the hook says, whatever the request says', async () => {
  const sent = await invite('busy', {
    uri: 'sip:+19005550100@198.51.100.9;transport=udp',
    to: '"The Bank" <sip:+19005550100@198.51.100.9>',
    from: '"The Bank" <sip:+254711111111@bank.example>',
    headers: [
      'Route: <sip:198.51.100.9;lr>',
      'P-Asserted-Identity: <sip:+254711111111@bank.example>',
      'P-Preferred-Identity: <sip:+254711111111@bank.example>',
      'Remote-Party-ID: <sip:+254711111111@bank.example>;party=calling',
      'Diversion: <sip:+254711111111@bank.example>',
      'X-Anything: at all',
    ],
  });
  assert.equal((await outcome(sent)).status, 486);
  const { text, uri, headers } = await reached(sent.callId);
  assert.match(uri ?? '', /^sip:busy@127\.0\.0\.1:\d+$/);
  assert.doesNotMatch(text, /19005550100|254711111111|bank|Bank|X-Anything|Diversion|Remote-Party-ID/);
  assert.match(text, /^From: *<sip:\+254700000001@gateway\.invalid>/m);
  assert.deepEqual(
    headers.filter(({ name }) => name === 'P-Asserted-Identity').map(({ value }) => value),
    ['<sip:+254700000001@gateway.invalid>'],
  );
});

test('a line without a caller id calls anonymously', async () => {
  const sent = await invite('anonymous', { from: '<sip:+254711111111@bank.example>' });
  const { text } = await reached(sent.callId);
  assert.match(text, /^From: *<sip:anonymous@anonymous\.invalid>/m);
  assert.doesNotMatch(text, /P-Asserted-Identity|254711111111/);
  await cancel(sent);
});

test('no message towards the phone holds the token, and none to the browser an address of the phone', async () => {
  const sent = await invite('decline');
  const answer = await outcome(sent);
  assert.equal(answer.status, 603);
  const out = stack.endings.requests({ callId: sent.callId }).map(({ text }) => text);
  assert.ok(out.length >= 2, 'INVITE and ACK');
  for (const text of out) {
    assert.ok(!text.includes(sent.grant.token));
    assert.ok(!text.includes('Authorization'));
  }
  const { uri } = await reached(sent.callId);
  for (const { text } of client.messages.filter((message) => headerOf(message, 'call-id') === sent.callId)) {
    assert.ok(!text.includes(uri ?? '-'), text);
    assert.doesNotMatch(text, /decline@|pbx7|Room 12|Boss/);
  }
});

const STATUS: Record<(typeof ENDING_LINES)[number], number> = {
  busy: 486,
  decline: 603,
  // Nobody answers for RING_TIME_MS; that is waited for in no test.
  ringing: 0,
  unavailable: 480,
  notfound: 404,
  // Redirections are not followed, and a challenge of the trunk is the gateway's trouble.
  redirect: 480,
  challenge: 503,
  // Not even a provisional response: ANSWER_TIME_MS.
  dead: 408,
};

for (const line of ENDING_LINES.filter((name) => STATUS[name] > 0)) {
  test(`line ${line} ends with ${STATUS[line]} and a reason phrase of ours`, async () => {
    const sent = await invite(line);
    const answer = await outcome(sent);
    assert.equal(answer.status, STATUS[line]);
    assert.doesNotMatch(answer.text, /4711|Boss|Room 12|pbx7|127\.0\.0\.9|Extension/);
    await eventually(() => events.find(({ type, callId }) => type === 'ended' && callId === sent.callId));
  });
}

test('a used token opens no second call', async () => {
  const sent = await invite('busy');
  assert.equal((await outcome(sent)).status, 486);
  const again = client.request('INVITE', { token: sent.grant.token, body: webrtcOffer() });
  assert.equal((await outcome(again)).status, 403);
});

test('a used token opens no second call at the same moment', async () => {
  const { token } = await fetchGrant(stack, 'ringing');
  const both = [1, 2].map(() => client.request('INVITE', { token, body: webrtcOffer() }));
  await eventually(() => client.messages.find(({ status }) => status === 403));
  await sleep(200);
  const called = both.filter(({ callId }) => stack.endings.requests({ method: 'INVITE', callId }).length > 0);
  assert.equal(called.length, 1);
  for (const sent of called) await cancel(sent);
});

test('fails closed: a hook that is down, slow or talks nonsense gets the caller 503 and the phone nothing', async () => {
  for (const mode of ['down', 'nonsense', 'slow'] as const) {
    const grant = await fetchGrant(stack, 'busy');
    stack.setHook(mode);
    const started = Date.now();
    const { callId } = client.request('INVITE', { token: grant.token, body: webrtcOffer() });
    const register = client.request('REGISTER', { token: grant.token });
    assert.equal((await client.final(callId, '1 INVITE')).status, 503, mode);
    assert.equal((await client.final(register.callId, '1 REGISTER')).status, 503, mode);
    assert.ok(Date.now() - started < 3500, `${mode}: ${Date.now() - started} ms`);
    assert.equal(stack.endings.requests({ callId }).length, 0, mode);
    stack.setHook('up');
  }
});

test('a callee outside of the configured addresses is not called', async () => {
  assert.equal((await outcome(await invite('wild'))).status, 503);
});

test('a slow hook does not delay others', async () => {
  const grant = await fetchGrant(stack, 'busy');
  stack.setHook('slow');
  const waiting = [1, 2, 3, 4, 5, 6, 7, 8].map(() =>
    client.request('INVITE', { token: grant.token, body: webrtcOffer() }),
  );
  await sleep(100);
  const started = Date.now();
  const { callId } = client.request('OPTIONS');
  assert.equal((await client.final(callId, '1 OPTIONS')).status, 405);
  assert.ok(Date.now() - started < 200, `${Date.now() - started} ms`);
  for (const sent of waiting) assert.equal((await outcome(sent)).status, 503);
  stack.setHook('up');
});

test('CANCEL ends the ringing, also while the hook is asked', async () => {
  const ringing = await invite('ringing');
  await client.waitFor((message) => message.status === 180 && headerOf(message, 'call-id') === ringing.callId);
  await cancel(ringing);
  await reached(ringing.callId, 'CANCEL');

  stack.setHook('slow');
  const asked = await invite('ringing');
  await sleep(100);
  await cancel(asked);
  stack.setHook('up');
  assert.equal(stack.endings.requests({ callId: asked.callId }).length, 0);
});

test('an unanswered call is cancelled when the WebSocket of its caller closes', async () => {
  const visitor = await SipClient.open(stack);
  const grant = await fetchGrant(stack, 'ringing');
  const { callId } = visitor.request('INVITE', { token: grant.token, body: webrtcOffer() });
  await visitor.waitFor(({ status }) => status === 180);
  const closed = Date.now();
  visitor.close();
  await reached(callId, 'CANCEL');
  assert.ok(Date.now() - closed < 1000);
});

test('a caller who closes while the hook is asked rings nobody', async () => {
  const visitor = await SipClient.open(stack);
  const grant = await fetchGrant(stack, 'ringing');
  stack.setHook('late');
  const { callId } = visitor.request('INVITE', { token: grant.token, body: webrtcOffer() });
  await visitor.waitFor(({ status }) => status === 100);
  visitor.close();
  await sleep(1500);
  stack.setHook('up');
  assert.equal(stack.endings.requests({ method: 'INVITE', callId }).length, 0);
});

test('other methods get 405, and requests in a dialog that never was 481', async () => {
  for (const method of ['MESSAGE', 'SUBSCRIBE', 'REFER', 'PUBLISH', 'OPTIONS', 'NOTIFY', 'INFO', 'UPDATE']) {
    const { callId } = client.request(method);
    assert.equal((await client.final(callId, `1 ${method}`)).status, 405, method);
  }
  for (const method of ['INVITE', 'BYE', 'INFO', 'UPDATE']) {
    const target = stack.addresses.trunk.replace('sip:', 'sip:ringing@');
    const { callId } = client.request(method, { to: '<sip:call@gateway.invalid>;tag=made-up', uri: target });
    assert.equal((await client.final(callId, `1 ${method}`)).status, 481, method);
  }
});

test('what is no call at all is refused', async () => {
  const bare = await invite('busy', { body: '' });
  assert.equal((await outcome(bare)).status, 488);
  const injected = await invite('busy', { callId: `x","callee":"sip:evil@127.0.0.1` });
  assert.equal((await outcome(injected)).status, 400);
});

async function cancel(sent: { callId: string; fromTag: string; branch: string }): Promise<void> {
  client.request('CANCEL', { ...sent, contact: '' });
  assert.equal((await outcome(sent)).status, 487);
}

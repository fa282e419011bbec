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
    settings: { ANSWER_TIME_MS: 2000 },
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

const STATUS: Record<(typeof ENDING_LINES)[number], number> = {
  busy: 486,
  decline: 603,
  // Nobody answers for RING_TIME_MS; that is waited for in no test.
  ringing: 0,
  unavailable: 480,
  incompatible: 488,
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
    assert.doesNotMatch(answer.text, /\b4711\b|Boss|Room 12|\bpbx7\b|127\.0\.0\.9|Extension/);
    await eventually(() => events.find(({ type, callId }) => type === 'ended' && callId === sent.callId));
  });
}

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
  visitor.close();
  // Long before RING_TIME_MS, which is a minute and a half.
  await reached(callId, 'CANCEL');
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

async function cancel(sent: { callId: string; fromTag: string; branch: string }): Promise<void> {
  client.request('CANCEL', { ...sent, contact: '' });
  assert.equal((await outcome(sent)).status, 487);
}

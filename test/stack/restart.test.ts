import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { callLine, register, type AnsweredCall } from './answered-call.js';
import type { SipClient } from './sip-client.js';
import { fetchGrant, webrtcOffer, type Grant } from './sip-client.js';
import { useStack } from './use-stack.js';

const use = useStack({ settings: { GRACE: 4 } });
const { connect, ended } = use;

async function call(line: string): Promise<AnsweredCall> {
  const phone = use.stack.phone('sales');
  const since = phone.mark();
  const answered = await callLine(use.stack, await connect(), line);
  await phone.waitFor('CALL_ESTABLISHED', { since });
  return answered;
}

async function restart(): Promise<void> {
  const [gateway] = use.stack.gateways;
  await gateway!.stop();
  await gateway!.start();
}

/** The same session on a new connection. */
async function comeBack(line: string, grant: Grant): Promise<SipClient> {
  const again = await connect();
  const renewed = await fetchGrant(use.stack, line, grant.token);
  await register(again, renewed);
  return again;
}

test('a call goes on over a restart: re-INVITE and BYE of the browser reach the phone', async () => {
  const phone = use.stack.phone('sales');
  const since = phone.mark();
  const { grant, callId, within } = await call('sales');
  await restart();
  const again = await comeBack('sales', grant);
  again.request('INVITE', { ...within, cseq: 2, body: webrtcOffer() });
  const answer = await again.final(callId, '2 INVITE');
  assert.equal(answer.status, 200);
  assert.match(answer.body, /^a=ice-ufrag:/m);
  again.request('ACK', { ...within, cseq: 2, contact: '' });
  // Past the grace of the connection that is gone.
  await sleep(5000);
  assert.ok(!phone.events(since).some(({ type }) => type === 'CALL_CLOSED'));
  again.request('BYE', { ...within, cseq: 3, contact: '' });
  assert.equal((await again.final(callId, '3 BYE')).status, 200);
  await phone.waitFor('CALL_CLOSED', { since });
  const event = await ended(callId);
  assert.equal(event.reason, 'caller-hangup');
  assert.ok((event.duration ?? 0) >= 5, 'counted from its answer, not from the restart');
});

test('the phone hangs up after a restart, and the browser hears of it on its new connection', async () => {
  const phone = use.stack.phone('sales');
  const { grant, callId, within } = await call('sales');
  await restart();
  const again = await comeBack('sales', grant);
  again.request('INVITE', { ...within, cseq: 2, body: webrtcOffer() });
  assert.equal((await again.final(callId, '2 INVITE')).status, 200);
  again.request('ACK', { ...within, cseq: 2, contact: '' });
  await phone.hangup();
  const bye = await again.waitFor(({ method }) => method === 'BYE');
  again.respond(bye, 200, 'OK');
  assert.equal((await ended(callId)).reason, 'callee-hangup');
});

test('a restart prolongs no call beyond its longest time', async () => {
  const phone = use.stack.phone('sales');
  const since = phone.mark();
  const { grant, callId, within } = await call('brief');
  const began = Date.now();
  await restart();
  const again = await comeBack('brief', grant);
  again.request('INVITE', { ...within, cseq: 2, body: webrtcOffer() });
  assert.equal((await again.final(callId, '2 INVITE')).status, 200);
  again.request('ACK', { ...within, cseq: 2, contact: '' });
  await phone.waitFor('CALL_CLOSED', { since });
  assert.ok(Date.now() - began < 8000, `${Date.now() - began} ms`);
  assert.equal((await ended(callId)).reason, 'time-limit');
});

test('who does not come back after a restart is gone after the grace, and the phone with it', async () => {
  const phone = use.stack.phone('sales');
  const since = phone.mark();
  const { callId } = await call('sales');
  await restart();
  await phone.waitFor('CALL_CLOSED', { since });
  assert.equal((await ended(callId)).reason, 'connection-lost');
});

test('a stranger does not take a call over that nobody holds after a restart', async () => {
  const { callId, within } = await call('sales');
  await restart();
  const stranger = await comeBack('sales', await fetchGrant(use.stack, 'sales'));
  stranger.request('INVITE', { ...within, cseq: 2, body: webrtcOffer() });
  assert.equal((await stranger.final(callId, '2 INVITE')).status, 403);
  await ended(callId);
});

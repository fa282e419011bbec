import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { callLine, register, type AnsweredCall } from './answered-call.js';
import { fetchGrant, webrtcOffer } from './sip-client.js';
import { useStack } from './use-stack.js';

const use = useStack({ settings: { GRACE: 2 } });
const { connect, events, ended } = use;

const call = async (line: string): Promise<AnsweredCall> => await callLine(use.stack, await connect(), line);

test('a call is answered, hides the phone, and ends with the BYE of the caller', async () => {
  const phone = use.stack.phone('sales');
  const since = phone.mark();
  const { client, callId, within } = await call('sales');
  await phone.waitFor('CALL_ESTABLISHED', { since });
  const calling = phone.events(since).find(({ type }) => type === 'CALL_INCOMING');
  const address = (calling?.accountaor ?? '').replace('sip:sales@', '');
  assert.match(address, /^127\.0\.0\.1:\d+$/);
  for (const { text } of client.messages) {
    assert.ok(!text.includes(address), text);
    assert.doesNotMatch(text, /sales|baresip/);
  }
  client.request('BYE', { ...within, cseq: 2, contact: '' });
  assert.equal((await client.final(callId, '2 BYE')).status, 200);
  await phone.waitFor('CALL_CLOSED', { since });
  const event = await ended(callId);
  assert.equal(event.line, 'sales');
  assert.equal(event.reason, 'caller-hangup');
  assert.ok(events.some(({ type, callId: id }) => type === 'answered' && id === callId));
});

test('a phone that hangs up reaches the browser on its connection', async () => {
  const { client, callId } = await call('hangup');
  const bye = await client.waitFor(({ method }) => method === 'BYE');
  client.respond(bye, 200, 'OK');
  assert.equal((await ended(callId)).reason, 'callee-hangup');
});

test('max_duration ends the call on both sides, over whichever connection, and a re-INVITE does not prolong it', async () => {
  const phone = use.stack.phone('sales');
  const since = phone.mark();
  const { client, grant, callId, within } = await call('brief');
  const started = Date.now();
  await sleep(2000);
  const again = await connect();
  await register(again, await fetchGrant(use.stack, 'brief', grant.token));
  again.request('INVITE', { ...within, cseq: 2, body: webrtcOffer() });
  assert.equal((await again.final(callId, '2 INVITE')).status, 200);
  again.request('ACK', { ...within, cseq: 2, contact: '' });
  client.close();
  await Promise.all([again.waitFor(({ method }) => method === 'BYE'), phone.waitFor('CALL_CLOSED', { since })]);
  const lasted = (Date.now() - started) / 1000;
  assert.ok(lasted > 2.5 && lasted < 6.5, `${lasted} s`);
  assert.equal((await ended(callId)).reason, 'time-limit');
});

test('after a change of network the call goes on over a new connection of the same session', async () => {
  const phone = use.stack.phone('sales');
  const since = phone.mark();
  const { client, grant, callId, within } = await call('sales');
  client.close();
  await sleep(300);

  const renewed = await fetchGrant(use.stack, 'sales', grant.token);
  const again = await connect();
  await register(again, renewed);
  again.request('INVITE', { ...within, cseq: 2, body: webrtcOffer() });
  const answer = await again.final(callId, '2 INVITE');
  assert.equal(answer.status, 200);
  assert.match(answer.body, /^a=ice-ufrag:/m);
  again.request('ACK', { ...within, cseq: 2, contact: '' });

  // Past the grace of the connection that is gone.
  await sleep(3500);
  assert.ok(!phone.events(since).some(({ type }) => type === 'CALL_CLOSED'));
  await phone.hangup();
  const bye = await again.waitFor(({ method }) => method === 'BYE');
  again.respond(bye, 200, 'OK');
  await ended(callId);
});

test('an answered call whose caller does not come back ends after the grace', async () => {
  const phone = use.stack.phone('sales');
  const since = phone.mark();
  const { client, callId } = await call('sales');
  client.close();
  await sleep(1000);
  assert.ok(!phone.events(since).some(({ type }) => type === 'CALL_CLOSED'), 'still up within the grace');
  await phone.waitFor('CALL_CLOSED', { since });
  assert.equal((await ended(callId)).reason, 'connection-lost');
});

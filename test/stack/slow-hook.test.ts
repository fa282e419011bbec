import assert from 'node:assert/strict';
import { test } from 'node:test';
import { phoneAnswer } from './far-phone.js';
import { eventually, headerOf, webrtcOffer } from './sip-client.js';
import { workbench } from './workbench.js';

const bench = workbench({ HOOK_QUEUE: 60, INVITES_A_MINUTE: 0, MESSAGES_IN_10_S: 1000 });

/** Of the gateway, that ask. */
const WORKERS = 16;

test('connections to the hook are kept, and made anew where the hook has closed them', async () => {
  const client = await bench.connect();
  const ask = async (): Promise<void> => {
    const { callId } = client.request('REGISTER', { token: 'token' });
    assert.equal((await client.final(callId, '1 REGISTER')).status, 200);
  };
  const before = bench.hook.connections;
  for (let number = 0; number < 2 * WORKERS; number += 1) await ask();
  assert.ok(bench.hook.connections > before);
  assert.ok(bench.hook.connections <= before + WORKERS);
  const kept = bench.hook.connections;
  bench.hook.hangUp();
  for (let number = 0; number < WORKERS; number += 1) await ask();
  assert.ok(bench.hook.connections > kept);
});

test('fifty calls that wait for a slow hook hold up nobody: a BYE is answered while they wait', async () => {
  const { client, within } = await bench.establish(phoneAnswer());
  const waiting = await bench.connect();
  bench.hook.onCall = () => new Promise(() => undefined);
  const sent = Array.from({ length: 50 }, () => waiting.request('INVITE', { token: 'token', body: webrtcOffer() }));
  await eventually(() => (waiting.messages.filter(({ status }) => status === 100).length === 50 ? true : undefined));
  client.request('BYE', { ...within, cseq: 2 });
  assert.equal((await client.final(within.callId, '2 BYE')).status, 200);
  // On a busy machine the first of them may be given up on while the BYE is on its way.
  const refused = waiting.messages.filter(({ status }) => status !== 100);
  assert.ok(refused.length < sent.length / 2, `the BYE came after ${refused.length} of them`);
  for (const { callId } of sent) assert.equal((await waiting.final(callId, '1 INVITE', 15_000)).status, 503);
  for (const { callId } of sent) assert.equal(bench.phone.requests('INVITE', callId).length, 0);
});

test('so many calls wait for the hook, and the next is refused at once', async () => {
  const client = await bench.connect();
  bench.hook.onCall = () => new Promise(() => undefined);
  const sent = Array.from({ length: 90 }, () => client.request('INVITE', { token: 'token', body: webrtcOffer() }));
  const asked = new Set(sent.map(({ callId }) => callId));
  // The last of them are answered while the first are asked about still.
  const first = await client.waitFor(({ status }) => status === 503);
  assert.ok(sent.slice(70).some(({ callId }) => callId === headerOf(first, 'call-id')));
  const known = bench.hook.asked.filter(({ body }) => asked.has(String(body.call_id)));
  assert.ok(known.length <= 80);
  for (const { callId } of sent) assert.equal((await client.final(callId, '1 INVITE', 15_000)).status, 503);
  // The queue is empty again.
  await bench.establish(phoneAnswer());
});

test('reports that the hook does not answer hold up nobody, however many there are', async () => {
  let answer = (): void => undefined;
  const answered = new Promise<void>((resolve) => (answer = resolve));
  bench.hook.onReport = () => answered;
  const client = await bench.connect();
  // Allowed by the hook and impossible to the gateway, so that each is reported.
  bench.hook.onCall = () => bench.allow({ callee: 'tel:+254700000001' });
  const before = bench.hook.asked.length;
  // What fits into a socket between two processes is less than 300.
  for (let batch = 0; batch < 8; batch += 1) {
    const sent = Array.from({ length: 50 }, () => client.request('INVITE', { token: 'token', body: webrtcOffer() }));
    for (const { callId } of sent) assert.equal((await client.final(callId, '1 INVITE')).status, 503);
  }
  const asked = bench.hook.asked.slice(before);
  assert.equal(asked.filter(({ action }) => action === 'call').length, 400);
  assert.ok(asked.some(({ action }) => action === 'ended'));
  await bench.establish(phoneAnswer());
  answer();
});

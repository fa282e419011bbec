import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { phoneAnswer } from './far-phone.js';
import { eventually, headerOf, headersOf, webrtcOffer } from './sip-client.js';
import { workbench } from './workbench.js';

const bench = workbench();

/** What reaches the phone of a call for which the hook answers this. */
async function reaches(more: Record<string, unknown>, options: { headers?: string[]; from?: string } = {}) {
  const client = await bench.connect();
  bench.hook.onCall = () => bench.allow(more);
  const sent = client.request('INVITE', { token: 'token', body: webrtcOffer(), ...options });
  return { client, sent, invite: await bench.phone.gets('INVITE', sent.callId) };
}

test('the headers of the hook reach the phone as they are', async () => {
  const headers = { 'X-Page': '/preise?für=2, "neu"; ü \\ {}', 'X-Campaign': 'a: b', 'X-Empty': '' };
  const { invite } = await reaches({ headers });
  for (const [name, value] of Object.entries(headers)) assert.deepEqual(headersOf(invite, name), [value]);
});

test('ten headers of the hook, each as long as it may be, reach the phone', async () => {
  const value = 'a/"\\'.repeat(64);
  const headers = Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`X-Header-${index}`, value]));
  const { invite } = await reaches({ headers });
  for (const name of Object.keys(headers)) assert.deepEqual(headersOf(invite, name), [value]);
});

const many = Object.fromEntries(Array.from({ length: 11 }, (_, index) => [`X-Header-${index}`, 'x']));
const REFUSED: Record<string, unknown> = {
  'a name that SIP knows': { Diversion: '<sip:+15550100@bank.example>' },
  'one of several that SIP knows': { 'X-Page': 'x', 'P-Asserted-Identity': '<sip:+15550100@bank.example>' },
  'a line break in a value': { 'X-Page': 'x\r\nDiversion: <sip:evil@bank.example>' },
  'a NUL in a value': { 'X-Page': 'x\0y' },
  'a line break in a name': { 'X-Page\r\nDiversion': 'x' },
  'a name with a colon': { 'X-Page: y\\': 'x' },
  'a value of 300 characters': { 'X-Page': 'x'.repeat(300) },
  'a value that is no string': { 'X-Page': 7 },
  'eleven of them': many,
  'a list': ['X-Page: x'],
};

for (const [what, headers] of Object.entries(REFUSED)) {
  test(`headers of the hook that no gateway should send end the call with 503, and the backend hears so: ${what}`, async () => {
    const client = await bench.connect();
    bench.hook.onCall = () => bench.allow({ headers });
    const { callId } = client.request('INVITE', { token: 'token', body: webrtcOffer() });
    assert.equal((await client.final(callId, '1 INVITE')).status, 503);
    assert.equal(bench.phone.requests('INVITE', callId).length, 0);
    const ended = await eventually(() =>
      bench.hook.asked.find((one) => one.action === 'ended' && one.body.call_id === callId),
    );
    assert.equal(ended.body.duration, 0);
    assert.equal(ended.body.reason, 'refused-by-gateway');
  });
}

test('an address that goes on behind a NUL is none', async () => {
  const client = await bench.connect();
  for (const more of [{ callee: `${bench.phone.address('agent')}\0.bank.example` }, { caller_id: '+254700000001\0' }]) {
    bench.hook.onCall = () => bench.allow(more);
    const { callId } = client.request('INVITE', { token: 'token', body: webrtcOffer() });
    assert.equal((await client.final(callId, '1 INVITE')).status, 503);
    assert.equal(bench.phone.requests('INVITE', callId).length, 0);
  }
});

test('of an answer that is far too long no more is kept than an answer may have', async () => {
  const client = await bench.connect();
  bench.hook.onCall = () => bench.allow({ headers: { 'X-Page': 'x'.repeat(6_000_000) } });
  const { callId } = client.request('INVITE', { token: 'token', body: webrtcOffer() });
  assert.equal((await client.final(callId, '1 INVITE')).status, 503);
  assert.doesNotMatch(await readFile(join(bench.stack.folder, 'kamailio.log'), 'utf8'), /cannot allocate/);
});

/** Whether a call of one session can be ended over a connection of another. */
async function endsFor(session: string, sid: string): Promise<number | undefined> {
  const { callId, within } = await bench.establish(phoneAnswer(), { sid });
  bench.hook.session = session;
  const other = await bench.connect();
  const registered = other.request('REGISTER', { token: 'token' });
  assert.equal((await other.final(registered.callId, '1 REGISTER')).status, 200);
  other.request('BYE', { ...within, cseq: 2 });
  return (await other.final(callId, '2 BYE')).status;
}

test('a session is as long as a grant may have it, and one that a bar divides is none', async () => {
  const longest = `session.of_a~grant-${'x'.repeat(109)}`;
  assert.equal(await endsFor(longest, longest), 200);
  assert.equal(await endsFor('session', 'another'), 403);
  assert.equal(await endsFor('session', 'session|x'), 403);
});

test('a line that is busy is busy, and a grant that is refused is forbidden', async () => {
  const client = await bench.connect();
  for (const [error, status] of [
    ['busy', 486],
    ['rate-limited', 403],
    ['line-closed', 403],
  ] as const) {
    bench.hook.onCall = () => ({ status: 403, body: { error } });
    const { callId } = client.request('INVITE', { token: 'token', body: webrtcOffer() });
    assert.equal((await client.final(callId, '1 INVITE')).status, status, error);
  }
});

test('the hook is told from which number a caller would like to call', async () => {
  const { sent } = await reaches({}, { from: '"Me" <sip:+254700000002@gateway.invalid>' });
  const asked = bench.hook.asked.find(({ body }) => body.call_id === sent.callId);
  assert.equal(asked?.body.from_uri, 'sip:+254700000002@gateway.invalid');
  const headers = ['P-Preferred-Identity: "Me" <sip:+254700000003@gateway.invalid>'];
  const wished = await reaches({}, { headers });
  const again = bench.hook.asked.find(({ body }) => body.call_id === wished.sent.callId);
  assert.equal(again?.body.from_uri, 'sip:+254700000003@gateway.invalid');
  assert.doesNotMatch(wished.invite.text, /254700000003/);
});

test('of the browser’s own headers none reaches the phone', async () => {
  const headers = [
    'Proxy-Authorization: Bearer secret',
    'User-Agent: secret',
    'Subject: secret',
    'Supported: replaces, outbound, secret',
    'Allow: INVITE, REFER, SECRET',
    'Referred-By: <sip:secret@bank.example>',
    'Alert-Info: <http://secret.example/>',
    'Session-Expires: 90;refresher=uac',
    'X-Secret: secret',
  ];
  const { invite, client, sent } = await reaches({}, { headers });
  assert.doesNotMatch(invite.text, /secret|Secret|SECRET|replaces|REFER|token|Session-Expires/);
  bench.phone.answer(invite, 200, { body: phoneAnswer() });
  const answer = await client.final(sent.callId, '1 INVITE');
  const within = { ...sent, to: headerOf(answer, 'to'), branch: undefined };
  const route = headersOf(answer, 'record-route')
    .map((value) => `Route: ${value}`)
    .reverse();
  for (const [index, method] of ['ACK', 'UPDATE', 'BYE'].entries()) {
    const { branch: _none, ...rest } = within;
    client.request(method, { ...rest, cseq: index + 1, token: 'token', headers: [...route, ...headers] });
    const passed = await bench.phone.gets(method, sent.callId);
    assert.doesNotMatch(passed.text, /secret|Secret|SECRET|replaces|REFER|Bearer|Session-Expires/, method);
    if (method === 'UPDATE') bench.phone.answer(passed, 200);
  }
});

test('of the phone’s headers none reaches the browser, in any answer or request', async () => {
  const telling = [
    'Server: pbx7',
    'Organization: pbx7',
    'P-Asserted-Identity: "Room 12" <sip:4711@10.66.0.7>',
    'Warning: 399 pbx7 "Room 12"',
    'Call-Info: <http://10.66.0.7/face.jpg>',
    'Alert-Info: <http://10.66.0.7/ring.wav>',
    'Reason: Q.850;cause=16;text="pbx7"',
    'X-Node: pbx7',
    'Contact: "Room 12" <sip:4711@10.66.0.7>;x=pbx7',
  ];
  const said = { reason: 'Said In Room 12 Of pbx7', headers: telling };
  const { client, sent, invite } = await reaches({});
  bench.phone.answer(invite, 180, said);
  bench.phone.answer(invite, 183, { ...said, body: phoneAnswer() });
  bench.phone.answer(invite, 200, { ...said, body: phoneAnswer() });
  const answer = await client.final(sent.callId, '1 INVITE');
  const { branch: _none, ...dialog } = sent;
  const within = {
    ...dialog,
    to: headerOf(answer, 'to'),
    headers: headersOf(answer, 'record-route')
      .map((value) => `Route: ${value}`)
      .reverse(),
    contact: '',
  };
  client.request('ACK', within);
  client.request('UPDATE', { ...within, cseq: 2, contact: `<sip:visitor@${client.host};transport=ws>` });
  bench.phone.answer(await bench.phone.gets('UPDATE', sent.callId), 200, said);
  await client.final(sent.callId, '2 UPDATE');
  bench.phone.request(invite, 'UPDATE', { headers: telling });
  client.respond(await client.waitFor(({ method }) => method === 'UPDATE'), 200, 'OK');
  bench.phone.request(invite, 'BYE', { headers: telling, cseq: 2 });
  client.respond(await client.waitFor(({ method }) => method === 'BYE'), 200, 'OK');
  const address = bench.phone.address('agent').replace('sip:', '');
  for (const { text } of client.messages) {
    assert.doesNotMatch(text, /\bpbx7\b|Room 12|\b4711\b|10\.66\.0\.7/);
    assert.ok(!text.includes(address), text);
  }
});

test('who never acknowledges a call learns nothing from what the phone asks meanwhile', async () => {
  const { client, sent, invite } = await reaches({});
  bench.phone.answer(invite, 200, { body: phoneAnswer() });
  await client.final(sent.callId, '1 INVITE');
  bench.phone.request(invite, 'UPDATE', {});
  assert.equal((await bench.phone.final(sent.callId, '1 UPDATE')).status, 491);
  assert.ok(!client.messages.some(({ method }) => method === 'UPDATE'));
});

test('a line without keys negotiates none and passes no INFO, either way', async () => {
  const { client, invite, within, answer } = await bench.establish(phoneAnswer(), { dtmf: false });
  assert.doesNotMatch(invite.body, /telephone-event/);
  assert.doesNotMatch(answer.body, /telephone-event/);
  client.request('INVITE', { ...within, cseq: 2, body: webrtcOffer(), contact: `<sip:v@${client.host};transport=ws>` });
  const again = await bench.phone.gets('INVITE', within.callId, (message) => headerOf(message, 'cseq') === '2 INVITE');
  assert.doesNotMatch(again.body, /telephone-event/);
  bench.phone.answer(again, 200, { body: phoneAnswer() });
  assert.equal((await client.final(within.callId, '2 INVITE')).status, 200);
  client.request('ACK', { ...within, cseq: 2 });
  const headers = [...within.headers, 'Content-Type: application/dtmf-relay'];
  client.request('INFO', { ...within, cseq: 3, headers });
  assert.equal((await client.final(within.callId, '3 INFO')).status, 403);
  bench.phone.request(invite, 'INFO', { headers: ['Content-Type: application/dtmf-relay'] });
  assert.equal((await bench.phone.final(within.callId, '1 INFO')).status, 403);
  assert.equal(bench.phone.requests('INFO', within.callId).length, 0);
});

test('a line with keys passes them in INFO, and nothing else in INFO', async () => {
  const { client, invite, within } = await bench.establish(phoneAnswer());
  assert.match(invite.body, /telephone-event/);
  const send = (cseq: number, type: string): void => {
    client.request('INFO', { ...within, cseq, headers: [...within.headers, `Content-Type: ${type}`] });
  };
  send(2, 'application/dtmf-relay');
  bench.phone.answer(await bench.phone.gets('INFO', within.callId), 200);
  assert.equal((await client.final(within.callId, '2 INFO')).status, 200);
  send(3, 'application/x-broadworks-call-center');
  assert.equal((await client.final(within.callId, '3 INFO')).status, 415);
});

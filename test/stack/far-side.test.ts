import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FarPhone, phoneAnswer } from './far-phone.js';
import { eventually, headerOf, headersOf, webrtcOffer, type SipMessage } from './sip-client.js';
import { workbench } from './workbench.js';

const bench = workbench({ RING_TIME_MS: 1500 });

/** The gateway's side towards phones. */
const trunkPort = () => Number(bench.stack.addresses.trunk.split(':').at(-1));

async function ring() {
  const client = await bench.connect();
  bench.hook.onCall = () => bench.allow();
  const sent = client.request('INVITE', { token: 'token', body: webrtcOffer() });
  return { client, sent, invite: await bench.phone.gets('INVITE', sent.callId) };
}

test('a phone that sends 183 for ever is cancelled after the ring time, and the caller hears that nobody answers', async () => {
  const { client, sent, invite } = await ring();
  const again = setInterval(() => bench.phone.answer(invite, 183, { body: phoneAnswer() }), 100);
  try {
    assert.equal((await client.final(sent.callId, '1 INVITE')).status, 408);
    await bench.phone.gets('CANCEL', sent.callId);
  } finally {
    clearInterval(again);
  }
});

test('of two phones that answer in one moment the browser hears one, and the other is thanked and hung up on', async () => {
  const { client, sent, invite } = await ring();
  const headers = ['Record-Route: <sip:127.0.0.1:9;lr>'];
  for (const toTag of ['one', 'two']) bench.phone.answer(invite, 200, { toTag, body: phoneAnswer(), headers });
  // Which of them the gateway reads first is nobody's business.
  const heard = headerOf(await client.final(sent.callId, '1 INVITE'), 'to').split('tag=')[1];
  const other = (message: SipMessage): boolean =>
    headerOf(message, 'to').endsWith(heard === 'one' ? ';tag=two' : ';tag=one');
  const ack = await bench.phone.gets('ACK', sent.callId, other);
  assert.equal(headerOf(ack, 'cseq'), '1 ACK');
  const bye = await bench.phone.gets('BYE', sent.callId, other);
  assert.equal(headerOf(bye, 'cseq'), '2 BYE');
  assert.equal(bye.uri, bench.phone.address('phone'));
  assert.equal(client.messages.filter(({ status }) => status === 200).length, 1);
});

test('REFER of the phone is refused, and the browser hears nothing of it', async () => {
  const { client, invite, within } = await bench.establish(phoneAnswer());
  for (const [index, method] of ['REFER', 'NOTIFY', 'MESSAGE', 'OPTIONS', 'SUBSCRIBE', 'PUBLISH'].entries()) {
    bench.phone.request(invite, method, { cseq: index + 1, headers: ['Refer-To: <sip:+15550100@bank.example>'] });
    assert.equal((await bench.phone.final(within.callId, `${index + 1} ${method}`)).status, 405, method);
    assert.ok(!client.messages.some((message) => message.method === method));
  }
});

test('an INVITE with Replaces is refused, in a call and beside it', async () => {
  const { client, invite, within, callId } = await bench.establish(phoneAnswer());
  const headers = [`Replaces: ${callId};to-tag=far;from-tag=${within.fromTag}`];
  bench.phone.request(invite, 'INVITE', { headers, body: phoneAnswer() });
  assert.equal((await bench.phone.final(callId, '1 INVITE')).status, 403);
  bench.phone.sendTo(
    trunkPort(),
    [
      'INVITE sip:visitor@gateway.invalid SIP/2.0',
      `Via: SIP/2.0/UDP 127.0.0.1:9;rport;branch=z9hG4bK${callId}`,
      'Max-Forwards: 70',
      'From: <sip:x@127.0.0.1>;tag=x',
      'To: <sip:visitor@gateway.invalid>',
      `Call-ID: other-${callId}`,
      'CSeq: 1 INVITE',
      `Contact: <${bench.phone.address('x')}>`,
      ...headers,
      'Content-Length: 0',
      '',
      '',
    ].join('\r\n'),
  );
  assert.equal((await bench.phone.final(`other-${callId}`, '1 INVITE')).status, 403);
  assert.ok(!client.messages.some(({ method }) => method === 'INVITE'));
});

test('a phone that asks for an offer gets one, and the call is renewed', async () => {
  const { client, invite, callId } = await bench.establish(phoneAnswer());
  bench.phone.request(invite, 'INVITE');
  const asked = await client.waitFor(({ method }) => method === 'INVITE');
  assert.equal(asked.body, '');
  const headers = [`Contact: <sip:visitor@${client.host};transport=ws>`, 'Content-Type: application/sdp'];
  client.respond(asked, 200, 'OK', { headers, body: webrtcOffer() });
  const offer = await bench.phone.final(callId, '1 INVITE');
  assert.match(offer.body, /^m=audio \d+ RTP\/AVP /m);
  assert.doesNotMatch(offer.body, /ice-|fingerprint/);
  bench.phone.request(invite, 'ACK', { body: phoneAnswer() });
  const ack = await client.waitFor(({ method }) => method === 'ACK');
  assert.match(ack.body, /^a=fingerprint:/m);
});

test('a browser whose answer within a call is no WebRTC moves no media', async () => {
  const { client, invite, callId } = await bench.establish(phoneAnswer());
  bench.phone.request(invite, 'INVITE', { body: phoneAnswer() });
  const offered = await client.waitFor(({ method }) => method === 'INVITE');
  const headers = [`Contact: <sip:visitor@${client.host};transport=ws>`, 'Content-Type: application/sdp'];
  const body = phoneAnswer(9).replace('127.0.0.1', '198.51.100.66');
  client.respond(offered, 200, 'OK', { headers, body });
  assert.equal((await bench.phone.final(callId, '1 INVITE')).body, '');
});

test('a browser that takes a call twice at a time over one grant has it once', async () => {
  const { client, sent } = await ring();
  client.request('INVITE', { ...sent, branch: 'z9hG4bKagain', cseq: 2, token: 'token', body: webrtcOffer() });
  assert.equal((await client.final(sent.callId, '2 INVITE')).status, 482);
  const other = await bench.connect();
  other.request('INVITE', { ...sent, branch: 'z9hG4bKelsewhere', cseq: 3, token: 'token', body: webrtcOffer() });
  assert.equal((await other.final(sent.callId, '3 INVITE')).status, 482);
  assert.equal(bench.phone.requests('INVITE', sent.callId).length, 1);
});

test('a stranger who knows every name of a call can neither end it nor acknowledge it', async () => {
  const { client, callId, within } = await bench.establish(phoneAnswer());
  const stranger = await bench.connect();
  stranger.request('BYE', { ...within, cseq: 2 });
  assert.equal((await stranger.final(callId, '2 BYE')).status, 403);
  assert.equal(bench.phone.requests('BYE', callId).length, 0);
  client.request('BYE', { ...within, cseq: 3 });
  assert.equal((await client.final(callId, '3 BYE')).status, 200);
});

test('a grant that the caller gave up on while the hook was asked is given back', async () => {
  const client = await bench.connect();
  bench.hook.onCall = async () => {
    await new Promise((resolve) => setTimeout(resolve, 500));
    return bench.allow();
  };
  const sent = client.request('INVITE', { token: 'token', body: webrtcOffer() });
  await eventually(() => bench.hook.asked.find(({ body }) => body.call_id === sent.callId));
  client.request('CANCEL', { ...sent, contact: '' });
  assert.equal((await client.final(sent.callId, '1 INVITE')).status, 487);
  const ended = await eventually(() =>
    bench.hook.asked.find((one) => one.action === 'ended' && one.body.call_id === sent.callId),
  );
  assert.equal(ended.body.duration, 0);
  assert.equal(bench.phone.requests('INVITE', sent.callId).length, 0);
  assert.deepEqual(headersOf(await client.final(sent.callId, '1 INVITE'), 'contact'), []);
});

test('within a call, too, the phone names no other target and asks for no password', async () => {
  const { client, callId, within } = await bench.establish(phoneAnswer());
  for (const [index, status] of [302, 401, 407].entries()) {
    const cseq = index + 2;
    client.request('INVITE', { ...within, cseq, body: webrtcOffer(), contact: `<sip:v@${client.host};transport=ws>` });
    const invite = await bench.phone.gets(
      'INVITE',
      callId,
      (message) => headerOf(message, 'cseq') === `${cseq} INVITE`,
    );
    const headers = ['Contact: <sip:+15550100@10.66.0.7>', 'WWW-Authenticate: Digest realm="pbx7", nonce="x"'];
    bench.phone.answer(invite, status, { headers });
    const answer = await client.final(callId, `${cseq} INVITE`);
    assert.equal(answer.status, 488);
    assert.doesNotMatch(answer.text, /15550100|Room|10\.66\.0\.7|\bpbx7\b/);
  }
});

test('an answer to nothing is sent on to nobody', async () => {
  const victim = await FarPhone.open();
  try {
    const client = await bench.connect();
    const via = [bench.stack.addresses.trunk, bench.stack.addresses.gateway_url].map(
      (url) => /:(\d+)\/?$/.exec(url)?.[1],
    );
    for (const port of via) {
      client.send(
        [
          'SIP/2.0 200 OK',
          `Via: SIP/2.0/UDP 127.0.0.1:${port};branch=z9hG4bKmade.up.0`,
          `Via: SIP/2.0/UDP ${victim.address('x').replace('sip:x@', '')};branch=z9hG4bKvictim`,
          'From: <sip:a@gateway.invalid>;tag=a',
          'To: <sip:b@gateway.invalid>;tag=b',
          'Call-ID: stray',
          'CSeq: 1 OPTIONS',
          'Content-Length: 0',
          '',
          '',
        ].join('\r\n'),
      );
    }
    // Over the same connection, and so later.
    const { callId } = client.request('OPTIONS');
    await client.final(callId, '1 OPTIONS');
    const { callId: answered } = await bench.establish(phoneAnswer());
    assert.ok(bench.phone.requests('INVITE', answered).length > 0);
    assert.equal(victim.received.length, 0);
  } finally {
    victim.close();
  }
});

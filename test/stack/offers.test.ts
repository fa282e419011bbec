import assert from 'node:assert/strict';
import { test } from 'node:test';
import { phoneAnswer } from './far-phone.js';
import { webrtcOffer } from './sip-client.js';
import { workbench } from './workbench.js';

const bench = workbench();

const CANDIDATE = 'a=candidate:1 1 udp 2122260223 127.0.0.1 50000 typ host generation 0\r\n';

function without(prefix: string): string {
  const lines = webrtcOffer().split('\r\n');
  return lines.filter((line) => !line.startsWith(prefix)).join('\r\n');
}

const REFUSED: Record<string, string> = {
  'no ICE user name': without('a=ice-ufrag:'),
  'no ICE password': without('a=ice-pwd:'),
  'no fingerprint': without('a=fingerprint:'),
  'no medium at all': without('m='),
  'clear RTP': webrtcOffer().replace('UDP/TLS/RTP/SAVPF', 'RTP/AVP'),
  'a key in the description': webrtcOffer().replace('UDP/TLS/RTP/SAVPF', 'RTP/SAVP'),
  video: webrtcOffer().replace('m=audio', 'm=video'),
  'a data channel': webrtcOffer().replace(/m=audio .*/, 'm=application 9 UDP/DTLS/SCTP webrtc-datachannel'),
  'audio and video': `${webrtcOffer()}m=video 9 UDP/TLS/RTP/SAVPF 96\r\n`,
  'two streams of audio': `${webrtcOffer()}m=audio 9 UDP/TLS/RTP/SAVPF 0\r\n`,
  'hundreds of candidates': webrtcOffer().replace(CANDIDATE, CANDIDATE.repeat(300)),
  'a description of more than 16 kB': `${webrtcOffer()}a=fmtp:111 ${'x'.repeat(16_500)}\r\n`,
};

for (const [what, body] of Object.entries(REFUSED)) {
  test(`an offer is refused with 488 and the hook not asked: ${what}`, async () => {
    const client = await bench.connect();
    const { callId } = client.request('INVITE', { token: 'token', body });
    assert.equal((await client.final(callId, '1 INVITE')).status, 488);
    assert.ok(!bench.hook.asked.some(({ body }) => body.call_id === callId));
  });
}

test('in a call, too, an offer that is no WebRTC audio is refused, and the call goes on', async () => {
  const { client, within } = await bench.establish(phoneAnswer());
  const offers = [REFUSED['no ICE password'], REFUSED.video, REFUSED['clear RTP']];
  for (const [index, body] of offers.entries()) {
    const cseq = index + 2;
    client.request('INVITE', { ...within, cseq, body: body ?? '' });
    assert.equal((await client.final(within.callId, `${cseq} INVITE`)).status, 488);
  }
  client.request('UPDATE', { ...within, cseq: 6, body: REFUSED['no fingerprint'] ?? '' });
  assert.equal((await client.final(within.callId, '6 UPDATE')).status, 488);
  client.request('INVITE', { ...within, cseq: 7, body: '' });
  assert.equal((await client.final(within.callId, '7 INVITE')).status, 488, 'nor may the phone be asked for an offer');
  client.request('BYE', { ...within, cseq: 8 });
  assert.equal((await client.final(within.callId, '8 BYE')).status, 200);
});

test('a description in an ACK, which answers nothing, does not reach the phone', async () => {
  const client = await bench.connect();
  bench.hook.onCall = () => bench.allow();
  const sent = client.request('INVITE', { token: 'token', body: webrtcOffer() });
  const invite = await bench.phone.gets('INVITE', sent.callId);
  bench.phone.answer(invite, 200, { body: phoneAnswer() });
  const answer = await client.final(sent.callId, '1 INVITE');
  const headers = answer.headers.filter(({ name }) => name === 'Record-Route').reverse();
  client.request('ACK', {
    ...sent,
    branch: 'z9hG4bKack',
    to: answer.headers.find(({ name }) => name === 'To')?.value ?? '',
    headers: headers.map(({ value }) => `Route: ${value}`),
    body: webrtcOffer(),
  });
  assert.equal((await bench.phone.gets('ACK', sent.callId)).body, '');
});

test('of the browser the phone reads nothing but what audio needs', async () => {
  const body = webrtcOffer()
    .replace('o=- ', 'o=mozilla...THIS_IS_SDPARTA-99.0 ')
    .replace('s=-', 's=Firefox')
    .replace(
      'a=mid:0',
      'a=mid:0\r\na=msid:secret track\r\na=ssrc:1 cname:secret\r\na=extmap:1 urn:secret\r\na=x-secret:1',
    );
  const client = await bench.connect();
  bench.hook.onCall = () => bench.allow();
  const { callId } = client.request('INVITE', { token: 'token', body });
  const { body: offered } = await bench.phone.gets('INVITE', callId);
  assert.match(offered, /^m=audio \d+ RTP\/AVP 111 0 8/m);
  assert.doesNotMatch(offered, /secret|mozilla|Firefox|candidate|fingerprint|ice-/);
});

test('of the phone the browser reads nothing that tells what or where it is', async () => {
  const { answer, client } = await bench.establish(phoneAnswer());
  assert.match(answer.body, /^a=fingerprint:/m);
  assert.match(answer.body, /^a=rtpmap:8 PCMA\/8000/m);
  for (const { text } of client.messages) assert.doesNotMatch(text, /\bpbx7\b|10\.66\.0\.7|Room|room|\b4711\b|baresip/);
});

import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { afterEach, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Phone } from '../../demo/stack/phone.js';
import type { SipClient } from './sip-client.js';
import { eventually, fetchGrant, headerOf, webrtcOffer, type Grant, type SipMessage } from './sip-client.js';
import { useStack } from './use-stack.js';

const ONE_DESK = '+254200000001';
const TWO_DESKS = '+254200000002';
const BRIEF = '+254200000003';
const QUICK = '+254200000004';
const STRANGERS = '+254200000005';
const CROWD = '+254200000006';
/** Who is rung by it: filled in when a test knows. */
const strangers = ['nobody'];
/** Nineteen of twenty who might answer a number, with names as long as they may be. */
const absent = Array.from({ length: 19 }, (_, index) => `agent-${index}-`.padEnd(64, 'x'));

const use = useStack({
  numbers: {
    [BRIEF]: { ring: ['desk'], maxDuration: 2 },
    [QUICK]: { ring: ['desk'], ringSeconds: 1 },
    [STRANGERS]: { ring: strangers },
    [CROWD]: { ring: [...absent, 'desk'] },
  },
});
const { connect, events } = use;

afterEach(async () => {
  use.stack.setHook('up');
  // The gateway forgets a browser when it sees its connection close.
  await sleep(200);
});

/** A browser that may be called, registered. */
async function desk(name: 'desk' | 'desk2' = 'desk'): Promise<SipClient> {
  const client = await connect();
  const url = name === 'desk' ? use.stack.addresses.desk_token_url : use.stack.addresses.desk2_token_url;
  const headers = { Origin: new URL(use.stack.addresses.page).origin };
  const grant = (await (await fetch(url, { method: 'POST', headers, body: '{}' })).json()) as Grant;
  const address = `<${grant.sip_uri}>`;
  const { callId } = client.request('REGISTER', { token: grant.token, from: address, to: address });
  assert.equal((await client.final(callId, '1 REGISTER')).status, 200);
  return client;
}

/** The phone calls a number of the owner. */
async function dial(number: string, name: 'silent' | 'hangup' = 'silent'): Promise<{ phone: Phone; since: number }> {
  const phone = use.stack.phone(name);
  const since = phone.mark();
  await phone.dial(use.stack.addresses.trunk.replace('sip:', `sip:${number}@`));
  return { phone, since };
}

/** The ringing at one desk. */
async function rings(client: SipClient): Promise<SipMessage> {
  const invite = await client.waitFor(({ method }) => method === 'INVITE');
  client.respond(invite, 180, 'Ringing', deskAnswer(client));
  return invite;
}

function deskAnswer(client: SipClient): { toTag: string; headers: string[] } {
  return { toTag: client.host.slice(0, 8), headers: [`Contact: <sip:desk@${client.host};transport=ws>`] };
}

async function pickUp(client: SipClient, invite: SipMessage): Promise<void> {
  accept(client, invite);
  await client.waitFor(({ method }) => method === 'ACK');
}

function accept(client: SipClient, invite: SipMessage): void {
  const { toTag, headers } = deskAnswer(client);
  const body = webrtcOffer().replace('a=setup:actpass', 'a=setup:active');
  client.respond(invite, 200, 'OK', { toTag, headers: [...headers, 'Content-Type: application/sdp'], body });
}

async function refused({ phone, since }: { phone: Phone; since: number }): Promise<string> {
  return (await phone.waitFor('CALL_CLOSED', { since })).param ?? '';
}

test('a number that twenty people answer, with long names, rings the one who is there', async () => {
  const client = await desk();
  const { phone, since } = await dial(CROWD);
  await pickUp(client, await rings(client));
  phone.hangup();
  await phone.waitFor('CALL_CLOSED', { since });
});

test('a call from the trunk rings every browser of every desk, and the first that answers has it', async () => {
  const desks = [await desk(), await desk(), await desk('desk2')];
  const { phone, since } = await dial(TWO_DESKS);
  const invites = await Promise.all(desks.map(rings));
  await phone.waitFor('CALL_RINGING', { since });
  await pickUp(desks[1]!, invites[1]!);
  await phone.waitFor('CALL_ESTABLISHED', { since });
  for (const [index, client] of desks.entries()) {
    if (index === 1) continue;
    const cancel = await client.waitFor(({ method }) => method === 'CANCEL');
    client.respond(cancel, 200, 'OK');
    client.respond(invites[index]!, 487, 'Request Terminated', deskAnswer(client));
  }
  assert.ok(!desks[1]!.messages.some(({ method }) => method === 'CANCEL'));

  await phone.hangup();
  const bye = await desks[1]!.waitFor(({ method }) => method === 'BYE');
  desks[1]!.respond(bye, 200, 'OK');
  const callId = headerOf(invites[1]!, 'call-id');
  const reports = await eventually(() => {
    const found = events.filter((event) => event.callId === callId);
    return found.length === 2 ? found : undefined;
  });
  assert.deepEqual(
    reports.map(({ type, reason }) => [type, reason]),
    [
      ['answered', ''],
      ['ended', 'caller-hangup'],
    ],
  );
});

test('the desk sees a number and nothing else of who calls, and which number was called', async () => {
  const client = await desk();
  const { phone } = await dial(ONE_DESK);
  const invite = await rings(client);
  // The phone has a name for a number, which is none.
  assert.match(headerOf(invite, 'from'), /^<sip:anonymous@gateway\.invalid>;tag=/);
  assert.match(headerOf(invite, 'to'), /^<sip:\+254200000001@gateway\.invalid>$/);
  const control = use.stack.addresses.trunk.replace('sip:', '');
  assert.ok(!invite.text.includes(control));
  assert.doesNotMatch(invite.text, /silent@127|baresip|P-Asserted|^Server|^User-Agent/m);
  assert.match(invite.body, /^a=ice-ufrag:/m);
  assert.match(invite.body, /^a=fingerprint:/m);
  assert.doesNotMatch(invite.body, /^a=crypto:/m);
  await phone.hangup();
  await client.waitFor(({ method }) => method === 'CANCEL');
});

test('a number that calls is shown without the name that goes with it', async () => {
  const client = await desk();
  const trunk = createSocket('udp4');
  try {
    await new Promise<void>((resolve) => trunk.bind(0, '127.0.0.1', resolve));
    const own = `127.0.0.1:${trunk.address().port}`;
    const { port } = new URL(use.stack.addresses.trunk.replace('sip:', 'http://'));
    const body = 'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 40000 RTP/AVP 0\r\n';
    const invite = [
      `INVITE sip:${ONE_DESK}@127.0.0.1:${port} SIP/2.0`,
      `Via: SIP/2.0/UDP ${own};branch=z9hG4bKnamed;rport`,
      'Max-Forwards: 70',
      `From: "Your Bank" <sip:+254711222333@${own}>;tag=named`,
      `To: <sip:${ONE_DESK}@127.0.0.1>`,
      'Call-ID: named',
      'CSeq: 1 INVITE',
      `Contact: <sip:bank@${own}>`,
      `P-Asserted-Identity: "Your Bank" <sip:+254711222333@${own}>`,
      'Content-Type: application/sdp',
      `Content-Length: ${body.length}`,
      '',
      body,
    ];
    trunk.send(invite.join('\r\n'), Number(port), '127.0.0.1');
    const { text } = await rings(client);
    assert.match(text, /^From: *<sip:\+254711222333@gateway\.invalid>;tag=/m);
    assert.doesNotMatch(text, /Bank|bank/);
  } finally {
    trunk.close();
  }
});

test('a browser that registered with a grant that may not be called is not rung', async () => {
  const client = await connect();
  const grant = await fetchGrant(use.stack, 'sales');
  const address = `<${grant.sip_uri}>`;
  const { callId } = client.request('REGISTER', { token: grant.token, from: address, to: address });
  assert.equal((await client.final(callId, '1 REGISTER')).status, 200);
  strangers.push(grant.sip_uri.replace(/^sip:(.*)@.*$/, '$1'));
  assert.match(await refused(await dial(STRANGERS)), /^480 /);
  assert.ok(!client.messages.some(({ method }) => method === 'INVITE'));

  // So would it be with the right to be called.
  strangers.push('desk');
  const other = await desk();
  const { phone } = await dial(STRANGERS);
  await rings(other);
  await phone.hangup();
});

test('a desk that declines declines for itself: the others ring on', async () => {
  const [first, second] = [await desk(), await desk('desk2')];
  const { phone, since } = await dial(TWO_DESKS);
  const [invite, other] = await Promise.all([rings(first), rings(second)]);
  first.respond(invite, 603, 'Decline', deskAnswer(first));
  await sleep(300);
  assert.ok(!second.messages.some(({ method }) => method === 'CANCEL'));
  await pickUp(second, other);
  await phone.waitFor('CALL_ESTABLISHED', { since });
  await phone.hangup();
});

test('where nobody is registered the fallback is called', async () => {
  const fallback = use.stack.phone('support');
  const mark = fallback.mark();
  const { phone, since } = await dial(ONE_DESK);
  await phone.waitFor('CALL_ESTABLISHED', { since });
  await fallback.waitFor('CALL_ESTABLISHED', { since: mark });
  await phone.hangup();
  await fallback.waitFor('CALL_CLOSED', { since: mark });
});

test('where all decline the fallback is called', async () => {
  const client = await desk();
  const fallback = use.stack.phone('support');
  const mark = fallback.mark();
  const { phone, since } = await dial(ONE_DESK);
  client.respond(await rings(client), 603, 'Decline', deskAnswer(client));
  await phone.waitFor('CALL_ESTABLISHED', { since });
  await fallback.waitFor('CALL_ESTABLISHED', { since: mark });
  await phone.hangup();
});

test('who does not answer in time is no longer rung, and without a fallback the caller hears so', async () => {
  const client = await desk();
  const call = await dial(QUICK);
  const invite = await rings(client);
  const cancel = await client.waitFor(({ method }) => method === 'CANCEL');
  client.respond(cancel, 200, 'OK');
  client.respond(invite, 487, 'Request Terminated', deskAnswer(client));
  assert.match(await refused(call), /^(408|480) /);
});

test('where nobody is registered and there is no fallback: 480', async () => {
  assert.match(await refused(await dial(TWO_DESKS)), /^480 /);
});

test('a number that is not the owner’s: 404, and so is the address of a desk', async () => {
  await desk();
  for (const called of ['+254299999999', 'desk']) assert.match(await refused(await dial(called)), /^404 /);
});

test('fails closed: with a hook that is down, slow or talks nonsense, nobody rings and the caller gets 503', async () => {
  const client = await desk();
  for (const mode of ['down', 'nonsense', 'slow'] as const) {
    use.stack.setHook(mode);
    assert.match(await refused(await dial(ONE_DESK)), /^503 /, mode);
    assert.ok(!client.messages.some(({ method }) => method === 'INVITE'), mode);
  }
});

test('a caller who hangs up while the hook is asked rings nobody', async () => {
  const client = await desk();
  use.stack.setHook('late');
  const { phone } = await dial(ONE_DESK);
  await sleep(100);
  await phone.hangup();
  await sleep(1200);
  assert.ok(!client.messages.some(({ method }) => method === 'INVITE'));
});

test('a call is ended at its longest time, on both sides', async () => {
  const client = await desk();
  const { phone, since } = await dial(BRIEF);
  const invite = await rings(client);
  await pickUp(client, invite);
  const bye = await client.waitFor(({ method }) => method === 'BYE', 6000);
  client.respond(bye, 200, 'OK');
  await phone.waitFor('CALL_CLOSED', { since });
  const callId = headerOf(invite, 'call-id');
  const ended = await eventually(() => events.find((event) => event.type === 'ended' && event.callId === callId));
  assert.equal(ended.reason, 'time-limit');
});

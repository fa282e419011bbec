import assert from 'node:assert/strict';
import { headerOf, type SipMessage } from '../../../demo/stack/sip-message.js';
import { within } from '../../stack/answered-call.js';
import { phoneAnswer } from '../../stack/far-phone.js';
import { eventually, webrtcOffer, type SipClient } from '../../stack/sip-client.js';
import { checkInvite, checkLines } from './checks.js';
import type { Scene } from './scene.js';

/** How long anybody may wait for a final answer (ms): the hook's 2 s, a queue before it, a phone that says nothing. */
export const PATIENCE = 20_000;

/** A call or a registration about which the gateway asks the hook, whatever the hook says. */
export interface Asking {
  callId: string;
  token: string;
  /** Answers that the hook has given, filled in: what the phone is told must come from there. */
  body: string;
  /** Whether the hook said anything that allows it. */
  allowed: boolean;
}

/** Calls, waits for the end of it, and looks at what came to the phone. Returns the final status. */
export async function call(scene: Scene, client: SipClient, asking: Asking): Promise<number> {
  const { callId, token } = asking;
  const sent = client.request('INVITE', { callId, token, body: webrtcOffer() });
  const answer = await client.final(callId, '1 INVITE', PATIENCE);
  checkLines(answer);
  const { status = 0 } = answer;
  const invites = scene.phone.requests('INVITE', callId);
  for (const invite of invites) {
    assert.ok(asking.allowed, `the phone rang: ${invite.text}`);
    checkInvite(invite, asking.body);
  }
  if (status !== 200) {
    client.request('ACK', {
      callId,
      fromTag: sent.fromTag,
      branch: sent.branch,
      to: headerOf(answer, 'to'),
      contact: '',
    });
    return status;
  }
  assert.ok(invites.length > 0, answer.text);
  const dialog = { ...within(answer, callId, sent.fromTag), contact: '' };
  client.request('ACK', dialog);
  client.request('BYE', { ...dialog, cseq: 2 });
  // A call of one second may be over by itself.
  assert.ok([200, 481].includes((await client.final(callId, '2 BYE', PATIENCE)).status ?? 0));
  return status;
}

/** Registers under an address of its own. Returns the final status. */
export async function register(client: SipClient, { callId, token }: Asking, aor: string): Promise<number> {
  client.request('REGISTER', { callId, token, from: `<${aor}>`, to: `<${aor}>` });
  const answer = await client.final(callId, '1 REGISTER', PATIENCE);
  checkLines(answer);
  return answer.status ?? 0;
}

/** Calls from the trunk. Returns the final status. */
export async function callIn(scene: Scene, asking: Asking): Promise<number> {
  const { callId } = asking;
  const { phone, trunkPort } = scene;
  const own = phone.address('caller').replace(/^.*@/, '');
  const body = phoneAnswer();
  const say = (method: string, to: string, more: readonly string[] = [], content = ''): void =>
    phone.sendTo(
      trunkPort,
      [
        `${method} sip:+254200000001@127.0.0.1:${trunkPort} SIP/2.0`,
        `Via: SIP/2.0/UDP ${own};branch=z9hG4bK${callId};rport`,
        'Max-Forwards: 70',
        `From: <sip:+254711222333@${own}>;tag=far`,
        `To: ${to}`,
        `Call-ID: ${callId}`,
        `CSeq: 1 ${method}`,
        ...more,
        `Content-Length: ${content.length}`,
        '',
        content,
      ].join('\r\n'),
    );
  const to = '<sip:+254200000001@127.0.0.1>';
  say('INVITE', to, [`Contact: <sip:caller@${own}>`, 'Content-Type: application/sdp'], body);
  const answer = await eventually(
    () =>
      phone.received.find(
        (message) =>
          (message.status ?? 0) >= 200 &&
          headerOf(message, 'call-id') === callId &&
          headerOf(message, 'cseq') === '1 INVITE',
      ),
    PATIENCE,
  );
  checkLines(answer);
  say('ACK', headerOf(answer, 'to'));
  return answer.status ?? 0;
}

/** Everybody is called and declines, as a desk in a test does that has nothing to say. */
export function declining(client: SipClient, seen: (invite: SipMessage) => void): void {
  let known = 0;
  client.socket.on('message', () => {
    for (const message of client.messages.slice(known)) {
      if (message.method === 'INVITE') {
        seen(message);
        client.respond(message, 603, 'Decline', { toTag: 'desk' });
      } else if (message.method === 'CANCEL') client.respond(message, 200, 'OK');
    }
    known = client.messages.length;
  });
}

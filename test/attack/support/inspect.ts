import assert from 'node:assert/strict';
import { headerOf, headersOf, type SipMessage } from '../../../demo/stack/sip-message.js';
import type { SipClient } from '../../stack/sip-client.js';
import type { Verdict } from './backend.js';
import { FAR_MARKS, userOf } from './far-end.js';
import type { Target } from './targets.js';

/** All that a phone needs of a request. What is not here, such as an identity of the thief's making, must not get through. */
const TOWARDS_PHONE = new Set([
  ...[
    'via',
    'v',
    'route',
    'record-route',
    'max-forwards',
    'from',
    'f',
    'to',
    't',
    'call-id',
    'i',
    'cseq',
    'contact',
    'm',
  ],
  ...[
    'content-type',
    'c',
    'content-length',
    'l',
    'content-disposition',
    'allow',
    'supported',
    'k',
    'require',
    'accept',
  ],
  ...['p-asserted-identity', 'rack', 'rseq', 'info-package', 'reason', 'th', 'user-agent', 'server', 'retry-after'],
]);

/** What goes to the far side is what the hook said, whatever the thief tried, and never the token. */
export function inspectFarSide(target: Target, messages: readonly SipMessage[]): void {
  for (const message of messages) {
    const { text } = message;
    for (const token of target.backend.tokens)
      assert.ok(!text.includes(token), `the token reached the far side:\n${text}`);
    assert.doesNotMatch(text, /^(proxy-)?authorization\s*:|bearer /im, 'a credential reached the far side');
    if (message.method === undefined) continue;
    const verdict = target.backend.verdicts.find(
      ({ callId, status }) => status === 200 && callId === headerOf(message, 'call-id'),
    );
    // A call of the far side's own making has no verdict, and its requests are checked by the test that makes it.
    if (verdict) inspectRequest(target, message, verdict);
  }
}

function inspectRequest(target: Target, message: SipMessage, { answer }: Verdict): void {
  assert.doesNotMatch(message.body, /SIP\/2\.0/, 'a message within the body reached the far side');
  const allowed = Object.keys((answer['headers'] as object | undefined) ?? {}).map((name) => name.toLowerCase());
  for (const { name } of message.headers) {
    const known = TOWARDS_PHONE.has(name.toLowerCase()) || allowed.includes(name.toLowerCase());
    assert.ok(known, `the header ${name} reached the far side:\n${message.text}`);
  }
  for (const { callee } of [answer as { callee: string }]) {
    if (target.name === 'kamailio' && !isInside(message)) assert.equal(message.uri, callee);
    else assert.equal(userOf(message), callee.replace(/^sip:|@.*/g, ''));
  }
  const callerId = answer['caller_id'] as string | undefined;
  for (const identity of headersOf(message, 'p-asserted-identity')) {
    assert.ok(callerId !== undefined && identity.includes(`sip:${callerId}@`), `asserted: ${identity}`);
  }
  if (isInside(message)) return;
  assert.match(headerOf(message, 'from'), callerId === undefined ? /<sip:anonymous@/ : hasUser(callerId));
}

/** Towards the browser goes nothing that tells who or where the far side is, beyond what the thief said himself. */
export function inspectBrowserSide(target: Target, { frames, said }: Pick<SipClient, 'frames' | 'said'>): void {
  const port = /:([0-9]+)$/.exec(target.callee(''))?.[1];
  const marks = [...FAR_MARKS, ...(port === undefined ? [] : [`127.0.0.1:${port}`])];
  for (const mark of marks.filter((one) => !said.some((text) => text.includes(one)))) {
    for (const frame of frames) assert.ok(!frame.includes(mark), `the browser reads ${mark} in:\n${frame}`);
  }
}

function isInside(message: SipMessage): boolean {
  return /;tag=/.test(headerOf(message, 'to'));
}

function hasUser(callerId: string): RegExp {
  const user = callerId.replace(/[+.]/g, '\\$&');
  return new RegExp(`^("[^"]*" )?<sip:${user}@`);
}

import assert from 'node:assert/strict';
import { headerOf, headersOf, type SipMessage } from '../../../demo/stack/sip-message.js';
import { INJECTED } from './wrong-parts.js';

/** What the gateway says to a phone or a browser, beside what the hook may add. */
const HEADERS =
  /^(Record-Route|Route|Via|Max-Forwards|From|To|Call-ID|CSeq|Contact|Content-Type|Content-Length|P-Asserted-Identity|Supported|Allow|WWW-Authenticate|Retry-After|Reason)$/;
const ONCE = ['From', 'To', 'Call-ID', 'CSeq', 'Content-Length'];
const ADDED = /^X-[A-Za-z0-9-]{1,62}$/i;
/** What may be called, as the gateway's settings say (CALLEE_PATTERN). */
const CALLEE = /^sip:[A-Za-z0-9._+-]{1,64}@(127\.0\.0\.1|gateway\.invalid)(:[0-9]{1,5})?$/i;
/** Whom a phone may see calling. */
const CALLER = /^<sip:[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9.-]{1,255}>$/;
/** Whom a desk may. */
const OUTSIDE = /^<sip:\+?[A-Za-z0-9*#._-]{1,64}@gateway\.invalid>$/;

/** What UTF-8 cannot say, before and behind the wire. */
const NO_TEXT = /\p{Surrogate}|\ufffd/u;

/** A message of the gateway, as it stood on the wire, of which no line is anybody else's. */
export function checkLines({ text, headers, body, start }: SipMessage): void {
  const head = text.slice(0, text.indexOf('\r\n\r\n'));
  // eslint-disable-next-line no-control-regex -- they are what is looked for
  assert.doesNotMatch(head.replaceAll('\r\n', ''), /[\x00-\x1f\x7f]/, head);
  assert.ok(!text.includes(`\n${INJECTED}`) && !text.includes(`\r${INJECTED}`), text);
  for (const { name } of headers) assert.ok(HEADERS.test(name) || ADDED.test(name), `${name} in ${text}`);
  for (const name of ONCE)
    assert.equal(headers.filter((header) => header.name === name).length, 1, `${name} in ${text}`);
  const length = headers.find(({ name }) => name === 'Content-Length')!.value;
  assert.equal(Number(length), Buffer.byteLength(body), text);
  assert.match(start, /^(SIP\/2\.0 [1-6][0-9]{2} [A-Za-z /]+|[A-Z]+ sips?:\S+ SIP\/2\.0)$/i);
}

const withoutTag = (value: string): string => value.replace(/;tag=.*$/, '');

/** The fields of an answer, where it is one that JavaScript can read. */
function read(body: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** An INVITE that reached the phone: it says what the hook's answer says, and nothing else. @param body of that answer */
export function checkInvite(invite: SipMessage, body: string): void {
  checkLines(invite);
  assert.match(invite.uri ?? '', CALLEE);
  assert.ok(body.includes(invite.uri!), `${invite.uri} is not in ${body.slice(0, 300)}`);
  assert.match(withoutTag(headerOf(invite, 'from')), CALLER);
  const identities = headersOf(invite, 'p-asserted-identity');
  if (withoutTag(headerOf(invite, 'from')) === '<sip:anonymous@anonymous.invalid>') assert.deepEqual(identities, []);
  else assert.deepEqual(identities, [withoutTag(headerOf(invite, 'from'))]);
  const added = invite.headers.filter(({ name }) => ADDED.test(name)).map(({ name, value }) => [name, value]);
  assert.ok(added.length <= 10);
  const { headers } = read(body);
  for (const [name, value] of added) {
    const said = typeof headers === 'object' && headers !== null ? Object.entries(headers) : [];
    const right = said.some(
      ([one, text]) =>
        one === name && typeof text === 'string' && (NO_TEXT.test(text + value) || text.trim() === value),
    );
    assert.ok(right || said.length === 0, `${name}: ${value} is not in ${body.slice(0, 300)}`);
  }
}

/** An INVITE that reached a desk. */
export function checkRinging(invite: SipMessage): void {
  checkLines(invite);
  assert.match(withoutTag(headerOf(invite, 'from')), OUTSIDE);
  assert.match(headerOf(invite, 'to'), OUTSIDE);
  assert.ok(!invite.headers.some(({ name }) => ADDED.test(name)), invite.text);
}

import fc, { type Arbitrary } from 'fast-check';
import { NUMBERS, SCRIPTS, TEXTS, URIS } from './hostile.js';
import { taken, written, type Message } from './sip-message.js';

/** One change to a message: what is done, where, and with which of the hostile words. Numbers count round. */
export interface Change {
  how: keyof typeof CHANGES;
  at: number;
  by: number;
}

/** What is said to the browser: one of the templates, changed. */
export interface Said {
  template: number;
  changes: Change[];
  /** Two of them at once, as a gateway does that repeats itself. */
  twice: boolean;
}

const METHODS = [
  'INVITE',
  'ACK',
  'BYE',
  'CANCEL',
  'INFO',
  'UPDATE',
  'OPTIONS',
  'MESSAGE',
  'REFER',
  'NOTIFY',
  'PRACK',
  'X',
];
const STATUSES = [
  '100',
  '180',
  '183',
  '199',
  '200',
  '202',
  '299',
  '300',
  '302',
  '400',
  '401',
  '403',
  '404',
  '407',
  '408',
];
STATUSES.push(
  '415',
  '420',
  '422',
  '423',
  '480',
  '481',
  '486',
  '487',
  '488',
  '489',
  '491',
  '494',
  '500',
  '503',
  '600',
  '699',
);

/** Headers that change what a message is for. */
const HEADERS: readonly (readonly [string, string])[] = [
  ['Replaces', 'x;to-tag=1;from-tag=2'],
  ['Require', '100rel,timer,fuzz'],
  ['Supported', 'replaces,timer,100rel,outbound'],
  ['Refer-To', `<${SCRIPTS[3]}>`],
  ['Contact', '*'],
  ['Contact', '<sip:else@localhost>;expires=99999999999, <sip:x@localhost>'],
  ['Expires', 'never'],
  ['Expires', '99999999999'],
  ['Min-Expires', '99999999999'],
  ['Session-Expires', '1;refresher=uac'],
  ['Session-Expires', '90;refresher=uas'],
  ['Min-SE', '-1'],
  ['Retry-After', '1e400'],
  ['WWW-Authenticate', 'Digest realm="fuzz", nonce="\\", qop="auth,auth-int", algorithm=MD5-sess, stale=true'],
  ['WWW-Authenticate', 'Digest realm="a\\"b", nonce="x", opaque="y", algorithm=SHA-256'],
  ['Proxy-Authenticate', 'Digest realm="fuzz", nonce="n", qop="auth-int"'],
  ['WWW-Authenticate', 'Bearer authz_server="http://127.0.0.1:9/"'],
  ['Content-Type', 'multipart/mixed;boundary=x'],
  ['Content-Type', 'application/dtmf-relay'],
  ['Content-Type', 'text/html'],
  ['Content-Encoding', 'gzip'],
  ['Content-Disposition', 'render;handling=required'],
  ['P-Asserted-Identity', `"${SCRIPTS[0]}" <sip:x@localhost>`],
  ['Alert-Info', '<http://127.0.0.1:9/>'],
  ['Call-Info', `<${SCRIPTS[3]}>;purpose=icon`],
  ['Subject', SCRIPTS[0]!],
  ['Reason', 'SIP;cause=200;text="fuzz"'],
  ['RSeq', '4294967296'],
  ['Event', 'refer;id=1'],
  ['Subscription-State', 'terminated'],
  ['Route', '<sip:127.0.0.1;lr>'],
  ['Via', 'SIP/2.0/UDP localhost;branch=z9hG4bKother'],
  ['__proto__', 'x'],
  ['constructor', 'x'],
];

const SDP: readonly string[] = [
  'a=sendonly',
  'a=recvonly',
  'a=inactive',
  'a=ice-lite',
  'a=setup:holdconn',
  'a=setup:passive',
  'a=mid:__proto__',
  'a=ice-ufrag:',
  'a=ice-pwd:short',
  'a=fingerprint:md5 00',
  'a=group:BUNDLE 0 1 2',
  'a=rtpmap:0 telephone-event/8000',
  'a=rtpmap:111 opus/48000/2',
  'a=fmtp:111 x=y',
  'a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:x',
  'a=candidate:1 1 udp 1 127.0.0.1 9 typ host',
  'a=candidate:1 1 udp 1 fuzz.local 9 typ host',
  'a=ssrc:1 cname:x',
  'a=extmap:1 urn:x',
  'a=end-of-candidates',
  'm=video 9 UDP/TLS/RTP/SAVPF 96',
  'm=audio 0 UDP/TLS/RTP/SAVPF 0',
  'm=audio 9 RTP/AVP 0',
  'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
  'm=',
  'c=IN IP6 ::1',
  'o=- 1 1 IN IP4 127.0.0.1',
  'v=1',
  'b=AS:0',
  't=0 0 0',
];

/** As much as one message may be, and a little more. */
const MUCH = 33_000;

const round = <T>(list: readonly T[], index: number): T => list[index % list.length]!;
const WORDS = [...TEXTS, ...NUMBERS, ...URIS];

/** Changes the nth thing in a text that looks like this. */
function replaceNth(text: string, pattern: RegExp, nth: number, by: (found: string) => string): string {
  const found = [...text.matchAll(pattern)];
  const one = found[nth % (found.length || 1)];
  return one ? text.slice(0, one.index) + by(one[0]) + text.slice(one.index + one[0].length) : text;
}

type InMessage = (message: Message, at: number, by: number) => void;
const header =
  (change: (header: [string, string], by: number) => void): InMessage =>
  (message, at, by) => {
    const one = message.headers[at % (message.headers.length || 1)];
    if (one) change(one, by);
  };
const atLine = (body: string[], at: number): number => at % (body.length || 1);

/** Along the grammar: what is changed is a part of a message, and most of the message stays right. */
const CHANGES = {
  method: (message, _, by) => {
    const method = round(METHODS, by);
    message.start = message.start.replace(/^(?!SIP\/)\S+/, method);
    if (!message.start.startsWith('SIP/'))
      for (const one of message.headers) if (one[0] === 'CSeq') one[1] = one[1].replace(/\S+$/, method);
  },
  status: (message, _, by) => (message.start = message.start.replace(/^(SIP\/2\.0 )\d+/, `$1${round(STATUSES, by)}`)),
  startLine: (message, at, by) =>
    (message.start = replaceNth(message.start, /\S+/g, at, () => round(WORDS, by).slice(0, 300))),
  dropHeader: (message, at) => message.headers.splice(at % (message.headers.length || 1), 1),
  doubleHeader: (message, at) => {
    const one = message.headers[at % (message.headers.length || 1)];
    if (one) message.headers.splice(at % message.headers.length, 0, [...one]);
  },
  swapHeaders: (message, at, by) => {
    const [one, other] = [round(message.headers, at), round(message.headers, by)];
    if (one && other) [one[1], other[1]] = [other[1], one[1]];
  },
  setHeader: header((one, by) => (one[1] = round(WORDS, by))),
  nameHeader: header((one, by) => (one[0] = round([...'vftimlcke', ...TEXTS], by))),
  spaces: header((one, by) => (one[1] = round([' \t ', '\r\n ', '\r\n\t\r\n ', '\u00a0'], by) + one[1])),
  appendToHeader: header(
    (one, by) => (one[1] += round([';expires=', ';tag=', ';q=', ';lr=', ';branch=', ','], by) + by),
  ),
  wordInHeader: header((one, by) => (one[1] = replaceNth(one[1], /[\w.-]+/g, by >> 4, () => round(WORDS, by)))),
  numberInHeader: header((one, by) => (one[1] = replaceNth(one[1], /\d+/g, by >> 4, () => round(NUMBERS, by)))),
  insideHeader: header((one, by) => {
    const where = by % (one[1].length + 1);
    one[1] = one[1].slice(0, where) + round(TEXTS, by >> 3) + one[1].slice(where);
  }),
  longHeader: header((one, by) => {
    const part = one[1].slice(0, 1 + (by % 20)) || 'x';
    one[1] = part.repeat(Math.ceil((10 ** (1 + (by % 4)) * 6) / part.length));
  }),
  longWord: header(
    (one, by) => (one[1] = round(['a', '(', '1.', ' ', '\\"', '[:', '%41', '<', ';a'], by).repeat(10_000)),
  ),
  longWordInHeader: header(
    (one, by) =>
      (one[1] = replaceNth(one[1], /[\w.-]+/g, by >> 4, (word) => round(['A', 'a.', '1', word], by).repeat(8000))),
  ),
  addHeader: (message, at, by) => message.headers.splice(at % (message.headers.length + 1), 0, [...round(HEADERS, by)]),
  manyHeaders: (message, at) => {
    const one = message.headers[at % (message.headers.length || 1)];
    if (one) message.headers.push(...Array.from({ length: 500 }, (): [string, string] => [...one]));
  },
  otherCall: (message, at, by) => {
    for (const one of message.headers) if (one[0] === round(['Call-ID', 'From', 'To'], at)) one[1] += by;
  },
  cseq: (message, _, by) => {
    for (const one of message.headers) if (one[0] === 'CSeq') one[1] = one[1].replace(/^\S+/, round(NUMBERS, by));
  },
  body: (message, _, by) => {
    message.body = round(
      [[], ['v=0', ''], TEXTS, SDP, ['Signal=1', 'Duration=100', ''], ['x'.repeat(MUCH)]],
      by,
    ).slice();
    const type = round(['application/sdp', 'application/dtmf-relay', 'text/html', 'message/sipfrag'], by >> 3);
    if (!message.headers.some(([name]) => name === 'Content-Type')) message.headers.push(['Content-Type', type]);
  },
  dropLine: (message, at) => message.body.splice(atLine(message.body, at), 1),
  doubleLine: (message, at) => {
    const line = message.body[atLine(message.body, at)];
    if (line !== undefined) message.body.splice(at % message.body.length, 0, line);
  },
  addLine: (message, at, by) => message.body.splice(at % (message.body.length + 1), 0, round(SDP, by)),
  setLine: (message, at, by) => {
    const line = message.body[atLine(message.body, at)];
    if (line) message.body[atLine(message.body, at)] = line.slice(0, 2) + round(WORDS, by);
  },
  wordInLine: (message, at, by) => {
    const line = message.body[atLine(message.body, at)];
    if (line) message.body[atLine(message.body, at)] = replaceNth(line, /[\w.-]+/g, by >> 4, () => round(WORDS, by));
  },
  length: (message, _, by) => (message.length = round(NUMBERS, by)),
} satisfies Record<string, InMessage>;

/** Against the grammar: what passes the wire is text, or not even that. */
const SPOILED: readonly ((text: string, at: number) => string | ArrayBuffer)[] = [
  (text, at) => text.slice(0, at % text.length),
  (text) => text.replaceAll('\r\n', '\n'),
  (text) => `\r\n\r\n${text}`,
  (text) => text.replace('\r\n\r\n', '\r\n'),
  (text, at) => text.slice(0, at % text.length) + String.fromCharCode(at) + text.slice((at % text.length) + 1),
  (text) => new TextEncoder().encode(text).buffer as ArrayBuffer,
  (text, at) => {
    const bytes = new TextEncoder().encode(text);
    bytes[at % bytes.length] = 0x80 | (at & 0x7f);
    return bytes.buffer as ArrayBuffer;
  },
  (text) => text.toUpperCase(),
  (text) => text + text,
];

type How = keyof typeof CHANGES;

const change: Arbitrary<Change> = fc.record({
  // What a message is for decides how far it gets; so that is changed more often than the rest.
  how: fc.constantFrom(
    ...(Object.keys(CHANGES) as How[]),
    ...Array.from({ length: 5 }, (): How[] => ['method', 'status']).flat(),
  ),
  at: fc.nat(40),
  by: fc.nat(4000),
});

/** One message and all that is done to it. */
export type Lie = Said & { spoiled: number | undefined; where: number };

export const said: Arbitrary<Lie> = fc.record({
  template: fc.nat(1000),
  changes: fc.oneof(
    { weight: 1, arbitrary: fc.constant<Change[]>([]) },
    { weight: 6, arbitrary: fc.array(change, { minLength: 1, maxLength: 1 }) },
    { weight: 3, arbitrary: fc.array(change, { minLength: 2, maxLength: 4 }) },
  ),
  spoiled: fc.option(fc.nat(SPOILED.length - 1), { nil: undefined, freq: 16 }),
  where: fc.nat(5000),
  twice: fc.constantFrom(false, false, false, false, true),
});

/** The message that comes of it. */
export function changed(text: string, { changes, spoiled, where }: Lie) {
  const message = taken(text);
  for (const { how, at, by } of changes) CHANGES[how](message, at, by);
  const whole = written(message);
  return spoiled === undefined ? whole : SPOILED[spoiled]!(whole, where);
}

import fc, { type Arbitrary } from 'fast-check';
import { secret, shop } from '../../server/support/world.js';
import { CANARY, SCRIPTS, TEXTS } from '../support/hostile.js';
import { almost, damaged } from '../support/json.js';

/** A question to a hook, in which `{n}` and `{hash}` stand for a number and a hash that no other question has. */
export interface QuestionLie {
  action: string;
  method: string;
  authorization: string;
  headers: Record<string, string>;
  body: string;
  /** How the body comes: as text, as bytes that are no UTF-8, in pieces, or only the first part of it. */
  comes: 'text' | 'bytes' | 'pieces' | 'half';
}

const facts = {
  // What is asked twice is answered once: a question that is to be judged has a name of its own.
  event_id: ['e{n}', 'e{n}', 'e{n}', 'same'],
  gateway: ['fuzz'],
  conn_id: ['c'],
  remote_ip: ['127.0.0.1', '::1'],
  origin: [shop, undefined, 'null'],
  call_id: ['call{n}', 'call{n}', 'call'],
  from_tag: ['tag'],
  from_uri: ['sip:visitor@example.test'],
  request_uri: ['sip:call@example.test', 'sip:+254700000009@example.test'],
  token: ['token{n}', 'token{n}', 'other'],
  token_sha256: [undefined, 'a'.repeat(64)],
  username: [undefined, 'web-4711'],
  aor: ['sip:a@example.test', undefined],
  reason: ['hangup', undefined],
  duration: [3, undefined],
  called: ['+254200000001', undefined],
  caller: ['+254700000001', undefined],
};

/** What a backend says that mints by itself. */
const grants = {
  event_id: ['e{n}'],
  token_sha256: ['{hash}', '{hash}', '{hash}', 'B'.repeat(64)],
  renew_sha256: [undefined, undefined, 'b'.repeat(64)],
  line: ['sales', undefined],
  sid: ['session-{n}'],
  sub: ['sip:v-{n}@example.test'],
  scope: [['call'], ['receive'], ['call', 'dial'], undefined],
  expires_in: [300],
  origin: [shop, undefined],
  context: [undefined, { page: '/prices' }],
  remote_ip: ['127.0.0.1'],
  challenge: [undefined],
};

const authorization: Arbitrary<string> = fc.oneof(
  { weight: 12, arbitrary: fc.constant(`Bearer ${secret}`) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '',
      'Bearer',
      `Basic ${secret}`,
      `Bearer ${'x'.repeat(9000)}`,
      `Bearer ${secret} x`,
      `Bearer ${secret}, Bearer x`,
      `Bearer "${secret}"`,
      `Bearer ${secret.slice(0, -1)}`,
      `Bearer ${secret.toUpperCase()}`,
      `bearer  ${secret}`,
    ),
  },
);

const headers: Arbitrary<Record<string, string>> = fc.oneof(
  { weight: 6, arbitrary: fc.constant<Record<string, string>>({}) },
  {
    weight: 1,
    arbitrary: fc.dictionary(
      fc.constantFrom(
        'Content-Type',
        'Content-Encoding',
        'X-Forwarded-For',
        'Origin',
        'Cookie',
        'X-HTTP-Method-Override',
        'Accept',
        'Range',
        'If-Match',
      ),
      fc.constantFrom(
        ...SCRIPTS,
        'gzip',
        'text/html; charset=utf-16',
        'multipart/form-data; boundary=',
        '*/*',
        'bytes=0-1',
        'x'.repeat(8000),
        `${CANARY}=1`,
        'GET',
      ),
    ),
  },
);

export const ACTIONS: readonly string[] = ['connect', 'call', 'answered', 'ended', 'incoming', 'grant'];
/** What is no action, though an object knows it. */
const OTHERS = [
  '',
  'toString',
  '__proto__',
  'constructor',
  'hasOwnProperty',
  '%00',
  '..',
  'call/',
  'CALL',
  'call%20',
  'grant;x',
  '?secret',
  ...TEXTS.slice(0, 12).map(encodeURIComponent),
];

const action = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom(...ACTIONS) },
  { weight: 1, arbitrary: fc.constantFrom(...OTHERS) },
);

export const questions: Arbitrary<QuestionLie> = action.chain((action) =>
  fc.record({
    action: fc.constant(action),
    method: fc.constantFrom(...Array.from({ length: 12 }, () => 'POST'), 'PUT', 'DELETE', 'PATCH'),
    authorization,
    headers,
    body: almost(action === 'grant' ? grants : facts).chain((body) => damaged(JSON.stringify(body))),
    comes: fc.constantFrom('text', 'text', 'text', 'text', 'bytes', 'pieces', 'half'),
  }),
);

const chunk = (body: Buffer): Buffer =>
  Buffer.concat([Buffer.from(`${body.length.toString(16)}\r\n`), body, Buffer.from('\r\n')]);
const END = Buffer.from('0\r\n\r\n');
const sized = (length: string | number) => `Content-Length: ${length}\r\n`;
const CHUNKED = 'Transfer-Encoding: chunked\r\n';

/** How a question is sent: more header lines, and what stands behind them. */
const WIRES: Readonly<Record<string, (body: Buffer) => [head: string, body: Buffer]>> = {
  whole: (body) => [sized(body.length), body],
  chunks: (body) => [
    CHUNKED,
    Buffer.concat([chunk(body.subarray(0, 7)), chunk(Buffer.concat([body.subarray(7), Buffer.from(' ')])), END]),
  ],
  'chunks without an end': (body) => [CHUNKED, chunk(body)],
  'a chunk that is no number': (body) => [CHUNKED, Buffer.concat([Buffer.from('xyz\r\n'), body, END])],
  'a chunk that is too large': (body) => [CHUNKED, Buffer.concat([Buffer.from('FFFFFFFFFFFFFFFFF\r\n'), body])],
  'a trailer': (body) => [CHUNKED, Buffer.concat([chunk(body), Buffer.from('0\r\nAuthorization: Bearer x\r\n\r\n')])],
  'a length that is too large': (body) => [sized(body.length + 9), body],
  'a length that is too small': (body) => [sized(body.length >> 1), body],
  'a length that is negative': (body) => [sized(-1), body],
  'a length that is none': (body) => [sized('1e3'), body],
  'two lengths': (body) => [sized(body.length) + sized(1), body],
  'length and chunks': (body) => [sized(4) + CHUNKED, Buffer.concat([chunk(body), END])],
  'no length': (body) => ['', body],
  'a giant': (body) => [sized(20_000_000), Buffer.concat([body, Buffer.alloc(200_000, 0x20)])],
  expects: (body) => [`${sized(body.length)}Expect: 100-continue\r\n`, body],
  'expects much': (body) => [`${sized(body.length)}Expect: x\r\n`, body],
  zipped: (body) => [`${sized(body.length)}Content-Encoding: gzip\r\n`, body],
  'a long header': (body) => [`${sized(body.length)}X: ${'x'.repeat(30_000)}\r\n`, body],
  'a folded header': (body) => [`${sized(body.length)}X: x\r\n y: z\r\n`, body],
  'a NUL': (body) => [`${sized(body.length)}X: \0\r\n`, body],
  'a bare line feed': (body) => [`${sized(body.length)}X: x\nY: z\r\n`, body],
  'an upgrade': (body) => [`${sized(body.length)}Connection: Upgrade\r\nUpgrade: h2c\r\n`, body],
  'half a header': () => ['X', Buffer.alloc(0)],
};

export const wires: Arbitrary<string> = fc.oneof(
  { weight: 1, arbitrary: fc.constant('whole') },
  { weight: 3, arbitrary: fc.constantFrom(...Object.keys(WIRES)) },
);

/** A body with what is its own. */
export const numbered = (body: string, number: number): string =>
  body.replaceAll('{n}', String(number)).replaceAll('{hash}', number.toString(16).padStart(64, '0'));

/** A question as bytes. */
export function onTheWire({ action, method, authorization, headers, body }: QuestionLie, wire: string): Buffer {
  const [more, bytes] = WIRES[wire]!(Buffer.from(body));
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const first = `${method} /sip/${action} HTTP/1.1\r\nHost: hook.test\r\nAuthorization: ${authorization}\r\n`;
  // Whoever says that this is the last one is told the end of it.
  return Buffer.concat([
    Buffer.from(`${first}Connection: close\r\n${lines.join('')}${more}${wire === 'half a header' ? '' : '\r\n'}`),
    bytes,
  ]);
}

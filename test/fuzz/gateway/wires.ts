import { deflateSync, gzipSync } from 'node:zlib';
import type { Step } from './lying-hook.js';

/** What a backend says, before it is bytes. */
export interface Said {
  /** What stands behind `HTTP/1.1 `. */
  status: string;
  body: Buffer;
  /** Of a hook that nobody has told the gateway of. */
  elsewhere: string;
  /** An answer that would be a call, were it one to this question. */
  smuggled: string;
}

const JSON_TYPE = 'Content-Type: application/json';
const head = (status: string, ...headers: string[]): Buffer =>
  Buffer.from(`HTTP/1.1 ${status}\r\n${headers.map((line) => `${line}\r\n`).join('')}\r\n`, 'latin1');
const sized = ({ status, body }: Said, ...headers: string[]): Step[] => [
  Buffer.concat([head(status, JSON_TYPE, `Content-Length: ${body.length}`, ...headers), body]),
];
const raw = (text: string): Buffer => Buffer.from(text, 'latin1');
const chunk = (body: Buffer): Buffer => Buffer.concat([raw(`${body.length.toString(16)}\r\n`), body, raw('\r\n')]);
const CHUNKED = [JSON_TYPE, 'Transfer-Encoding: chunked'];
const half = (body: Buffer): Buffer => body.subarray(0, body.length >> 1);

/** Ways to send an answer that a gateway may take for whole. */
const WHOLE: Readonly<Record<string, (said: Said) => Step[]>> = {
  plain: (said) => sized(said),
  'no length': ({ status, body }) => [head(status, JSON_TYPE), body, 'close'],
  'old HTTP': ({ status, body }) => [raw(`HTTP/1.0 ${status}\r\n\r\n`), body, 'close'],
  'no reason': ({ status, body }) => sized({ status: status.slice(0, 3), body } as Said),
  'in pieces': ({ status, body }) => [
    head(status, ...CHUNKED),
    chunk(half(body)),
    20,
    chunk(body.subarray(body.length >> 1)),
    raw('0\r\n\r\n'),
  ],
  'a trailer': ({ status, body }) => [
    head(status, ...CHUNKED),
    chunk(body),
    raw('0\r\nInjected: yes\r\nContent-Length: 7\r\n\r\n'),
  ],
  'a long chunk extension': ({ status, body }) => [
    head(status, ...CHUNKED),
    raw(`${body.length.toString(16)};${'x'.repeat(4000)}\r\n`),
    body,
    raw('\r\n0\r\n\r\n'),
  ],
  'another type': (said) => sized(said, 'Content-Type: text/html', 'Content-Type: multipart/mixed; boundary=x'),
  'provisional answers': (said) => [head('100 Continue'), head('103 Early Hints', 'Link: </x>'), ...sized(said)],
  'length and chunks': ({ status, body }) => [
    Buffer.concat([head(status, 'Content-Length: 5', ...CHUNKED), chunk(body), raw('0\r\n\r\n')]),
  ],
  'many headers': (said) => sized(said, ...Array.from({ length: 300 }, (_, index) => `X-${index}: ${index}`)),
  'a long header': (said) => sized(said, `X-Long: ${'x'.repeat(60_000)}`),
  cookies: (said) =>
    sized(said, 'Set-Cookie: a=b; Domain=127.0.0.1', 'Strict-Transport-Security: max-age=99999999', 'Alt-Svc: h3=":1"'),
  'asks for a password': (said) =>
    sized({ ...said, status: '401 No' }, 'WWW-Authenticate: Basic realm="x"', 'Proxy-Authenticate: NTLM'),
  'an end of the connection': (said) => [...sized(said, 'Connection: close'), 'close'],
  'zipped, and says so not': ({ status, body }) => sized({ status, body: gzipSync(body) } as Said),
  'zipped, and says so': ({ status, body }) =>
    sized({ status, body: gzipSync(body) } as Said, 'Content-Encoding: gzip'),
  'deflated, and says gzip': ({ status, body }) =>
    sized({ status, body: deflateSync(body) } as Said, 'Content-Encoding: gzip'),
  'not zipped, and says so': (said) => sized(said, 'Content-Encoding: gzip, br, zstd'),
  'much of nothing before it': ({ status, body }) =>
    sized({ status, body: Buffer.concat([Buffer.alloc(200_000, 0x20), body]) } as Said),
  'nothing behind it': ({ status, body }) => sized({ status, body: Buffer.concat([body, Buffer.alloc(9)]) } as Said),
  'elsewhere, and here': (said) => sized(said, `Location: ${said.elsewhere}`, `Refresh: 0; url=${said.elsewhere}`),
  'no HTTP': ({ body }) => [body, 'close'],
};

/** Ways to say more than one answer, so that the next question on that connection may get what is left. */
const SURPLUS: Readonly<Record<string, (said: Said) => Step[]>> = {
  'two answers': (said) => [...sized(said), ...sized({ ...said, status: '200 OK', body: Buffer.from(said.smuggled) })],
  'a second answer later': (said) => [
    ...sized(said),
    30,
    ...sized({ ...said, status: '200 OK', body: Buffer.from(said.smuggled) }),
  ],
  'two answers, at once': (said) => [
    Buffer.concat([
      ...sized(said),
      ...sized({ ...said, status: '200 OK', body: Buffer.from(said.smuggled) }),
    ] as Buffer[]),
  ],
  'a length that is too small': ({ status, body }) => [
    Buffer.concat([head(status, JSON_TYPE, `Content-Length: ${body.length >> 1}`), body]),
  ],
  'two lengths': ({ status, body }) => [
    Buffer.concat([head(status, JSON_TYPE, `Content-Length: ${body.length}`, 'Content-Length: 3'), body]),
  ],
  'an upgrade': (said) => [head('101 Switching Protocols', 'Upgrade: h2c', 'Connection: Upgrade'), ...sized(said)],
};

/** Ways to send an answer that never ends, or ends before it is whole, or is for somebody else: nobody may be called. */
const BROKEN: Readonly<Record<string, (said: Said) => Step[]>> = {
  'half of it, then the end': ({ status, body }) => [
    head(status, JSON_TYPE, `Content-Length: ${body.length}`),
    half(body),
    'close',
  ],
  'half of it, then a reset': ({ status, body }) => [
    head(status, JSON_TYPE, `Content-Length: ${body.length}`),
    half(body),
    20,
    'reset',
  ],
  'a length that is too large, then the end': ({ status, body }) => [
    head(status, JSON_TYPE, `Content-Length: ${body.length + 7}`),
    body,
    'close',
  ],
  'a length that is too large, then a reset': ({ status, body }) => [
    head(status, JSON_TYPE, `Content-Length: ${body.length + 7}`),
    body,
    20,
    'reset',
  ],
  'chunks without an end': ({ status, body }) => [head(status, ...CHUNKED), chunk(body), 'close'],
  'a chunk that is no number': ({ status, body }) => [
    head(status, ...CHUNKED),
    raw('xyz\r\n'),
    body,
    raw('\r\n0\r\n\r\n'),
  ],
  'a chunk that is too large': ({ status, body }) => [
    head(status, ...CHUNKED),
    raw('FFFFFFFFFFFFFFFFF\r\n'),
    body,
    'close',
  ],
  'a chunk that is negative': ({ status, body }) => [
    head(status, ...CHUNKED),
    raw('-5\r\n'),
    body,
    raw('\r\n0\r\n\r\n'),
    'close',
  ],
  'a reset at once': () => ['reset'],
  'the end at once': () => ['close'],
  'half a header, then the end': () => [raw('HTTP/1.1 200 OK\r\nContent-Ty'), 'close'],
  'headers that go on': () => [
    raw('HTTP/1.1 200 OK\r\n'),
    ...Array.from({ length: 40 }, () => raw(`X: ${'x'.repeat(20_000)}\r\n`)),
    'close',
  ],
  moved: ({ body, elsewhere }) => sized({ status: '302 Found', body } as Said, `Location: ${elsewhere}`),
  'moved for ever': ({ body, elsewhere }) =>
    sized({ status: '308 Permanent Redirect', body } as Said, `Location: ${elsewhere}`),
  'a giant': ({ status, body }) => [
    head(status, JSON_TYPE, `Content-Length: ${body.length + 3_000_000}`),
    ...Array.from({ length: 30 }, () => Buffer.alloc(100_000, 0x20)),
    body,
  ],
  'a giant without a length': ({ status, body }) => [
    head(status, JSON_TYPE),
    ...Array.from({ length: 30 }, () => Buffer.alloc(100_000, 0x20)),
    body,
    'close',
  ],
};

/** The same, and they take until the gateway gives up. */
const SLOW: Readonly<Record<string, (said: Said) => Step[]>> = {
  silence: () => [10_000, 'close'],
  'half of it, then silence': ({ status, body }) => [
    head(status, JSON_TYPE, `Content-Length: ${body.length}`),
    half(body),
    10_000,
    'close',
  ],
  'one byte after the other': ({ status, body }) => [
    head(status, JSON_TYPE, 'Content-Length: 400'),
    ...[...body].slice(0, 100).flatMap((byte): Step[] => [100, Buffer.from([byte])]),
    'close',
  ],
  'provisional answers for ever': () => Array.from({ length: 100 }, (): Step[] => [head('100 Continue'), 100]).flat(),
  'headers for ever': () => [
    raw('HTTP/1.1 200 OK\r\n'),
    ...Array.from({ length: 100 }, (): Step[] => [raw('X: x\r\n'), 100]).flat(),
  ],
  'too late': (said) => [2500, ...sized(said)],
};

export const WIRES = { ...WHOLE, ...SURPLUS, ...BROKEN, ...SLOW };
export const WHOLE_NAMES = Object.keys(WHOLE);
export const SURPLUS_NAMES = Object.keys(SURPLUS);
export const BROKEN_NAMES = Object.keys(BROKEN);
export const SLOW_NAMES = Object.keys(SLOW);

/** Whether a call may come of it, if what it says is right. */
export const mayBeWhole = (wire: string): boolean => wire in WHOLE || wire in SURPLUS;

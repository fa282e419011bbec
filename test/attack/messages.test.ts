import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { webrtcOffer } from '../stack/sip-client.js';
import { attacks } from './support/attack.js';
import { CALLEE_MARK } from './support/far-end.js';
import type { Thief } from './support/thief.js';

/** An INVITE as text; a thief changes it as he likes before it is sent. */
function inviteText(
  token: string | undefined,
  { callId = randomBytes(8).toString('hex'), body = webrtcOffer() } = {},
): string {
  return [
    'INVITE sip:call@gateway.invalid SIP/2.0',
    `Via: SIP/2.0/WSS x.invalid;branch=z9hG4bK${randomBytes(6).toString('hex')}`,
    'Max-Forwards: 69',
    `From: <sip:visitor@gateway.invalid>;tag=${randomBytes(4).toString('hex')}`,
    'To: <sip:call@gateway.invalid>',
    `Call-ID: ${callId}`,
    'CSeq: 1 INVITE',
    'Contact: <sip:visitor@x.invalid;transport=ws>',
    ...(token === undefined ? [] : [`Authorization: Bearer ${token}`]),
    'Content-Type: application/sdp',
    `Content-Length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ].join('\r\n');
}

/** Sends the text of an INVITE after a change to it, and waits for what it meets. */
async function sends(
  thief: Thief,
  change: (text: string, token: string) => string | Buffer | (string | Buffer)[],
): Promise<string> {
  const token = await thief.token('busy');
  const callId = randomBytes(8).toString('hex');
  const frames = [change(inviteText(token, { callId }), token)].flat();
  for (const frame of frames) {
    thief.client.said.push(frame.toString('latin1'));
    thief.client.socket.send(frame);
  }
  return await thief.held({ callId, fromTag: '', branch: '', client: thief.client });
}

const withHeader =
  (header: string) =>
  (text: string): string =>
    text.replace('\r\nContent-Type', `\r\n${header}\r\nContent-Type`);
const instead =
  (from: string | RegExp, to: string) =>
  (text: string): string =>
    text.replace(from, to);
const long = 'a'.repeat(9000);

/** What is wrong with a message, and how. Whatever becomes of it, nobody but the grant's line is called, and the gateway lives. */
const BROKEN: Record<string, (text: string, token: string) => string | Buffer | (string | Buffer)[]> = {
  'two messages in one frame, the second without a token': (text) => text + inviteText(undefined),
  'two messages in one frame, the second with the token again': (text, token) => text + inviteText(token),
  'an INVITE hidden in the body of another': (text, token) =>
    instead(/\r\n\r\n[^]*/, `\r\n\r\n${inviteText(token)}`)(text).replace(/Content-Length: \d+/, 'Content-Length: 0'),
  'one message in two frames': (text) => [text.slice(0, 300), text.slice(300)],
  'a message in a binary frame': (text) => Buffer.from(text),
  'a Content-Length that is too small': instead(/Content-Length: \d+/, 'Content-Length: 10'),
  'a Content-Length that is too large': instead(/Content-Length: \d+/, 'Content-Length: 60000'),
  'a Content-Length of 4 billion': instead(/Content-Length: \d+/, 'Content-Length: 4294967297'),
  'a negative Content-Length': instead(/Content-Length: \d+/, 'Content-Length: -1'),
  'a Content-Length of letters': instead(/Content-Length: \d+/, 'Content-Length: 0x10'),
  'two Content-Lengths': withHeader('Content-Length: 0'),
  'no Content-Length': instead(/Content-Length: \d+\r\n/, ''),
  'lines that end in LF': (text) => text.replaceAll('\r\n', '\n'),
  'lines that end in CR': (text) => text.replaceAll('\r\n', '\r'),
  'NUL in a header': withHeader('X-Nul: a\0b\0'),
  'NUL in the request URI': instead('sip:call@', 'sip:call\0@'),
  'bytes that are no UTF-8': (text) =>
    Buffer.concat([Buffer.from(text.slice(0, 60)), Buffer.from([0xff, 0xfe, 0xc0]), Buffer.from(text.slice(60))]),
  'a message of a megabyte': (text) => text + 'a'.repeat(1_000_000),
  'a header of 60,000 letters': withHeader(`X-Long: ${'a'.repeat(60_000)}`),
  'a request URI of 9,000 letters': instead('sip:call@', `sip:${long}@`),
  'a Call-ID of 9,000 letters': instead('Call-ID: ', `Call-ID: ${long}`),
  'a From tag of 9,000 letters': instead(';tag=', `;tag=${long}`),
  'a branch of 9,000 letters': instead('z9hG4bK', `z9hG4bK${long}`),
  'a thousand headers': withHeader(Array.from({ length: 1000 }, (_, count) => `X-H${count}: ${count}`).join('\r\n')),
  'a hundred Vias': (text) =>
    text.replace('Max-Forwards', `${'Via: SIP/2.0/UDP 198.51.100.9;branch=z9hG4bKx\r\n'.repeat(100)}Max-Forwards`),
  'five hundred Routes': withHeader(Array.from({ length: 500 }, () => 'Route: <sip:198.51.100.9;lr>').join('\r\n')),
  'no Via': instead(/Via: .*\r\n/, ''),
  'no From': instead(/From: .*\r\n/, ''),
  'no To': instead(/To: .*\r\n/, ''),
  'no CSeq': instead(/CSeq: .*\r\n/, ''),
  'no Call-ID': instead(/Call-ID: .*\r\n/, ''),
  'two Call-IDs': withHeader('Call-ID: another'),
  'two CSeqs': withHeader('CSeq: 2 REGISTER'),
  'CSeq of another method': instead('1 INVITE', '1 REGISTER'),
  'CSeq beyond 32 bits': instead('1 INVITE', '99999999999 INVITE'),
  'Max-Forwards 0': instead('Max-Forwards: 69', 'Max-Forwards: 0'),
  'Max-Forwards -1': instead('Max-Forwards: 69', 'Max-Forwards: -1'),
  'Max-Forwards 9999': instead('Max-Forwards: 69', 'Max-Forwards: 9999'),
  'another version of SIP': instead('SIP/2.0\r\n', 'SIP/3.0\r\n'),
  'blanks in the request line': instead('INVITE sip', 'INVITE  \t sip'),
  'an empty request URI': instead('sip:call@gateway.invalid SIP', 'sip: SIP'),
  'a tel: URI': instead('sip:call@gateway.invalid SIP', 'tel:+19005550100 SIP'),
  'an http: URI': instead('sip:call@gateway.invalid SIP', 'http://127.0.0.1/ SIP'),
  'a sips: URI of a far host': instead('sip:call@gateway.invalid SIP', 'sips:+19005550100@198.51.100.9 SIP'),
  'an IPv6 request URI': instead('call@gateway.invalid SIP', 'call@[::1]:5060 SIP'),
  'a question for the hook within the Call-ID': instead('Call-ID: ', 'Call-ID: x","callee":"sip:x@127.0.0.1","a":"'),
  'a question for the hook within the From tag': instead(';tag=', ';tag="x\\",\\"token\\":\\"'),
  'bars in the Call-ID': instead('Call-ID: ', 'Call-ID: a|b|caller'),
  'a Via of another host, to have the answers sent there': instead(
    'x.invalid;branch',
    '127.0.0.1:5060;rport=5060;received=198.51.100.9;branch',
  ),
  'a Via of UDP, to have the answers sent there': instead('SIP/2.0/WSS x.invalid', 'SIP/2.0/UDP 198.51.100.9:5060'),
  'a Via with maddr': instead('x.invalid;branch', 'x.invalid;maddr=198.51.100.9;ttl=255;branch'),
  'a branch that is none': instead('z9hG4bK', ''),
  'a body in a coding': withHeader('Content-Encoding: gzip'),
  'a body of parts': (text) =>
    text
      .replace('application/sdp', 'multipart/mixed;boundary=x')
      .replace(
        /\r\n\r\n[^]*/,
        (body) =>
          `\r\n\r\n--x\r\nContent-Type: application/sdp${body}--x\r\nContent-Type: application/pidf+xml\r\n\r\n<evil/>\r\n--x--\r\n`,
      )
      .replace(/Content-Length: \d+\r\n/, ''),
  'a body of HTML': instead('application/sdp', 'text/html'),
  'no body': (text) => text.replace(/\r\n\r\n[^]*/, '\r\n\r\n').replace(/Content-Length: \d+/, 'Content-Length: 0'),
  'a request of HTTP': () => 'GET /hook/call HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n',
  'a CRLF bomb': () => '\r\n\r\n'.repeat(5000),
  noise: () => randomBytes(4000),
};

attacks('messages', (attack) => {
  for (const [name, change] of Object.entries(BROKEN)) attack(name, (thief) => sends(thief, change));

  attack('a message in many fragments of one byte', async (thief) => {
    const callId = randomBytes(8).toString('hex');
    const text = inviteText(await thief.token('busy'), { callId });
    for (const [index, letter] of [...text].entries())
      thief.client.socket.send(letter, { fin: index === text.length - 1 });
    return await thief.held({ callId, fromTag: '', branch: '', client: thief.client });
  });

  attack('a stray answer with the Via of a phone, to be sent on there', async (thief) => {
    const at = thief.target.callee('rings').replace(/^sip:.*@/, '');
    const gateway = new URL(thief.target.addresses.gateway_url).host;
    for (const top of [gateway, `127.0.0.1:${thief.target.trunkPort ?? 5060}`, 'gateway.invalid']) {
      for (const transport of ['UDP', 'WSS', 'TLS']) {
        thief.client.send(
          [
            'SIP/2.0 200 OK',
            `Via: SIP/2.0/${transport} ${top};branch=z9hG4bKstray0`,
            `Via: SIP/2.0/UDP ${at};branch=z9hG4bKstray1;rport=${at.split(':')[1] ?? ''};received=127.0.0.1`,
            'From: <sip:a@b>;tag=1',
            `To: <sip:${CALLEE_MARK}@b>;tag=2`,
            'Call-ID: stray',
            'CSeq: 1 INVITE',
            'Content-Length: 0',
            '',
            '',
          ].join('\r\n'),
        );
      }
    }
    await thief.control();
    assert.ok(!thief.arrived.some(({ text }) => text.includes('stray')), 'the gateway sent it on');
    return 'no answer';
  });
});

import type { IncomingMessage, IncomingRequest } from './jssip.js';

/** Methods that a caller's browser handles; everything else is answered with 405 (RFC 3261 section 8.2.1). */
export const ALLOWED_METHODS = ['INVITE', 'ACK', 'CANCEL', 'BYE', 'INFO', 'OPTIONS', 'UPDATE'];

/** The method of a request that JsSIP is about to send; empty for a response, and for what is too long to be one. */
export const methodOf = (text: string): string => /^([A-Z]{1,16}) sip/i.exec(text)?.[1] ?? '';

/** A message in two words, `180 INVITE`, for the log: never an address, never a phrase of somebody else's. */
export const describe = (text: string): string =>
  methodOf(text) ||
  `${/^SIP\/2\.0 (\d{3})/.exec(text)?.[1] ?? '?'} ${/^CSeq:\s*\d+\s+([A-Z]{1,16})\b/im.exec(text)?.[1] ?? ''}`;

/** A header of a message that JsSIP wrote itself: full names, one line each. */
export function headerOf(text: string, name: string): string {
  return new RegExp(`^${name}:[ \\t]*(.*)$`, 'im').exec(text.slice(0, text.indexOf('\r\n\r\n')))?.[1]?.trim() ?? '';
}

/** True for an INVITE that starts a call: one inside a dialog has a To tag (RFC 3261 section 12.2). */
export const startsCall = (text: string): boolean =>
  methodOf(text) === 'INVITE' && !/;tag=/i.test(headerOf(text, 'To'));

/** Adds a header right after the start line. */
export function withHeader(text: string, header: string): string {
  const end = text.indexOf('\r\n');
  return `${text.slice(0, end)}\r\n${header}${text.slice(end)}`;
}

/** A response to a request, made without a transaction (RFC 3261 section 8.2.6). */
export function respond(request: IncomingRequest, status: number, reason: string, ...headers: string[]): string {
  const to = request.getHeader('to') ?? '';
  return [
    `SIP/2.0 ${status} ${reason}`,
    ...request.getHeaders('via').map((via) => `Via: ${via}`),
    `From: ${request.getHeader('from')}`,
    `To: ${request.to_tag ? to : `${to};tag=${token()}`}`,
    `Call-ID: ${request.call_id}`,
    `CSeq: ${request.cseq} ${request.method}`,
    ...headers,
    'Content-Length: 0',
    '\r\n',
  ].join('\r\n');
}

/** An ACK or BYE in the dialog that a 2xx response would have made (RFC 3261 sections 12.1.2, 13.2.2.4). */
export function inDialog(method: 'ACK' | 'BYE', response: IncomingMessage, sentBy: string): string {
  const target = response.parseHeader('contact')?.uri.toString() ?? '';
  return [
    `${method} ${target} SIP/2.0`,
    `Via: ${sentBy};branch=z9hG4bK${token()}`,
    'Max-Forwards: 70',
    ...response
      .getHeaders('record-route')
      .reverse()
      .map((route) => `Route: ${route}`),
    `From: ${response.getHeader('from')}`,
    `To: ${response.getHeader('to')}`,
    `Call-ID: ${response.call_id}`,
    `CSeq: ${response.cseq + (method === 'BYE' ? 1 : 0)} ${method}`,
    'Content-Length: 0',
    '\r\n',
  ].join('\r\n');
}

/** The CANCEL of an INVITE that JsSIP wrote (RFC 3261 section 9.1): it bears the same branch, by which a server knows it. */
export function cancelOf(invite: string): string {
  const copied = ['Via', 'Route', 'From', 'To', 'Call-ID'].map((name) => [name, headerOf(invite, name)] as const);
  return [
    invite.slice(0, invite.indexOf('\r\n')).replace('INVITE', 'CANCEL'),
    'Max-Forwards: 70',
    ...copied.filter(([, value]) => value).map(([name, value]) => `${name}: ${value}`),
    `CSeq: ${parseInt(headerOf(invite, 'CSeq'), 10)} CANCEL`,
    'Content-Length: 0',
    '\r\n',
  ].join('\r\n');
}

/** A random token for tags and branches: 64 bits, as RFC 3261 section 19.3 wants at least 32. */
function token(): string {
  return [...crypto.getRandomValues(new Uint32Array(2))].map((n) => n.toString(36)).join('');
}

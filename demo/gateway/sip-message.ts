import { parser, type ParsedAddress, type ParsedMessage } from './jssip-parser.js';

/** An address header (From, To): what stands in it, and what the gateway needs of that. */
export interface Address {
  /** The header's value without its tag. */
  nameAddr: string;
  /** Address of record: scheme, user and host, without parameters. */
  aor: string;
  tag?: string;
}

/** What a browser says of where it is to be reached. */
export interface Contact {
  uri: string;
  /** The whole value, without the lifetime that is asked for. */
  value: string;
  /** Lifetime that is asked for, in seconds. */
  expires?: number;
  /** The device and its flow (RFC 5626 section 4.1), where it names them. */
  instance?: string;
}

interface SipMessage {
  /** Every Via, topmost first. */
  vias: string[];
  /** The branch of the topmost Via. */
  branch: string;
  from: Address;
  to: Address;
  callId: string;
  cseq: number;
  /** The first Contact. */
  contact?: Contact;
  body: string;
  /** The values of any other header. */
  headers(name: string): string[];
}

export interface SipRequest extends SipMessage {
  kind: 'request';
  method: string;
  requestUri: string;
}

export interface SipResponse extends SipMessage {
  kind: 'response';
  /** The method of the request that this answers. */
  method: string;
  status: number;
}

/** A header line that is to be sent. */
export type Header = readonly [name: string, value: string];

/** Reason phrases are the gateway's own: one from afar could tell who was called. */
const REASONS: Record<number, string> = {
  100: 'Trying',
  180: 'Ringing',
  181: 'Call Is Being Forwarded',
  182: 'Queued',
  183: 'Session Progress',
  200: 'OK',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  406: 'Not Acceptable',
  408: 'Request Timeout',
  410: 'Gone',
  415: 'Unsupported Media Type',
  420: 'Bad Extension',
  422: 'Session Interval Too Small',
  480: 'Temporarily Unavailable',
  481: 'Call/Transaction Does Not Exist',
  482: 'Loop Detected',
  483: 'Too Many Hops',
  484: 'Address Incomplete',
  486: 'Busy Here',
  487: 'Request Terminated',
  488: 'Not Acceptable Here',
  491: 'Request Pending',
  500: 'Server Internal Error',
  501: 'Not Implemented',
  503: 'Service Unavailable',
  600: 'Busy Everywhere',
  603: 'Decline',
  606: 'Not Acceptable',
};

/**
 * What a far end may say in a request or a response beside the headers that the gateway writes itself. Not what it supports:
 * one that heard of Replaces or REFER could try to hand its peer over to another call.
 */
const PASSED_ON = ['Content-Type', 'Content-Disposition', 'Accept', 'Info-Package'];

/** `Contact: *` (RFC 3261 section 10.2.2), on which JsSIP's grammar fails: a REGISTER without a Contact stands for it. */
const WILDCARD_CONTACT = /\r\n(?:contact|m)[ \t]*:[ \t]*\*[ \t]*\r\n/i;

/** Parses what came in one WebSocket message (RFC 7118 section 5); undefined for anything that is no whole SIP message. */
export function parseMessage(text: string): SipRequest | SipResponse | undefined {
  try {
    return read(text);
  } catch {
    // JsSIP's parser throws on some broken headers instead of saying that they are.
    return undefined;
  }
}

function read(text: string): SipRequest | SipResponse | undefined {
  const message = parser.parseMessage(text.replace(WILDCARD_CONTACT, '\r\n'));
  if (!message) return undefined;
  const { from, to, from_tag: fromTag, to_tag: toTag, cseq, via_branch: branch, call_id: callId } = message;
  if (!from || !to || !fromTag || !branch || !callId || cseq === undefined) return undefined;
  // JsSIP keeps of a request's CSeq only the number.
  const { method: cseqMethod } = message.parseHeader('cseq') as { method: string };

  const contact = contactOf(message);
  const common: SipMessage = {
    vias: message.getHeaders('via').map(oneLine),
    branch,
    from: { nameAddr: withoutTag(message.getHeader('from') ?? ''), aor: from.uri.toAor(), tag: fromTag },
    to: { nameAddr: withoutTag(message.getHeader('to') ?? ''), aor: to.uri.toAor(), ...(toTag && { tag: toTag }) },
    callId: oneLine(callId),
    cseq,
    ...(contact !== undefined && { contact }),
    body: message.body,
    headers: (name) => message.getHeaders(name).map(oneLine),
  };
  if (message.status_code !== undefined) {
    return { ...common, kind: 'response', method: cseqMethod, status: message.status_code };
  }
  if (!message.ruri || message.method !== cseqMethod) return undefined;
  return { ...common, kind: 'request', method: cseqMethod, requestUri: message.ruri.toString() };
}

function contactOf(message: ParsedMessage): Contact | undefined {
  const parsed = message.parseHeader('contact') as ParsedAddress | undefined;
  if (!parsed) return undefined;
  // Headers in a URI would become headers of a request that is sent to it (RFC 3261 section 19.1.5).
  parsed.uri.clearHeaders();
  const expires = Number(parsed.getParam('expires') ?? NaN);
  const instance = parsed.getParam('+sip.instance');
  const flow = parsed.getParam('reg-id');
  return {
    uri: oneLine(parsed.uri.toString()),
    value: oneLine(message.getHeader('contact') ?? '').replace(/\s*;\s*expires\s*=\s*[^;\s]*/gi, ''),
    ...(Number.isInteger(expires) && { expires }),
    ...(instance && { instance: `${instance} ${flow ?? ''}` }),
  };
}

/** JsSIP unfolds no lines and takes a lone CR or LF for blank space; sent on, either would be a header of its own. */
function oneLine(value: string): string {
  return [...value.replace(/[\r\n]\s*/g, ' ')].filter((character) => character >= ' ' || character === '\t').join('');
}

function withoutTag(value: string): string {
  return oneLine(value).replace(/\s*;\s*tag\s*=\s*[^;\s]+/gi, '');
}

/** The headers of a message that may reach the far side: an allow-list, so that no identity or credential slips by. */
export function passedOn(message: SipMessage): Header[] {
  return PASSED_ON.flatMap((name) => message.headers(name).map((value): Header => [name, value]));
}

/** An address header's value. */
export function address(nameAddr: string, tag: string | undefined): string {
  return tag === undefined ? nameAddr : `${nameAddr};tag=${tag}`;
}

/** The status that one side may see of a refusal from the other: it tells why the call failed and nothing of the far side. */
export function shownStatus(status: number): number {
  // A redirection names addresses, and a challenge is not the caller's to answer.
  if (status < 400) return 480;
  if (status === 401 || status === 407) return 403;
  // 503 would say that the gateway itself is down (RFC 3261 section 16.7, step 6).
  if (status === 503) return 500;
  if (REASONS[status] !== undefined) return status;
  return status < 700 ? Math.floor(status / 100) * 100 : 500;
}

/** Writes a request. */
export function requestText(method: string, uri: string, headers: readonly Header[], body = ''): string {
  return messageText(`${method} ${uri} SIP/2.0`, headers, body);
}

/** Writes a response, with the gateway's own reason phrase. */
export function responseText(status: number, headers: readonly Header[], body = ''): string {
  return messageText(`SIP/2.0 ${status} ${REASONS[status] ?? 'Unknown'}`, headers, body);
}

function messageText(firstLine: string, headers: readonly Header[], body: string): string {
  const lines = [...headers, ['Content-Length', String(Buffer.byteLength(body))]].map((header) => header.join(': '));
  return [firstLine, ...lines, '', body].join('\r\n');
}

/** The address of record of a SIP URI, as {@link Address.aor} has it; undefined if it is no SIP URI. */
export function aorOf(uri: string): string | undefined {
  const probe = `OPTIONS ${uri} SIP/2.0\r\n\r\n`;
  if (/[\s<>"]/.test(uri)) return undefined;
  try {
    return parser.parseMessage(probe)?.ruri?.toAor();
  } catch {
    return undefined;
  }
}

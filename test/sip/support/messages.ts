import type { IncomingMessage, IncomingRequest } from './jssip.js';

/** A random word for tags, branches and Call-IDs. */
export const word = (): string => Math.random().toString(36).slice(2, 12);

export const GATEWAY_URL = 'wss://gateway.example/sip';
export const SIP_URI = 'sip:v-7f3akq@gateway.example';
export const CALLEE = 'sip:front-desk@gateway.example';
/** Where the far end of a call can be reached, and the proxies on the way there, nearest first. */
export const FAR_CONTACT = 'sip:desk@192.0.2.7:5060;transport=udp';
export const ROUTES = ['<sip:edge.gateway.example;lr>', '<sip:core.gateway.example;lr>'];

export interface Content {
  headers?: string[];
  body?: string;
  /** Default `application/sdp` where there is a body. */
  type?: string;
}

export interface ReplyOptions extends Content {
  reason?: string;
  /** To tag; `null` for none. By default one for the whole transaction, and none in 100. */
  tag?: string | null;
  /** By default the far end's in answers to INVITE above 100 and below 300. */
  contact?: string | null;
}

function assemble(startLine: string, headers: string[], { headers: more = [], body = '', type }: Content): string {
  return [
    startLine,
    ...headers,
    ...more,
    ...(body ? [`Content-Type: ${type ?? 'application/sdp'}`] : []),
    `Content-Length: ${new TextEncoder().encode(body).length}`,
    '',
    body,
  ].join('\r\n');
}

const all = (message: IncomingMessage, name: string): string[] => message.getHeaders(name);

/** A response as a gateway writes it (RFC 3261 section 8.2.6). */
export function response(request: IncomingRequest, status: number, tag: string, options: ReplyOptions = {}): string {
  const { reason = 'As Scripted' } = options;
  const to = request.getHeader('to')!;
  const toTag = options.tag === undefined ? (status === 100 ? null : tag) : options.tag;
  const ofDialog = request.method === 'INVITE' && status > 100 && status < 300;
  const contact = options.contact === undefined ? (ofDialog ? `<${FAR_CONTACT}>` : null) : options.contact;
  // Record-Route comes in the order of the request's way, so that the caller has to turn it round.
  const routes = ofDialog && !request.to_tag ? [...ROUTES].reverse() : [];
  return assemble(
    `SIP/2.0 ${status} ${reason}`,
    [
      ...all(request, 'via').map((via) => `Via: ${via}`),
      ...routes.map((route) => `Record-Route: ${route}`),
      `From: ${request.getHeader('from')}`,
      `To: ${request.to_tag || toTag === null ? to : `${to};tag=${toTag}`}`,
      `Call-ID: ${request.call_id}`,
      `CSeq: ${request.cseq} ${request.method}`,
      ...(contact === null ? [] : [`Contact: ${contact}`]),
    ],
    options,
  );
}

export interface RequestParts {
  uri: string;
  from: string;
  to: string;
  callId: string;
  cseq: number;
  branch?: string;
}

/** A request as a gateway sends it on. */
export function request(method: string, parts: RequestParts, content: Content = {}): string {
  const { uri, from, to, callId, cseq, branch = `z9hG4bK${word()}` } = parts;
  return assemble(
    `${method} ${uri} SIP/2.0`,
    [
      `Via: SIP/2.0/WSS gateway.example;branch=${branch}`,
      'Max-Forwards: 69',
      `From: ${from}`,
      `To: ${to}`,
      `Call-ID: ${callId}`,
      `CSeq: ${cseq} ${method}`,
      ...(['INVITE', 'UPDATE'].includes(method) ? [`Contact: <${FAR_CONTACT}>`] : []),
    ],
    content,
  );
}

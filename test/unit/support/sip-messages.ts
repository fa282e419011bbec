import type { IncomingRequest, IncomingResponse } from '../../../src/sip/jssip.js';
import { parseMessage } from './jssip.js';

/** A SIP message of these lines, with its line ends and an empty body. */
export const message = (...lines: string[]): string => [...lines, 'Content-Length: 0', '', ''].join('\r\n');

export interface Dialog {
  callId?: string;
  cseq?: number;
  /** Our tag, and theirs; a request that starts a call has none of theirs. */
  ours?: string;
  theirs?: string | undefined;
}

/** A request as JsSIP writes it. */
export function outgoing(method: string, { callId = 'call-1', cseq = 1, ours = 'us', theirs }: Dialog = {}): string {
  return message(
    `${method} sip:call@gateway.example SIP/2.0`,
    `Via: SIP/2.0/WSS 9f3k2.invalid;branch=z9hG4bK${cseq}`,
    'Max-Forwards: 69',
    `To: <sip:call@gateway.example>${theirs ? `;tag=${theirs}` : ''}`,
    `From: "Visitor" <sip:visitor@gateway.example>;tag=${ours}`,
    `Call-ID: ${callId}`,
    `CSeq: ${cseq} ${method}`,
    'Contact: <sip:visitor@9f3k2.invalid;transport=ws;ob>',
  );
}

/** A response of the gateway to an INVITE (or another method) of ours, as JsSIP has parsed it. */
export function response(
  status: number,
  { callId = 'call-1', cseq = 1, ours = 'us', theirs = 'them' }: Dialog = {},
  method = 'INVITE',
): IncomingResponse {
  return parse(
    message(
      `SIP/2.0 ${status} Whatever`,
      `Via: SIP/2.0/WSS 9f3k2.invalid;branch=z9hG4bK${cseq}`,
      'Record-Route: <sip:inner.gateway.example;lr>',
      'Record-Route: <sip:outer.gateway.example;lr>',
      `To: <sip:call@gateway.example>${theirs ? `;tag=${theirs}` : ''}`,
      `From: "Visitor" <sip:visitor@gateway.example>;tag=${ours}`,
      `Call-ID: ${callId}`,
      `CSeq: ${cseq} ${method}`,
      'Contact: <sip:desk@10.0.0.4:5062;transport=ws>',
    ),
  ) as IncomingResponse;
}

/** A request of the gateway, as JsSIP has parsed it. */
export function incoming(
  method: string,
  { callId = 'call-1', cseq = 7, ours = 'us', theirs = 'them' }: Dialog = {},
): IncomingRequest {
  return parse(
    message(
      `${method} sip:visitor@9f3k2.invalid SIP/2.0`,
      'Via: SIP/2.0/WSS gateway.example;branch=z9hG4bKouter',
      'Via: SIP/2.0/UDP desk.example;branch=z9hG4bKinner',
      'Max-Forwards: 69',
      `To: <sip:visitor@gateway.example>${ours ? `;tag=${ours}` : ''}`,
      `From: <sip:desk@gateway.example>;tag=${theirs}`,
      `Call-ID: ${callId}`,
      `CSeq: ${cseq} ${method}`,
    ),
  ) as IncomingRequest;
}

/** A message as JsSIP reads it; one that it cannot read fails the test. */
export function parse(text: string): IncomingRequest | IncomingResponse {
  const parsed = parseMessage(text);
  if (!parsed) throw new Error(`this is no SIP message:\n${text}`);
  return parsed;
}

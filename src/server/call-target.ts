import { headersFromContext } from './context-headers.js';
import { dial, hostOf, numberOf, type DialRules } from './dialing.js';
import type { Grant } from './grants.js';
import { isOpen } from './hours.js';
import { Refusal } from './http.js';
import type { LimitedLine } from './limits/limits.js';
import { findLine, type Line, type Lines } from './line.js';

/** What a call asks for. It counts only where the grant allows dialing. */
export interface CallWish {
  requestUri: string;
  /** SIP URI of the caller id that the application asks for; the caller's own address asks for nothing. */
  from: string | undefined;
}

export interface CallRules {
  lines: Lines;
  dial?: DialRules | undefined;
  /** Now, in milliseconds since 1970. */
  now: number;
}

/** Where a call goes, and the name that it is counted under. */
export interface CallTarget extends LimitedLine {
  line: Line;
}

/** Decides by the grant's record and nothing that the caller says, except what the rules let him dial. */
export function callTarget(
  grant: Grant,
  { requestUri, from }: CallWish,
  { lines, dial: rules, now }: CallRules,
): CallTarget {
  const number = grant.scope.includes('dial') ? numberOf(requestUri) : undefined;
  if (number !== undefined) {
    const wished = from === grant.sub ? undefined : from;
    const dialed = rules && dial(rules, { number, domain: hostOf(grant.sub), from: wished });
    if (!dialed) throw new Refusal(403, 'token-denied');
    return { name: `dial ${grant.sub}`, line: dialed };
  }
  if (!grant.scope.includes('call')) throw new Refusal(403, 'token-denied');
  const found = findLine(lines, grant.line);
  if (!found) throw new Refusal(403, 'not-found');
  // Who pressed the button a minute before closing time still gets through; a session that was renewed for hours does not.
  const inTime = grant.openUntil !== undefined && now < grant.openUntil * 1000;
  if (!inTime && !isOpen(found.line, new Date(now))) throw new Refusal(403, 'line-closed');
  return found;
}

/** What the gateway is told of a call that may be made. */
export function callAnswer(target: Line, grant: Grant): Record<string, unknown> {
  const headers = { ...headersFromContext(target.contextHeaders, grant.context), ...target.headers };
  return {
    callee: target.callee,
    ...(target.callerId !== undefined && { caller_id: target.callerId }),
    ...(target.maxDuration !== undefined && { max_duration: target.maxDuration }),
    ...(target.dtmf !== undefined && { dtmf: target.dtmf }),
    ...(Object.keys(headers).length > 0 && { headers }),
  };
}

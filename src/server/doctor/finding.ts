import type { CheckId } from '../conformance/catalogue.js';

/** What is looked at, in the order of the report. */
export const CHECKS = {
  page: 'The page can be read.',
  secure: 'The page is secure.',
  microphone: 'The page may use the microphone.',
  tag: 'The page has the button, and nothing secret in it.',
  'token-url': 'The button knows where its grants come from.',
  script: 'The script is the newest.',
  integrity: 'The script is the one that its hash names.',
  csp: 'The Content-Security-Policy of the page lets the button work.',
  endpoint: 'The token endpoint gives the page a grant.',
  gateway: 'The gateway is reached over a secure WebSocket and speaks SIP.',
  certificate: 'Browsers trust the certificate of the gateway.',
  register: 'The gateway takes a REGISTER with the grant.',
  callee: 'The gateway calls nobody whom the page names.',
  call: 'The line answers.',
  stun: 'The STUN servers answer.',
  turn: 'The TURN servers give relays for the credentials of the grant.',
  rules: 'The token endpoint keeps the rules.',
} as const;

/** `rules/…` is one rule of the token endpoint that is broken. */
export type CheckName = keyof typeof CHECKS | `rules/${CheckId}`;

/** `warn`: works, but worse than it could, or could not be looked at. */
export type Verdict = 'ok' | 'warn' | 'fail';

/** What came of one look. It never holds a credential. */
export interface Finding {
  check: CheckName;
  verdict: Verdict;
  /** What was seen, in one line. */
  seen: string;
  /** What to do; always there where something is not as it should be. */
  todo?: string;
}

export function ok(check: CheckName, seen: string, todo?: string): Finding {
  return { check, verdict: 'ok', seen, ...(todo !== undefined && { todo }) };
}

export function warn(check: CheckName, seen: string, todo: string): Finding {
  return { check, verdict: 'warn', seen, todo };
}

export function fail(check: CheckName, seen: string, todo: string): Finding {
  return { check, verdict: 'fail', seen, todo };
}

/** For what another fault stands in the way of. */
export function unseen(check: CheckName, why: string): Finding {
  return warn(check, `not looked at: ${why}`, 'Mend what is named above, and ask again.');
}

import type { Line } from './line.js';

/** What signed-in callers (scope `dial`) may dial. */
export interface DialRules {
  /** Prefixes of the numbers that may be dialed, in international form, such as `+254`. None: no number at all. */
  allow: readonly string[];
  /** Host of the address that a number becomes. Default: the host of the request URI. */
  domain?: string;
  /** Caller id, number or `sip:` URI of the owner. Default: the gateway's anonymous caller. */
  callerId?: string;
  /** Longest time of a dialed call, in seconds. Default: no limit but the gateway's own. */
  maxDuration?: number;
}

/** The number that a request URI asks for, in international form (E.164), or undefined where it asks for none. */
export function numberOf(requestUri: string): { number: string; domain: string } | undefined {
  // The whole URI must match: parameters, escapes, separators and post-dial digits are tricks, not numbers.
  const [, number, domain] = /^sips?:(\+[1-9][0-9]{5,14})@([A-Za-z0-9.-]+)(?::[0-9]+)?$/.exec(requestUri) ?? [];
  return number !== undefined && domain !== undefined ? { number, domain } : undefined;
}

/** Where a dialed number goes by these rules, or undefined if they do not allow it. */
export function dial(rules: DialRules, { number, domain }: { number: string; domain: string }): Line | undefined {
  if (!rules.allow.some((prefix) => prefix !== '' && number.startsWith(prefix))) return undefined;
  return {
    callee: `sip:${number}@${rules.domain ?? domain}`,
    ...(rules.callerId !== undefined && { callerId: rules.callerId }),
    ...(rules.maxDuration !== undefined && { maxDuration: rules.maxDuration }),
  };
}

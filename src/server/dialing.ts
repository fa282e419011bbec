import type { LineLimits } from './limits/line-limits.js';
import type { Line } from './line.js';

/** What signed-in callers (scope `dial`) may dial. */
export interface DialRules {
  /** Prefixes of the numbers that may be dialed, in international form, such as `+254`. None: no number at all. */
  allow: readonly string[];
  /** Prefixes that may not, even where `allow` lets them, such as `+25490` for numbers at a premium rate. */
  deny?: readonly string[];
  /** Host of the address that a number becomes. Default: the host of the caller's own address. */
  domain?: string;
  /** Numbers or `sip:` URIs of the owner, one of which an application may ask for. Default: none may be asked for. */
  callerIds?: readonly string[];
  /** Who the callee sees calling where none was asked for. Default: the first of `callerIds`, or the gateway's anonymous caller. */
  callerId?: string;
  /** Longest time of a dialed call, in seconds. Default: no limit but the gateway's own. */
  maxDuration?: number;
  /** What each of them may use, where `createLimits` is given to the hook. Default: anything. */
  limits?: LineLimits;
}

/**
 * A number in international form (E.164) that is neither an emergency number nor a short one, whatever country's.
 * Three-digit numbers behind a country code have up to seven digits; the plan of +1 has eleven, and no area code N11.
 */
const DIALABLE = /^\+(?:1(?![2-9]11)[2-9][0-9]{2}[2-9][0-9]{6}|[2-9][0-9]{7,14})$/;

/** The number that a request URI asks for, or undefined where it asks for none that can be dialed. */
export function numberOf(requestUri: string): string | undefined {
  // The whole URI must match: parameters, escapes, separators and post-dial digits are tricks, not numbers.
  const [, number] = /^sips?:(\+[0-9]+)@[A-Za-z0-9.-]+(?::[0-9]+)?$/.exec(requestUri) ?? [];
  return number !== undefined && DIALABLE.test(number) ? number : undefined;
}

/** What a caller asks for. */
export interface Dialed {
  number: string;
  /** Host of the caller's own address. */
  domain: string;
  /** The caller id that the application wishes, as a SIP URI. */
  from?: string | undefined;
}

/** Where a dialed number goes by these rules, or undefined if they do not allow it. */
export function dial(rules: DialRules, { number, domain, from }: Dialed): Line | undefined {
  const begins = (prefixes: readonly string[]) => prefixes.some((prefix) => number.startsWith(prefix));
  if (!begins(rules.allow) || begins(rules.deny ?? [])) return undefined;
  const callerIds = rules.callerIds ?? [];
  const callerId = from === undefined ? (rules.callerId ?? callerIds[0]) : callerIds.find((id) => names(from, id));
  // A wish that is not the owner's number is a forgery or a mistake, and calling under another would hide either.
  if (from !== undefined && callerId === undefined) return undefined;
  return {
    callee: `sip:${number}@${rules.domain ?? domain}`,
    ...(callerId !== undefined && { callerId }),
    ...(rules.maxDuration !== undefined && { maxDuration: rules.maxDuration }),
    ...(rules.limits && { limits: rules.limits }),
  };
}

/** Whether a SIP URI names this caller id, which is a number or a SIP URI itself. */
function names(uri: string, callerId: string): boolean {
  return uri === callerId || /^sips?:(\+?[0-9]+)@[A-Za-z0-9.-]+(?::[0-9]+)?$/.exec(uri)?.[1] === callerId;
}

/** The host of a SIP address that this server has made. */
export function hostOf(sipUri: string): string {
  return sipUri.slice(sipUri.lastIndexOf('@') + 1);
}

import type { OpeningHours } from './hours.js';
import type { LineLimits } from './limits/line-limits.js';

/**
 * Where a call of one line goes. Only the server knows this: the page knows the line's name and nothing else.
 */
export interface Line {
  /** Address of what is called, a `sip:` or `sips:` URI. Never leaves the server but to the gateway. */
  callee: string;
  /** Who the callee sees calling: a number or a `sip:` URI of the owner. Default: the gateway's anonymous caller. */
  callerId?: string;
  /** Longest time an answered call may last, in seconds. Default: no limit but the gateway's own. */
  maxDuration?: number;
  /** Whether the caller may send key tones. Default: true. */
  dtmf?: boolean;
  /** Extra SIP headers of the call towards the callee, such as `X-Campaign`. The gateway allows `X-…` names only. */
  headers?: Record<string, string>;
  /** When the line is open, in `timeZone`. Default: always. */
  hours?: OpeningHours;
  /** Name of a time zone, such as `Africa/Nairobi` (IANA). Needed with `hours`. */
  timeZone?: string;
  /**
   * Attribution for the desk: the name of a field of the page's `context`, and the `X-…` header that it arrives in, such
   * as `{ campaign: 'X-Campaign' }`. Default: none.
   */
  contextHeaders?: Record<string, string>;
  /** What the line may use, where `createLimits` is given to the handlers. Default: anything. */
  limits?: LineLimits;
}

/** The lines that can be called, by the name that a page uses. */
export type Lines = Record<string, Line>;

/** The name of the line that answers a request that names none, if it is not the only line. */
const DEFAULT_LINE = 'default';

/**
 * Finds a line by the name that a page sent.
 * @param name What the page asked for; undefined finds the line `default`, or the only line that there is.
 */
export function findLine(lines: Lines, name: string | undefined): { name: string; line: Line } | undefined {
  const names = Object.keys(lines);
  const wanted = name ?? (names.length === 1 ? names[0] : DEFAULT_LINE);
  // hasOwn: a page that asks for the line "constructor" must not be given a function.
  if (wanted === undefined || !Object.hasOwn(lines, wanted)) return undefined;
  const line = lines[wanted];
  return line && { name: wanted, line };
}

/** Whether a text holds a character that would end or break a header line. */
export function hasControlCharacter(text: string): boolean {
  return [...text].some((character) => character < ' ' || character === '\u007f');
}

import type { ErrorCode } from '../../../src/errors.js';
import type { BrowserName } from '../../support/browsers.js';

/** What a line of a test's diagnostics begins with that tells of a fault. */
export const TOLD = 'fault: ';

/** What became of the call, or of the wish to call. */
export type Outcome =
  /** The call went on; its voice came back if it was away. */
  | 'survived'
  /** It came to its end with one typed error or a plain ending, and the button can be clicked again. */
  | 'ended';

/** What a fault did. Times are in whole milliseconds. */
export interface Met {
  outcome: Outcome;
  /** The error that the developer got. */
  code?: ErrorCode;
  /** The words that the caller saw meanwhile or at last. */
  sees?: string;
  /** From the beginning of a fault that nobody tells of until the product has noticed it. */
  noticedMs?: number;
  /** From the end of the fault (or, of one that does not end, from its beginning) until a click works again, or the call does. */
  recoverMs?: number;
  /** The longest time without sound at the caller's ear and at the phone, of a call that went on. */
  gapMs?: { caller: number; phone: number };
}

/** One row of the matrix in one browser. */
export interface Told extends Met {
  group: string;
  fault: string;
  browser: BrowserName;
}

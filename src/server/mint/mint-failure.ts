import { Refusal } from '../http.js';

/** Why somebody who was asked for a credential gave none. */
export type MintFailureReason =
  /** Our own key, or the refresh token, was not accepted. */
  | 'unauthorized'
  /** They are asked too often. */
  | 'rate-limited'
  /** They did not answer in time. */
  | 'timeout'
  /** No connection. */
  | 'unreachable'
  /** They answered with an error. */
  | 'failed'
  /** They answered with something that is no credential. */
  | 'malformed';

/** Reasons that pass by themselves: the browser may ask again. All others need the owner. */
const PASSING: readonly MintFailureReason[] = ['rate-limited', 'timeout', 'unreachable'];

/** A refusal (502 or 503) whose reason is for the owner's log. It holds no key, no token, and no text from outside. */
export class MintFailure extends Refusal {
  constructor(
    readonly reason: MintFailureReason,
    /** HTTP status of the answer, if there was one. */
    readonly upstreamStatus?: number,
    retryAfter?: number,
  ) {
    super(PASSING.includes(reason) ? 503 : 502, 'mint-failed', retryAfter);
    const answered = upstreamStatus === undefined ? '' : `, HTTP ${upstreamStatus}`;
    this.message = `mint-failed (${reason}${answered})`;
  }
}

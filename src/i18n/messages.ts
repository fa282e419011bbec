import type { ErrorCode } from '../errors.js';

/** Everything that the panel says, in one language. */
export interface Messages {
  preparing: string;
  allowMicrophone: string;
  dialing: string;
  ringing: string;
  active: string;
  held: string;
  reconnecting: string;
  ending: string;
  ended: string;
  cancelled: string;
  muted: string;
  unmuted: string;
  mute: string;
  unmute: string;
  keypad: string;
  digit: (digit: string) => string;
  hangup: string;
  close: string;
  callAgain: string;
  hear: string;
  timeLeft: (seconds: number) => string;
  opensAt: (when: string) => string;
  /** For each way a call can fail: what happened, and what the caller can do. */
  errors: Record<ErrorCode, readonly [what: string, wayForward: string]>;
}

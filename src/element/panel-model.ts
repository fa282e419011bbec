import type { CallState } from '../call/call-machine.js';
import type { ErrorCode } from '../errors.js';

/** Everything that the panel shows. */
export interface PanelModel {
  state: CallState;
  /** Seconds since the answer. */
  seconds: number;
  /** Seconds until the gateway ends the call, where that is near. */
  secondsLeft: number | undefined;
  muted: boolean;
  held: boolean;
  reconnecting: boolean;
  audioBlocked: boolean;
  error: ErrorCode | undefined;
  opensAt: Date | undefined;
  cancelled: boolean;
  keypad: boolean;
  /** Digits sent so far. */
  digits: string;
}

export interface PanelActions {
  hangup(): void;
  toggleMute(): void;
  toggleKeypad(): void;
  sendDigit(digit: string): void;
  hear(): void;
  callAgain(): void;
  close(): void;
}

/** The panel says how long a call may still last from here on (s). */
export const NEAR_THE_END = 60;

export const newPanelModel = (): PanelModel => ({
  state: 'idle',
  seconds: 0,
  secondsLeft: undefined,
  muted: false,
  held: false,
  reconnecting: false,
  audioBlocked: false,
  error: undefined,
  opensAt: undefined,
  cancelled: false,
  keypad: false,
  digits: '',
});

/**
 * The states of one call, as a pure table.
 *
 *   idle ──start──> preparing ──dial──> dialing ──ring──> ringing ──answer──> active
 *     └──────────────── offer (an incoming call) ───────────^                   │
 *                                                                               │
 *   preparing, dialing, ringing, active ──hangup──> ending ──end──> ended       │
 *   preparing, dialing, ringing, active ──end─────────────────────> ended <─────┘
 *   preparing, dialing, ringing, active ──fail────────────────────> failed
 *   ending ──fail──> ended
 *   ended, failed ──start──> preparing   ended, failed ──offer──> ringing   ended, failed ──reset──> idle
 *
 * An answer may come without ringing (dialing ──answer──> active). Whatever is not in the table is a late message from
 * a network that had not heard yet, and changes nothing.
 */
export type CallState = 'idle' | 'preparing' | 'dialing' | 'ringing' | 'active' | 'ending' | 'ended' | 'failed';

export type CallEvent = 'start' | 'offer' | 'dial' | 'ring' | 'answer' | 'hangup' | 'end' | 'fail' | 'reset';

type Table = Readonly<Record<CallState, Readonly<Partial<Record<CallEvent, CallState>>>>>;

const leave = { hangup: 'ending', end: 'ended', fail: 'failed' } as const;
const over = { start: 'preparing', offer: 'ringing', reset: 'idle' } as const;

export const callTransitions: Table = {
  idle: { start: 'preparing', offer: 'ringing' },
  preparing: { dial: 'dialing', ...leave },
  dialing: { ring: 'ringing', answer: 'active', ...leave },
  ringing: { answer: 'active', ...leave },
  active: leave,
  // What fails while the caller hangs up has ended as the caller wished.
  ending: { end: 'ended', fail: 'ended' },
  ended: over,
  failed: over,
};

/** The state that follows, or `undefined` where the event has no meaning in this state. */
export function nextCallState(state: CallState, event: CallEvent): CallState | undefined {
  return callTransitions[state][event];
}

/** True from the first moment of a call until it is over: the time in which a hang-up means something. */
export function isLive(state: CallState): boolean {
  return 'end' in callTransitions[state];
}

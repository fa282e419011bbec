import type { CallState } from '../call/call-machine.js';
import type { CallResult } from '../client/call.js';
import type { CallTimings } from '../client/call-timings.js';
import type { ErrorCode, Responsible } from '../errors.js';
import type { QualityLevel } from '../media/quality.js';

/** What every event of a call names. */
export interface CallDetail {
  /** Random id of the call, under which it stands in the logs of gateway and backend too: the Call-ID of its INVITE. */
  callId: string;
  /** The line as the attribute has it. */
  line: string | null;
}

/**
 * The events of `<sautikit-call-button>`; all bubble and cross shadow roots. No detail holds a token, a SIP address, a
 * number or a text from the network.
 */
export interface SautikitEventMap {
  /** Before any request or prompt; `preventDefault()` keeps the call from beginning. */
  'sautikit-before-call': CustomEvent<{ line: string | null }>;
  /** The call has been placed: the INVITE has left. */
  'sautikit-call-dialing': CustomEvent<CallDetail>;
  /** The far end rings. */
  'sautikit-call-ringing': CustomEvent<CallDetail>;
  /** The far end has answered; `timings` are milliseconds since the click. */
  'sautikit-call-answered': CustomEvent<CallDetail & { timings: CallTimings }>;
  /** The microphone of a call has been muted, or opened again. */
  'sautikit-mute-change': CustomEvent<CallDetail & { muted: boolean }>;
  /** The quality of the network has become another one; `mos` is estimated, 1 to 4.5 (ITU-T G.107). */
  'sautikit-quality-change': CustomEvent<CallDetail & { level: QualityLevel; mos: number }>;
  /** The state of the call has become another one; `idle` is the one without a call. */
  'sautikit-state-change': CustomEvent<{ from: CallState; to: CallState }>;
  /** A call is over; exactly one for every call that began. */
  'sautikit-call-ended': CustomEvent<CallDetail & CallResult>;
  /** Something went wrong outside a call. */
  'sautikit-error': CustomEvent<{ code: ErrorCode; responsible?: Responsible }>;
}

declare global {
  // Widening the map of the DOM's own events is what this interface is for: of elements, document and window, to which the
  // events bubble.
  // eslint-disable-next-line @typescript-eslint/no-empty-object-type
  interface GlobalEventHandlersEventMap extends SautikitEventMap {}
}

export type EventName = keyof SautikitEventMap;
export type EventDetail<Name extends EventName> = SautikitEventMap[Name]['detail'];

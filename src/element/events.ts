import type { CallState } from '../call/call-machine.js';
import type { CallResult } from '../client/call.js';
import type { CallTimings } from '../client/call-timings.js';
import type { ErrorCode } from '../errors.js';
import type { QualityLevel } from '../media/quality.js';

/** What every event of a call names: a random id, and the line as the attribute has it. */
export interface CallDetail {
  callId: string;
  line: string | null;
}

/**
 * The events of `<sautikit-call-button>`; all bubble and cross shadow roots. No detail holds a token, a SIP address, a
 * number or a text from the network.
 */
export interface SautikitEventMap {
  /** Before any request or prompt; `preventDefault()` keeps the call from beginning. */
  'sautikit-before-call': CustomEvent<{ line: string | null }>;
  'sautikit-call-dialing': CustomEvent<CallDetail>;
  'sautikit-call-ringing': CustomEvent<CallDetail>;
  'sautikit-call-answered': CustomEvent<CallDetail & { timings: CallTimings }>;
  'sautikit-mute-change': CustomEvent<CallDetail & { muted: boolean }>;
  /** The quality of the network has become another one; `mos` is estimated, 1 to 4.5 (ITU-T G.107). */
  'sautikit-quality-change': CustomEvent<CallDetail & { level: QualityLevel; mos: number }>;
  'sautikit-state-change': CustomEvent<{ from: CallState; to: CallState }>;
  /** Exactly one for every call that began. */
  'sautikit-call-ended': CustomEvent<CallDetail & CallResult>;
  /** What went wrong outside a call. */
  'sautikit-error': CustomEvent<{ code: ErrorCode }>;
}

declare global {
  // Widening the map of the DOM's own events is what this interface is for: of elements, document and window, to which the
  // events bubble.
  // eslint-disable-next-line @typescript-eslint/no-empty-object-type
  interface GlobalEventHandlersEventMap extends SautikitEventMap {}
}

export type EventName = keyof SautikitEventMap;
export type EventDetail<Name extends EventName> = SautikitEventMap[Name]['detail'];

import type { Grant } from './grants.js';
import { optionalString, requiredString } from './http.js';

/** Something that happened to a call: it was let through, or what the gateway reports of it. */
export interface CallEvent {
  type: 'started' | 'answered' | 'ended';
  /** The same for every repeat of the same report. */
  eventId: string;
  gateway?: string;
  callId: string;
  fromTag: string;
  /** Session and line of the caller's grant, where it is still known. */
  sid?: string;
  line?: string;
  context?: Readonly<Record<string, string>>;
  /** Of a call from outside: the owner's number that was called. */
  called?: string;
  /** Of an ended call: how long it was answered, in seconds. */
  duration?: number;
  /** Of an ended call: why, in one word of the gateway. */
  reason?: string;
}

/** The event that a report of the gateway tells of. */
export function callEvent(
  type: CallEvent['type'],
  body: Record<string, unknown>,
  call: { callId: string; fromTag: string },
  grant: Grant | undefined,
): CallEvent {
  const gateway = optionalString(body, 'gateway');
  const reason = optionalString(body, 'reason', 64);
  return {
    type,
    eventId: requiredString(body, 'event_id'),
    ...call,
    ...(gateway !== undefined && { gateway }),
    ...(grant && { sid: grant.sid }),
    ...(grant?.line !== undefined && { line: grant.line }),
    ...(grant?.context && { context: grant.context }),
    ...(grant?.called !== undefined && { called: grant.called }),
    // A number in JSON can be `1e999`, which is none to count with.
    ...(Number.isFinite(body.duration) && { duration: Number(body.duration) }),
    ...(reason !== undefined && { reason }),
  };
}

import type { CallEvent } from '../call-event.js';
import { sha256Hex } from '../secrets.js';

/** What the owner's server is told of a call: the body of a webhook. It holds no token, no SIP address and no number. */
export interface WebhookEvent {
  type: `call.${CallEvent['type']}`;
  /** The same for every repeat of the same event, so that a receiver can tell that it knows it. */
  id: string;
  /** The same for all events of a call. */
  call_id: string;
  /** Name of the line, where it is still known. */
  line?: string;
  /** Attribution that the page sent, as far as the configuration allows it. */
  context?: Readonly<Record<string, string>>;
  /** Of an ended call: how long it was answered, in seconds. */
  duration?: number;
  /** Of an ended call: why, in one word of the gateway. */
  reason?: string;
  /** When this server was told, RFC 3339. */
  at: string;
}

/** The body for an event. Field by field, so that nothing that a later version adds to an event leaves by itself. */
export async function webhookEvent(event: CallEvent, at: Date): Promise<WebhookEvent> {
  const { type, eventId, gateway = '', callId, line, context, duration, reason } = event;
  return {
    type: `call.${type}`,
    // Two gateways may count their events alike.
    id: (await sha256Hex(JSON.stringify([type, gateway, eventId]))).slice(0, 32),
    call_id: callId,
    ...(line !== undefined && { line }),
    ...(context && { context }),
    ...(duration !== undefined && { duration }),
    ...(reason !== undefined && { reason }),
    at: at.toISOString(),
  };
}

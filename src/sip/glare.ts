import type { IncomingRequest, IncomingResponse } from './jssip.js';
import { headerOf } from './wire.js';

/**
 * Two re-INVITEs that cross (RFC 3261 section 14). JsSIP answers theirs with 491 and then applies its offer all the same,
 * which rolls ours back; so the 491 is sent here and JsSIP never sees theirs.
 */
export class Glare {
  /** Call-IDs with a re-INVITE of ours under way, with its CSeq. */
  readonly #pending = new Map<string, number>();

  sent(reinvite: string): void {
    this.#pending.set(headerOf(reinvite, 'Call-ID'), parseInt(headerOf(reinvite, 'CSeq'), 10));
  }

  /** True where theirs must be answered with 491. */
  crosses(request: IncomingRequest): boolean {
    return request.method === 'INVITE' && !!request.to_tag && this.#pending.has(request.call_id);
  }

  /** True where it is the final answer to a re-INVITE of ours. */
  answered({ method, status_code, call_id, cseq }: IncomingResponse): boolean {
    const ours = method === 'INVITE' && status_code >= 200 && this.#pending.get(call_id) === cseq;
    return ours && this.#pending.delete(call_id);
  }

  /** The connection is gone, and with it every answer that was still to come. */
  clear(): void {
    this.#pending.clear();
  }
}

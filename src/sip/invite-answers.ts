import type { IncomingResponse } from './jssip.js';
import { cancelOf, headerOf, inDialog } from './wire.js';

interface Invite {
  /** What would take it back. */
  cancel: string;
  /** It has its final answer. */
  final: boolean;
  /** Transport and host of the INVITE's Via, for what is sent in its name. */
  sentBy: string;
  /** The To tag of the answer that became the call. */
  answered: string | undefined;
  abandoned: boolean;
  /** To tags of answers that were ended already. */
  ended: Set<string>;
  /** Of a far end that did not wait for our ACK: its BYE. None waits once the ACK has left. */
  early: string[] | undefined;
}

/** How many past calls are remembered: a late answer comes within 32 s (64*T1). */
const REMEMBERED = 32;

/**
 * Makes sure that one INVITE becomes at most one call. JsSIP leaves a 200 that crosses our CANCEL without an ACK, so that
 * somebody is billed for silence; and of two answers to a forked INVITE it ends the good one. Both are answered here with
 * ACK and BYE (RFC 3261 sections 9.1 and 13.2.2.4).
 */
export class InviteAnswers {
  readonly #invites = new Map<string, Invite>();
  readonly #send: (text: string) => void;

  constructor(send: (text: string) => void) {
    this.#send = send;
  }

  /** An INVITE that starts a call is leaving. */
  sent(invite: string): void {
    this.#invites.set(headerOf(invite, 'Call-ID'), {
      cancel: cancelOf(invite),
      final: false,
      sentBy: headerOf(invite, 'Via').split(';')[0] ?? '',
      answered: undefined,
      abandoned: false,
      ended: new Set(),
      early: [],
    });
    if (this.#invites.size > REMEMBERED) this.#invites.delete(this.#invites.keys().next().value!);
  }

  /** Nobody waits for this call any more: whoever answers it is hung up on. @returns what `acknowledged` does */
  abandon(callId: string): readonly string[] {
    const invite = this.#invites.get(callId);
    if (invite) invite.abandoned = true;
    return this.acknowledged(callId);
  }

  /**
   * A BYE before our ACK is refused by JsSIP with 403, and then it holds on to a call that is no more: it needs a moment to
   * take an answer, and a gateway's workers may pass the BYE on before the answer. RFC 3261 section 15 has the far end wait
   * for the ACK; not each one does.
   * @returns true where a BYE has to wait
   */
  holds(callId: string, bye: string): boolean {
    const waiting = this.#invites.get(callId)?.early;
    waiting?.push(bye);
    return waiting !== undefined;
  }

  /** The ACK is leaving, or none will. @returns what waited for it */
  acknowledged(callId: string): readonly string[] {
    const invite = this.#invites.get(callId);
    const waited = invite?.early ?? [];
    if (invite) invite.early = undefined;
    return waited;
  }

  /** Takes back an INVITE that has no final answer yet, over whatever connection there is now. */
  cancel(callId: string): void {
    const invite = this.#invites.get(callId);
    if (!invite || invite.final) return;
    this.abandon(callId);
    this.#send(invite.cancel);
  }

  /** True where JsSIP may see the response. */
  admit(response: IncomingResponse): boolean {
    const invite = this.#invites.get(response.call_id);
    if (!invite || response.method !== 'INVITE' || response.status_code < 200) return true;
    invite.final = true;
    if (response.status_code >= 300) return true;
    const tag = response.to_tag ?? '';
    if (invite.answered === tag) return true;
    if (invite.answered === undefined && !invite.abandoned) {
      invite.answered = tag;
      return true;
    }
    this.#send(inDialog('ACK', response, invite.sentBy));
    if (!invite.ended.has(tag)) this.#send(inDialog('BYE', response, invite.sentBy));
    invite.ended.add(tag);
    return false;
  }
}

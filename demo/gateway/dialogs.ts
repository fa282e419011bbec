import type { Connection } from './connection.js';
import type { Dialog, EndReason, Party } from './dialog.js';
import type { SipRequest } from './sip-message.js';

/** The sender of a request inside a dialog. */
export interface Sender {
  dialog: Dialog;
  party: Party;
}

/** Every answered call, found by what a request inside it carries (RFC 3261 section 12). */
export class Dialogs {
  readonly #senders = new Map<string, Sender>();

  add(dialog: Dialog): void {
    const { callId, caller, callee } = dialog;
    this.#senders.set(keyOf(callId, caller.tag, callee.tag), { dialog, party: caller });
    this.#senders.set(keyOf(callId, callee.tag, caller.tag), { dialog, party: callee });
  }

  remove({ callId, caller, callee }: Dialog): void {
    this.#senders.delete(keyOf(callId, caller.tag, callee.tag));
    this.#senders.delete(keyOf(callId, callee.tag, caller.tag));
  }

  /** The side that this request says to be from. Whether its connection may say so is for the caller to judge. */
  find({ callId, from, to }: SipRequest): Sender | undefined {
    return this.#senders.get(keyOf(callId, from.tag, to.tag));
  }

  connectionClosed(connection: Connection): void {
    for (const dialog of this.#all()) dialog.connectionClosed(connection);
  }

  end(reason: EndReason): void {
    for (const dialog of this.#all()) dialog.end(reason);
  }

  #all(): Set<Dialog> {
    return new Set([...this.#senders.values()].map(({ dialog }) => dialog));
  }
}

/** None of the three may hold a blank (RFC 3261 section 25.1). */
function keyOf(callId: string, fromTag: string | undefined, toTag: string | undefined): string {
  return `${callId} ${fromTag ?? ''} ${toTag ?? ''}`;
}

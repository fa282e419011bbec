import type { Connection } from './connection.js';
import type { ServerTransaction } from './server-transaction.js';
import { address, passedOn, shownStatus, type Header, type SipRequest, type SipResponse } from './sip-message.js';
import type { OutgoingRequest } from './client-transaction.js';
import { withoutKeys } from './descriptions.js';
import type { Transactions } from './transactions.js';

/** One side of a call. Each side knows itself and its peer by other names than the other side does. */
export interface Party {
  connection: Connection;
  /** Its Contact: where requests to it go. The peer never sees it. */
  contact: string;
  tag: string;
  /** The address that it has in its own eyes. */
  self: string;
  /** The address that its peer has in its eyes. */
  peer: string;
  /** The Contact that it sees of its peer: an address of the gateway. */
  peerContact: string;
  /** The highest CSeq of a request to it. */
  cseq: number;
}

/** Why a call is over, in the words of the gateway's reports. */
export type EndReason = 'hangup' | 'cancelled' | 'refused' | 'no-answer' | 'limit' | 'connection-lost' | 'shutdown';

export interface DialogOptions {
  transactions: Transactions;
  /** How long a side may be without a connection, in seconds. */
  grace: number;
  /** How long the call may last, in seconds. */
  maxDuration: number | undefined;
  /** Whether keys that are pressed may pass: INFO, and telephone events in the descriptions. */
  keys: boolean;
  onEnd(dialog: Dialog, reason: EndReason, seconds: number): void;
}

/** The longest delay that a timer takes, in milliseconds; a longer one would fire at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** An answered call: passes requests between its two sides, and outlives a lost connection for a while. */
export class Dialog {
  readonly #options: DialogOptions;
  readonly #began = performance.now();
  readonly #graces = new Map<Party, NodeJS.Timeout>();
  #limit: NodeJS.Timeout | undefined;
  #ended = false;

  constructor(
    readonly callId: string,
    readonly caller: Party,
    readonly callee: Party,
    options: DialogOptions,
  ) {
    this.#options = options;
    if (options.maxDuration !== undefined) {
      this.#limit = setTimeout(() => this.end('limit'), Math.min(options.maxDuration * 1000, LONGEST_TIMER));
    }
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Passes a request of one side on to the other. It came over the side's connection now, whichever was before. */
  relay(party: Party, transaction: ServerTransaction): void {
    const { request, connection } = transaction;
    this.#move(party, connection);
    if (request.method === 'BYE') {
      // Answered here, since a far side that is gone must not keep this one waiting.
      transaction.respond(200);
      this.end('hangup', party);
    } else if (request.method === 'INFO' && !this.#options.keys) {
      transaction.respond(403);
    } else {
      this.#forward(party, transaction);
    }
  }

  /** Passes the ACK to a 2xx on. */
  acknowledge(party: Party, request: SipRequest): void {
    const other = this.#other(party);
    this.#options.transactions.acknowledge(other.connection, this.#outgoing(other, request));
  }

  connectionClosed(connection: Connection): void {
    for (const party of [this.caller, this.callee]) {
      if (party.connection !== connection) continue;
      // Firefox closes its sockets before a page that goes away can say BYE, and nobody will come back for this call.
      if (connection.wentAway) return this.end('hangup', party);
      const end = (): void => this.end('connection-lost');
      this.#graces.set(party, setTimeout(end, this.#options.grace * 1000));
    }
  }

  /** Ends the call, with a BYE to each side but the one that hung up. */
  end(reason: EndReason, hungUp?: Party): void {
    if (this.#ended) return;
    this.#ended = true;
    clearTimeout(this.#limit);
    for (const timer of this.#graces.values()) clearTimeout(timer);
    for (const party of [this.caller, this.callee]) {
      if (party !== hungUp && party.connection.open) this.#hangUp(party);
    }
    this.#options.onEnd(this, reason, (performance.now() - this.#began) / 1000);
  }

  #move(party: Party, connection: Connection): void {
    clearTimeout(this.#graces.get(party));
    this.#graces.delete(party);
    party.connection = connection;
  }

  #forward(party: Party, transaction: ServerTransaction): void {
    const { request } = transaction;
    const other = this.#other(party);
    if (refreshesTarget(request.method) && request.contact) party.contact = request.contact.uri;
    if (!other.connection.open) {
      notNow(transaction);
      return;
    }
    if (request.method === 'INVITE') transaction.respond(100);
    const client = this.#options.transactions.request(other.connection, this.#outgoing(other, request), {
      provisional: (response) => {
        if (response.status > 100) this.#answer(party, transaction, response);
      },
      final: (response) => {
        if (!response) notNow(transaction);
        else this.#answer(party, transaction, response);
      },
    });
    transaction.onCancel = () => client.cancel();
  }

  #answer(party: Party, transaction: ServerTransaction, response: SipResponse): void {
    const { method } = response;
    const success = response.status >= 200 && response.status < 300;
    if (success && refreshesTarget(method) && response.contact) this.#other(party).contact = response.contact.uri;
    const refused = response.status >= 300;
    transaction.respond(refused ? shownStatus(response.status) : response.status, {
      headers: [...passedOn(response), ...contactFor(party, method)],
      body: this.#description(response.body),
    });
  }

  /** A request of one side as the other is to see it. */
  #outgoing(to: Party, request: SipRequest): OutgoingRequest {
    to.cseq = Math.max(to.cseq, request.cseq);
    return {
      ...this.#addressed(to, request.method, request.cseq),
      headers: [...passedOn(request), ...contactFor(to, request.method)],
      // No offer was pending, so that an ACK answers none: it could only change what was agreed, unseen.
      body: request.method === 'ACK' ? '' : this.#description(request.body),
    };
  }

  #description(body: string): string {
    return this.#options.keys ? body : withoutKeys(body);
  }

  #addressed(to: Party, method: string, cseq: number): OutgoingRequest {
    const from = this.#other(to);
    return {
      method,
      uri: to.contact,
      from: address(to.peer, from.tag),
      to: address(to.self, to.tag),
      callId: this.callId,
      cseq,
    };
  }

  #hangUp(party: Party): void {
    const bye = this.#addressed(party, 'BYE', party.cseq + 1);
    this.#options.transactions.request(party.connection, bye, { final: () => undefined });
  }

  #other(party: Party): Party {
    return party === this.caller ? this.callee : this.caller;
  }
}

/** Which requests say anew where their sender is to be reached (RFC 3261 section 12.2, RFC 3311 section 5). */
function refreshesTarget(method: string): boolean {
  return method === 'INVITE' || method === 'UPDATE';
}

function contactFor(party: Party, method: string): Header[] {
  return refreshesTarget(method) ? [['Contact', `<${party.peerContact}>`]] : [];
}

/**
 * The far side has no connection at the moment. Of all answers this one says least: 408, 480 and 481 would make the
 * sender give up the call (RFC 5057 section 5.1).
 */
function notNow(transaction: ServerTransaction): void {
  transaction.respond(500, { headers: [['Retry-After', '2']] });
}

import { randomUUID } from 'node:crypto';
import type { ClientTransaction } from './client-transaction.js';
import { withoutKeys } from './descriptions.js';
import type { EndReason, Party } from './dialog.js';
import type { CallVerdict } from './hook-client.js';
import type { Binding } from './registrar.js';
import type { ServerTransaction } from './server-transaction.js';
import { address, passedOn, shownStatus, type Header, type SipResponse } from './sip-message.js';
import type { Transactions } from './transactions.js';

export interface CallSetupOptions {
  transactions: Transactions;
  domain: string;
  /** How long the desks ring, in seconds. */
  ringTimeout: number;
  onAnswer(caller: Party, callee: Party): void;
  onEnd(reason: EndReason): void;
}

/** One desk that rings. */
interface Leg {
  binding: Binding;
  client?: ClientTransaction;
  /** Of its refusal. */
  status?: number;
  /** Whether a call that it took too late has been ended. */
  hungUp?: boolean;
}

/** Tells a desk that it did not miss the call: another took it (RFC 3326 section 2). */
const ELSEWHERE: Header = ['Reason', 'SIP;cause=200;text="Call completed elsewhere"'];

/** A call that rings: at every desk that is registered, until the first one takes it (RFC 3261 section 16.7). */
export class CallSetup {
  readonly #transaction: ServerTransaction;
  readonly #verdict: CallVerdict;
  readonly #options: CallSetupOptions;
  readonly #legs: Leg[];
  /** The addresses of the gateway that stand in the Contact towards the caller, and towards the desks. */
  readonly #aliases: { caller: string; callee: string };
  #timer: NodeJS.Timeout | undefined;
  #winner: Leg | undefined;
  #over = false;

  constructor(
    transaction: ServerTransaction,
    verdict: CallVerdict,
    bindings: readonly Binding[],
    options: CallSetupOptions,
  ) {
    this.#transaction = transaction;
    this.#verdict = verdict;
    this.#options = options;
    this.#legs = bindings.map((binding) => ({ binding }));
    const alias = (): string => `sip:${randomUUID().replaceAll('-', '')}@${options.domain};transport=ws`;
    this.#aliases = { caller: alias(), callee: alias() };
  }

  start(): void {
    this.#transaction.onCancel = () => this.abort(487, 'cancelled');
    this.#timer = setTimeout(() => this.abort(408, 'no-answer'), this.#options.ringTimeout * 1000);
    for (const leg of this.#legs) this.#ring(leg);
  }

  /** Ends the call before it was answered: at once, whatever the desks still say. */
  abort(status: number, reason: EndReason): void {
    if (this.#over) return;
    this.#over = true;
    clearTimeout(this.#timer);
    this.#transaction.respond(status);
    for (const leg of this.#legs) leg.client?.cancel();
    this.#options.onEnd(reason);
  }

  #ring(leg: Leg): void {
    const { request } = this.#transaction;
    const headers: Header[] = [
      ...passedOn(request),
      ['Contact', `<${this.#aliases.callee}>`],
      ...Object.entries(this.#verdict.headers),
    ];
    leg.client = this.#options.transactions.request(
      leg.binding.connection,
      {
        ...this.#towards(leg),
        method: 'INVITE',
        uri: leg.binding.contact,
        headers,
        body: this.#description(request.body),
      },
      {
        provisional: (response) => this.#progress(response),
        final: (response) => this.#final(leg, response),
      },
    );
  }

  /** From, To, Call-ID and CSeq of the caller's INVITE as a desk sees them. */
  #towards(leg: Leg): { from: string; to: string; callId: string; cseq: number } {
    const { from, callId, cseq } = this.#transaction.request;
    return { from: address(this.#verdict.caller, from.tag), to: `<${leg.binding.aor}>`, callId, cseq };
  }

  #progress(response: SipResponse): void {
    // 100 is between neighbours (RFC 3261 section 16.7, step 5).
    if (!this.#over && response.status > 100) this.#pass(response);
  }

  #final(leg: Leg, response: SipResponse | undefined): void {
    if (response && response.status < 300) this.#accepted(leg, response);
    else if (!this.#over) this.#refused(leg, response?.status ?? 480);
  }

  #accepted(leg: Leg, response: SipResponse): void {
    if (leg === this.#winner) {
      // Repeated until the caller's ACK is there (RFC 3261 section 13.3.1.4).
      this.#pass(response);
    } else if (this.#over) {
      this.#hangUp(leg, response);
    } else {
      this.#over = true;
      this.#winner = leg;
      clearTimeout(this.#timer);
      for (const other of this.#legs) if (other !== leg) other.client?.cancel([ELSEWHERE]);
      this.#options.onAnswer(...this.#parties(leg, response));
      this.#pass(response);
    }
  }

  #refused(leg: Leg, status: number): void {
    leg.status = status;
    const statuses = this.#legs.map((one) => one.status);
    // 6xx speaks for the person and not for the device: nobody else is asked (RFC 3261 section 16.7, step 5).
    if (status >= 600) this.abort(shownStatus(status), 'refused');
    else if (statuses.every((one) => one !== undefined)) this.abort(shownStatus(best(statuses)), 'refused');
  }

  #pass(response: SipResponse): void {
    this.#transaction.respond(response.status, {
      tag: response.to.tag,
      headers: [...passedOn(response), ['Contact', `<${this.#aliases.caller}>`]],
      body: this.#description(response.body),
    });
  }

  #description(body: string): string {
    return this.#verdict.dtmf ? body : withoutKeys(body);
  }

  /** A desk took a call that is over, or that another took first: it gets its ACK and a BYE, and the caller nothing. */
  #hangUp(leg: Leg, response: SipResponse): void {
    const { transactions } = this.#options;
    const { connection, contact } = leg.binding;
    const towards = this.#towards(leg);
    const dialog = { ...towards, to: address(towards.to, response.to.tag), uri: response.contact?.uri ?? contact };
    transactions.acknowledge(connection, { ...dialog, method: 'ACK' });
    if (leg.hungUp) return;
    leg.hungUp = true;
    transactions.request(connection, { ...dialog, method: 'BYE', cseq: dialog.cseq + 1 }, { final: () => undefined });
  }

  #parties(leg: Leg, response: SipResponse): [caller: Party, callee: Party] {
    const { request, connection } = this.#transaction;
    const towards = this.#towards(leg);
    const caller: Party = {
      connection,
      contact: request.contact?.uri ?? request.from.aor,
      tag: request.from.tag ?? '',
      self: request.from.nameAddr,
      peer: request.to.nameAddr,
      peerContact: this.#aliases.caller,
      cseq: 0,
    };
    const callee: Party = {
      connection: leg.binding.connection,
      contact: response.contact?.uri ?? leg.binding.contact,
      tag: response.to.tag ?? '',
      self: towards.to,
      peer: this.#verdict.caller,
      peerContact: this.#aliases.callee,
      cseq: request.cseq,
    };
    return [caller, callee];
  }
}

/** Of several refusals the one of the lowest class, and of these the first. */
function best(statuses: readonly number[]): number {
  const lowest = Math.min(...statuses.map((status) => Math.floor(status / 100)));
  return statuses.find((status) => Math.floor(status / 100) === lowest) ?? 480;
}

import { randomUUID } from 'node:crypto';
import type { Connection } from './connection.js';
import { ClientTransaction, type ClientHandlers, type OutgoingRequest } from './client-transaction.js';
import { ServerTransaction } from './server-transaction.js';
import type { SipRequest, SipResponse } from './sip-message.js';

/** How many transactions one connection may have going on; a browser needs a handful. */
const PER_CONNECTION = 64;

/** The transactions of all connections (RFC 3261 section 17), found by connection, branch and method. */
export class Transactions {
  readonly #servers = new Map<Connection, Map<string, ServerTransaction>>();
  readonly #clients = new Map<string, ClientTransaction>();
  readonly #host: string;

  /** @param host Stands in the gateway's Via. */
  constructor(host: string) {
    this.#host = host;
  }

  /**
   * Begins the transaction of a request. Undefined when there is nothing more to do: a request that came again, an ACK
   * to a refusal, or one request too many.
   */
  receive(connection: Connection, request: SipRequest): ServerTransaction | undefined {
    const known = this.server(connection, request.branch, request.method);
    if (known) {
      known.repeat();
      return undefined;
    }
    const transactions = this.#servers.get(connection) ?? new Map<string, ServerTransaction>();
    this.#servers.set(connection, transactions);
    const key = serverKey(request.branch, request.method);
    const transaction = new ServerTransaction(connection, request, () => transactions.delete(key));
    if (transactions.size >= PER_CONNECTION) {
      transaction.respond(503);
      return undefined;
    }
    transactions.set(key, transaction);
    return transaction;
  }

  /** The transaction that a CANCEL or an ACK belongs to. */
  server(connection: Connection, branch: string, method: string): ServerTransaction | undefined {
    return this.#servers.get(connection)?.get(serverKey(branch, method));
  }

  /** Sends a request and waits for what is answered. */
  request(connection: Connection, request: OutgoingRequest, handlers: ClientHandlers): ClientTransaction {
    const branch = newBranch();
    const transaction = new ClientTransaction(connection, this.#via(branch), request, handlers, () => {
      this.#clients.delete(branch);
    });
    this.#clients.set(branch, transaction);
    transaction.start();
    return transaction;
  }

  /** Sends the ACK to a 2xx, which is a transaction of its own and has no answer (RFC 3261 section 13.2.2.4). */
  acknowledge(connection: Connection, request: OutgoingRequest): void {
    const none = { final: () => undefined };
    new ClientTransaction(connection, this.#via(newBranch()), request, none, () => undefined).sendOnce();
  }

  /** Hands a response to the transaction that waits for it. */
  respond(connection: Connection, response: SipResponse): void {
    const transaction = this.#clients.get(response.branch);
    // Another browser could guess, though hardly, a branch: it must come from where the request went to.
    if (transaction?.connection === connection) transaction.receive(response);
  }

  /** The connection is gone: what waits for an answer from it will get none. */
  abandon(connection: Connection): void {
    for (const transaction of this.#servers.get(connection)?.values() ?? []) transaction.end();
    this.#servers.delete(connection);
    for (const transaction of [...this.#clients.values()]) {
      if (transaction.connection === connection) transaction.fail();
    }
  }

  /** Ends every timer. */
  stop(): void {
    for (const transactions of this.#servers.values()) {
      for (const transaction of [...transactions.values()]) transaction.end();
    }
    for (const transaction of [...this.#clients.values()]) transaction.end();
    this.#servers.clear();
  }

  #via(branch: string): string {
    return `SIP/2.0/WS ${this.#host};branch=${branch}`;
  }
}

/** With the cookie that marks branches that are unique (RFC 3261 section 8.1.1.7). */
function newBranch(): string {
  return `z9hG4bK${randomUUID().replaceAll('-', '')}`;
}

function serverKey(branch: string, method: string): string {
  // The ACK to a refusal bears the branch of its INVITE (RFC 3261 section 17.1.1.3).
  return `${method} ${branch}`;
}

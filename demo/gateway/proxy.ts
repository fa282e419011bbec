import { bearerOf } from '../../src/server/secrets.js';
import { CallSetup } from './call-setup.js';
import type { Connection } from './connection.js';
import { Dialog, type EndReason, type Party } from './dialog.js';
import { isWebRtcAudio } from './descriptions.js';
import { Dialogs } from './dialogs.js';
import type { Floods } from './floods.js';
import type { CallVerdict, HookClient } from './hook-client.js';
import { register } from './register.js';
import { Registrar } from './registrar.js';
import type { ServerTransaction } from './server-transaction.js';
import type { SipRequest, SipResponse } from './sip-message.js';
import { Transactions } from './transactions.js';

export interface ProxyOptions {
  hook: HookClient;
  floods: Floods;
  domain: string;
  /** In seconds. */
  ringTimeout: number;
  /** In seconds. */
  grace: number;
  /** Gets one line about each step of a call, with no address and no secret in it. */
  log: (line: string) => void;
}

/** What a browser needs for a call; REFER, MESSAGE, SUBSCRIBE and the like would only serve somebody else. */
const METHODS = ['REGISTER', 'INVITE', 'ACK', 'CANCEL', 'BYE', 'INFO', 'UPDATE'];

/** Decides what becomes of every message: registrations and calls by the hook, the rest by the call that it belongs to. */
export class Proxy {
  readonly #options: ProxyOptions;
  readonly #transactions: Transactions;
  readonly #registrar = new Registrar();
  readonly #dialogs = new Dialogs();
  /** Calls that ring, by their caller. */
  readonly #setups = new Map<CallSetup, Connection>();
  /** Call-ID and From tag of every call that is not over. */
  readonly #calls = new Set<string>();
  #stopped = false;

  constructor(options: ProxyOptions) {
    this.#options = options;
    this.#transactions = new Transactions(options.domain);
  }

  message(connection: Connection, message: SipRequest | SipResponse): void {
    if (this.#stopped) return;
    if (message.kind === 'response') this.#transactions.respond(connection, message);
    else if (message.method === 'ACK') this.#acknowledge(connection, message);
    else this.#request(connection, message);
  }

  close(connection: Connection): void {
    if (this.#stopped) return;
    this.#registrar.removeConnection(connection);
    for (const [setup, caller] of this.#setups) if (caller === connection) setup.abort(487, 'connection-lost');
    this.#transactions.abandon(connection);
    this.#dialogs.connectionClosed(connection);
  }

  stop(): void {
    for (const setup of this.#setups.keys()) setup.abort(503, 'shutdown');
    this.#dialogs.end('shutdown');
    this.#stopped = true;
    this.#registrar.stop();
    this.#transactions.stop();
  }

  #acknowledge(connection: Connection, request: SipRequest): void {
    const sender = this.#dialogs.find(request);
    if (sender?.party.connection === connection) sender.dialog.acknowledge(sender.party, request);
    else this.#transactions.server(connection, request.branch, 'INVITE')?.end();
  }

  #request(connection: Connection, request: SipRequest): void {
    const transaction = this.#transactions.receive(connection, request);
    if (!transaction) return;
    const { method } = request;
    if (!METHODS.includes(method)) transaction.respond(405, { headers: [['Allow', METHODS.join(', ')]] });
    else if (request.headers('Max-Forwards')[0] === '0') transaction.respond(483);
    else if (method === 'CANCEL') this.#cancel(transaction);
    else if (method === 'REGISTER') this.#register(transaction);
    else if (request.to.tag !== undefined) void this.#inDialog(transaction);
    else if (method === 'INVITE') void this.#invite(transaction);
    else transaction.respond(481);
  }

  #cancel(transaction: ServerTransaction): void {
    const { connection, request } = transaction;
    const invite = this.#transactions.server(connection, request.branch, 'INVITE');
    transaction.respond(invite ? 200 : 481);
    invite?.cancel();
  }

  #register(transaction: ServerTransaction): void {
    const { connection } = transaction;
    const judged = this.#options.floods.admits('registers', connection.remoteIp).then(async (admitted) => {
      if (admitted) await register(transaction, this.#options.hook, this.#registrar);
      else transaction.respond(503, { headers: [['Retry-After', '60']] });
    });
    // One after the other, so that whoever waits for `registering` has waited for all.
    connection.registering = Promise.all([connection.registering, judged]).then(() => undefined);
  }

  async #inDialog(transaction: ServerTransaction): Promise<void> {
    const { connection, request } = transaction;
    const sender = this.#dialogs.find(request);
    const may = sender && (sender.party.connection === connection || (await mayContinue(sender.party, connection)));
    if (!may || sender.dialog.ended || !connection.open) transaction.respond(481);
    else if (replaces(request)) transaction.respond(403);
    else if (!offersAudio(request)) transaction.respond(488);
    else sender.dialog.relay(sender.party, transaction);
  }

  async #invite(transaction: ServerTransaction): Promise<void> {
    const { connection, request } = transaction;
    transaction.respond(100);
    transaction.onCancel = () => transaction.respond(487);
    if (!(await this.#options.floods.admits('invites', connection.remoteIp))) {
      transaction.respond(503, { headers: [['Retry-After', '60']] });
      return;
    }
    const token = bearerOf(request.headers('Authorization')[0]);
    if (token === undefined) {
      transaction.respond(401);
      return;
    }
    if (replaces(request)) {
      transaction.respond(403);
      return;
    }
    if (!offersAudio(request)) {
      transaction.respond(488);
      return;
    }
    // The hook allows the same call twice, for the sake of a digest's second try: here it must not become two.
    const call = `${request.callId} ${request.from.tag ?? ''}`;
    if (this.#calls.has(call)) {
      transaction.respond(482);
      return;
    }
    this.#calls.add(call);
    const over = (): void => void this.#calls.delete(call);
    const answer = await this.#options.hook.call(connection, request, token);
    if ('refused' in answer) {
      this.#options.log(`call refused: ${answer.refused}`);
      transaction.respond(answer.refused);
      over();
    } else {
      this.#ring(transaction, answer.allowed, over);
    }
  }

  #ring(transaction: ServerTransaction, verdict: CallVerdict, over: () => void): void {
    const { hook, log, domain, ringTimeout } = this.#options;
    const { connection, request } = transaction;
    const ended = (reason: EndReason, duration?: number): void => {
      log(`call ended: ${reason}`);
      const facts = { reason, ...(duration !== undefined && { duration }) };
      // Only when the hook knows that the call is over may its Call-ID be used again, and then the hook refuses it.
      void hook.report('ended', connection, request, facts).finally(over);
    };
    if (transaction.answered || !connection.open) {
      ended('cancelled');
      return;
    }
    connection.accept();
    if (verdict.session) connection.prove(verdict.session.sid, verdict.session.expires);
    const bindings = this.#registrar.find(verdict.callee);
    if (bindings.length === 0) {
      transaction.respond(480);
      ended('refused');
      return;
    }
    log(`call rings at ${bindings.length}`);
    const setup = new CallSetup(transaction, verdict, bindings, {
      transactions: this.#transactions,
      domain,
      ringTimeout,
      onAnswer: (caller, callee) => {
        log('call answered');
        this.#setups.delete(setup);
        void hook.report('answered', connection, request);
        this.#connect(request.callId, caller, callee, verdict, ended);
      },
      onEnd: (reason) => {
        this.#setups.delete(setup);
        ended(reason);
      },
    });
    this.#setups.set(setup, connection);
    setup.start();
  }

  #connect(
    callId: string,
    caller: Party,
    callee: Party,
    verdict: CallVerdict,
    ended: (reason: EndReason, duration: number) => void,
  ): void {
    const dialog = new Dialog(callId, caller, callee, {
      transactions: this.#transactions,
      grace: this.#options.grace,
      maxDuration: verdict.maxDuration,
      keys: verdict.dtmf,
      onEnd: (_dialog, reason, seconds) => {
        this.#dialogs.remove(dialog);
        ended(reason, seconds);
      },
    });
    this.#dialogs.add(dialog);
  }
}

/** Both headers would put somebody else in the place of one of the two that speak (RFC 3891, RFC 3911). */
function replaces(request: SipRequest): boolean {
  return ['Replaces', 'Join'].some((name) => request.headers(name).length > 0);
}

/** Whether what a request offers may be passed on; a request that can offer nothing may. */
function offersAudio({ method, body }: SipRequest): boolean {
  if (method === 'INVITE') return isWebRtcAudio(body);
  return method !== 'UPDATE' || body === '' || isWebRtcAudio(body);
}

/** Whether a new connection may speak for a side: it must have registered, with a live token of the same session. */
async function mayContinue(party: Party, connection: Connection): Promise<boolean> {
  const known = party.connection.sessions;
  await connection.registering;
  return [...connection.sessions].some(([sid, until]) => known.has(sid) && until > Date.now());
}

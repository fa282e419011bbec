import { SautikitError } from '../errors.js';
import { silent, type Log } from '../log.js';
import type { Grant } from '../token/token-grant.js';
import type { GatewayLink } from './gateway-link.js';
import { JsSipRTCSession, JsSipUA, type JsSipTransaction, type JsSipUserAgent } from './jssip.js';
import { SipSession, type SessionHandlers } from './sip-session.js';
import { Socket } from './socket.js';

/** How long a registration is asked for (s): as long as a token lives, renewed at half of it. */
const REGISTER_EXPIRES = 300;
/** JsSIP renews no registration sooner than 5 s after it was granted; a sooner one (ms) comes of a lifetime that is none. */
const SOONEST_RENEWAL = 4_000;
/** How long an incoming call may ring here (s). */
const RING_LIMIT = 60;
/** How long good-byes may wait for their answers (ms). */
const STOP_LIMIT = 2_000;
/** JsSIP's number for RFC 6026's state "Accepted". */
const STATUS_ACCEPTED = 4;
/** JsSIP's word for a request that nobody answered within 32 s (64*T1). */
const REQUEST_TIMEOUT = 'Request Timeout';

export interface UserAgentHandlers {
  /** The registration stands, or its loss is known. */
  onRegistered(): void;
  /** The gateway refused the registration, or never answered. */
  onRegistrationFailed(error: SautikitError): void;
  onConnected(): void;
  onDisconnected(): void;
  /** A call from outside; whoever takes it makes its session with `accept`. */
  onIncoming?: ((incoming: IncomingSession) => void) | undefined;
}

export interface IncomingSession {
  /** Display name or user part of who calls. */
  from: string;
  accept(handlers: SessionHandlers): SipSession;
}

/** One SIP user agent: an address of record with its credential, its registration and its sessions. */
export class UserAgent {
  readonly #ua: JsSipUserAgent;
  readonly #socket: Socket;
  readonly #register: boolean;
  #token: string | undefined;
  #registered = false;
  /** Whether it was told that the last REGISTER was refused. */
  #refused = false;
  #renewedAt = -Infinity;
  #renewal: ReturnType<typeof setTimeout> | undefined;
  #stopped: Promise<void> | undefined;
  #onQuiet = (): void => {};
  /** Requests of ours that wait for an answer. */
  readonly #unanswered = new Set<JsSipTransaction>();

  /** @param id what this connection is known by in logs: the Call-ID of its REGISTER begins with it */
  constructor(grant: Grant, link: GatewayLink, id: string, handlers: UserAgentHandlers, log: Log = silent) {
    const { credential } = grant;
    this.#token = credential.kind === 'bearer' ? credential.token : undefined;
    this.#register = grant.register === 'auto';
    const receives = handlers.onIncoming !== undefined;
    this.#socket = new Socket({ link, token: () => this.#token, receives: () => receives, log });
    this.#ua = new JsSipUA({
      uri: grant.sipUri,
      sockets: [this.#socket],
      register: this.#register,
      register_expires: REGISTER_EXPIRES,
      // JsSIP's timer sends an UPDATE every 45 s, and one of them while offline ends the call.
      session_timers: false,
      no_answer_timeout: RING_LIMIT,
      user_agent: 'Sautikit',
      ...(credential.kind === 'digest' && {
        authorization_user: credential.username,
        password: credential.password,
      }),
    });
    // Not the same as the Call-ID of an INVITE, which would be another dialog's (RFC 3261 section 8.1.1.4).
    this.#ua.registrator()._call_id = `${id}-register`;
    this.#watchTransactions(() => {
      this.#refused = true;
      handlers.onRegistrationFailed(new SautikitError('registration-rejected'));
    });
    this.#ua.on('connected', () => handlers.onConnected());
    this.#ua.on('disconnected', () => handlers.onDisconnected());
    this.#ua.on('registered', () => {
      this.#registered = true;
      handlers.onRegistered();
    });
    this.#ua.on('unregistered', () => (this.#registered = false));
    this.#ua.on('registrationExpiring', () => this.#renewRegistration());
    this.#ua.on('registrationFailed', ({ response, cause }) => {
      this.#registered = false;
      this.#refused = true;
      const status = response?.status_code;
      // Where the connection is at fault, the link tells.
      if (!status && cause !== REQUEST_TIMEOUT) return;
      const retryAfter = parseInt(response?.getHeader('retry-after') ?? '', 10);
      const error = status
        ? new SautikitError('registration-rejected', { status, ...(retryAfter > 0 && { retryAfter }) })
        : new SautikitError('gateway-unreachable', { tried: { step: 'registration' } });
      handlers.onRegistrationFailed(error);
    });
    this.#ua.on('newRTCSession', ({ originator, session, request }) => {
      if (originator !== 'remote') return;
      const from = request.from.display_name || request.from.uri.user || '';
      handlers.onIncoming?.({ from, accept: (sessionHandlers) => new SipSession(session, sessionHandlers) });
    });
  }

  get registered(): boolean {
    return this.#registered;
  }

  /** True where this agent registers at all. */
  get registers(): boolean {
    return this.#register;
  }

  /** Takes the transport, and registers as soon as it is open. */
  start(): void {
    this.#ua.start();
  }

  /** A session that is ready to send its INVITE. */
  createSession(handlers: SessionHandlers): SipSession {
    const session = new SipSession(new JsSipRTCSession(this.#ua), {
      ...handlers,
      onEnded: (ending) => {
        // Whatever answers from now on is answered for nobody.
        if (session.callId) this.#socket.abandon(session.callId);
        handlers.onEnded(ending);
      },
    });
    return session;
  }

  /** Takes back the INVITE of a session that ended with its connection: the gateway may not know that it is gone. */
  cancel({ callId }: SipSession): void {
    if (callId) this.#socket.cancel(callId);
  }

  /** Puts another grant's token on what leaves from now on. */
  authorize({ credential }: Grant): void {
    if (credential.kind === 'bearer') this.#token = credential.token;
  }

  /** The same, and tells the gateway at once where this agent registers. */
  renew(grant: Grant): void {
    this.authorize(grant);
    this.register();
  }

  /** Registers anew where it may and can. */
  register(): void {
    if (this.#register && this.#ua.isConnected()) this.#ua.register();
  }

  /** Ends sessions and registration. Resolves when the good-byes were answered, at the latest after 2 s. */
  stop(): Promise<void> {
    this.#stopped ??= new Promise<void>((resolve) => {
      clearTimeout(this.#renewal);
      this.#ua.stop();
      this.#socket.stop();
      const timer = setTimeout(() => this.#onQuiet(), STOP_LIMIT);
      this.#onQuiet = () => {
        clearTimeout(timer);
        this.#onQuiet = () => {};
        this.#socket.disconnect();
        this.#token = undefined;
        resolve();
      };
      this.#checkQuiet();
    });
    return this.#stopped;
  }

  /** As a registrar says that its registration ends; what it says may be no number, or more than a timer takes. */
  #renewRegistration(): void {
    const renew = () => {
      this.#renewedAt = performance.now();
      if (this.#ua.isConnected()) this.#ua.register();
    };
    clearTimeout(this.#renewal);
    if (performance.now() - this.#renewedAt > SOONEST_RENEWAL) renew();
    else this.#renewal = setTimeout(renew, REGISTER_EXPIRES * 500);
  }

  /** @param onIgnored told where a REGISTER was answered by a 200 without this browser's Contact, of which JsSIP is silent */
  #watchTransactions(onIgnored: () => void): void {
    const registering = ({ request }: JsSipTransaction) => request?.method === 'REGISTER';
    this.#ua.on('newTransaction', ({ transaction }) => {
      if (registering(transaction)) this.#refused = false;
      if (transaction.type === 'nict' || transaction.type === 'ict') this.#unanswered.add(transaction);
    });
    this.#ua.on('transactionDestroyed', ({ transaction }) => {
      this.#unanswered.delete(transaction);
      this.#checkQuiet();
      if (!registering(transaction)) return;
      // Of a lost connection, and of a silent gateway, JsSIP tells in the same turn, but after this.
      queueMicrotask(() => {
        const asked = [...this.#unanswered].some(registering);
        if (!asked && !this.#registered && !this.#refused && !this.#stopped) onIgnored();
      });
    });
  }

  /** An INVITE that was accepted waits only for repeated answers; JsSIP itself waits 2 s on its account. */
  #checkQuiet(): void {
    if ([...this.#unanswered].every(({ state }) => state === STATUS_ACCEPTED)) this.#onQuiet();
  }
}

import { nextConnectionState, type ConnectionEvent, type ConnectionState } from '../call/connection-machine.js';
import { SautikitError } from '../errors.js';
import type { Log } from '../log.js';
import type { GatewayLink } from '../sip/gateway-link.js';
import type { IncomingSession, UserAgent } from '../sip/user-agent.js';
import type { Grant } from '../token/token-grant.js';
import type { TokenSource } from '../token/token-source.js';
import { deferred } from './deferred.js';
import type { SipStack } from './sip-loader.js';

/** How long an answered call, or a good-bye that could not be sent, waits for its gateway (ms): the gateway's grace. */
export const GRACE = 60_000;

/** A gateway that has answered no registration for so long (ms: 64*T1 of RFC 3261) answers none, over however many connections. */
const REGISTER_LIMIT = 32_000;

/** Pauses (ms) before a registration that was refused only for now is tried again, where the gateway names none. */
const REGISTER_AGAIN = { first: 2_000, longest: 30_000 } as const;

export interface GatewaySessionOptions {
  /** Of the call, or of the `connect()`, that it is opened for. */
  id: string;
  sip: SipStack;
  grant: Grant;
  link: GatewayLink;
  source: TokenSource;
  log: Log;
  onIncoming?: ((incoming: IncomingSession) => void) | undefined;
  onStateChange(state: ConnectionState): void;
}

/** One grant at work: its connection to the gateway, its registration, and their renewal for as long as it is open. */
export class GatewaySession {
  readonly agent: UserAgent;
  readonly grant: Grant;
  /** The same, or what has renewed it. */
  #current: Grant;
  readonly #options: GatewaySessionOptions;
  #state: ConnectionState = 'offline';
  #connected = false;
  #everConnected = false;
  #everRegistered = false;
  /** Whoever watches has been told of a loss, and not yet of its end. */
  #lost = false;
  /** A new token was tried for a refusal, and none has helped since. */
  #renewed = false;
  #refusals = 0;
  #registering: ReturnType<typeof setTimeout> | undefined;
  #closing: Promise<void> | undefined;
  #patience: ReturnType<typeof setTimeout> | undefined;
  #stopRenewing = (): void => {};
  readonly #opened = deferred();
  readonly #registered = deferred();
  readonly #watchers = new Set<(connected: boolean) => void>();
  /** Good-byes that wait for the connection to come back. */
  readonly #owed = new Set<() => void>();

  constructor(options: GatewaySessionOptions) {
    this.#options = options;
    this.grant = this.#current = options.grant;
    this.agent = new options.sip.UserAgent(
      options.grant,
      options.link,
      options.id,
      {
        onConnected: () => this.#onConnected(),
        onDisconnected: () => this.#onDisconnected(),
        onRegistered: () => this.#onReady(),
        onRegistrationFailed: (error) => void this.#onRefused(error),
        onIncoming: options.onIncoming,
      },
      options.log,
    );
  }

  /** The grant, or the one that has renewed it. */
  get current(): Grant {
    return this.#current;
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** True while the socket is open. */
  get connected(): boolean {
    // JsSIP ends what waits for an answer before it says that the connection is gone.
    return this.#connected && this.#options.link.open;
  }

  /**
   * True while what is said in a call will be heard. After a reconnect that takes a registration: a gateway takes nothing
   * of a call from a connection that it does not know.
   */
  get heard(): boolean {
    return this.connected && !this.#lost;
  }

  /** Settles when the socket is open, or could not be opened. */
  get opened(): Promise<void> {
    return this.#opened.promise;
  }

  /** Settles when the gateway has taken the registration (or none was asked for), or refused it. */
  get registered(): Promise<void> {
    return this.#registered.promise;
  }

  start(): void {
    this.#move('connect');
    if (this.grant.credential.kind === 'bearer') {
      this.#stopRenewing = this.#options.source.keepFresh((grant) => this.use(grant), this.grant);
    }
    this.agent.start();
    this.#patience = setTimeout(
      () => this.#registered.reject(new SautikitError('gateway-unreachable', { tried: { step: 'registration' } })),
      REGISTER_LIMIT,
    );
  }

  /** Puts a newer token to use; the address of record stays. */
  use(grant: Grant): void {
    this.#current = grant;
    this.agent.renew(grant);
  }

  /** ICE servers whose credentials have just been made, for a restart. */
  async freshIceServers(): Promise<RTCIceServer[]> {
    const grant = await this.#options.source.renew(this.#current);
    this.use(grant);
    return grant.iceServers;
  }

  /** Of a connection that was lost: whatever else took the same way through the network is gone, too. */
  get pathGone(): boolean {
    return this.#options.link.pathGone;
  }

  /** Asks at once whether the connection lives, where there is a reason to doubt. */
  probe(): void {
    this.#options.link.probe();
  }

  /** Watches the connection more closely, while a call is being set up. */
  hurry(hurried: boolean): void {
    this.#options.link.hurry(hurried);
  }

  /** An answered call lives at the gateway that took it. */
  stay(staying: boolean): void {
    // A good-bye that is still owed is owed there, too.
    if (staying || this.#owed.size === 0) this.#options.link.stay(staying);
  }

  /** Told whenever the connection is lost and, registered again, restored. @returns a function that ends it */
  watch(watcher: (connected: boolean) => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  /** Runs now, or as soon as it will be heard; `close()` waits for it, but no longer than the grace. */
  whenHeard(goodbye: () => void): void {
    if (this.heard) goodbye();
    else this.#owed.add(goodbye);
  }

  /** Ends calls, registration and connection; resolves when the connection is closed. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  /** Says good-bye and lets go in the same instant, for a page that goes away. */
  closeNow(): void {
    // There will be no better moment.
    if (this.#connected) this.#sayOwed();
    void this.agent.stop();
    this.#finish();
  }

  async #close(): Promise<void> {
    this.#move('close');
    this.#stopRenewing();
    clearTimeout(this.#registering);
    if (this.#owed.size > 0) await this.#waitForOwed();
    await this.agent.stop();
    this.#finish();
  }

  #finish(): void {
    this.#stopRenewing();
    clearTimeout(this.#registering);
    clearTimeout(this.#patience);
    this.#options.link.close();
    this.#connected = false;
    const error = new SautikitError('gateway-unreachable');
    this.#opened.reject(error);
    this.#registered.reject(error);
  }

  /** The link goes on reconnecting meanwhile; after the grace the gateway has ended the call itself. */
  #waitForOwed(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, GRACE);
      this.#owed.add(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  #sayOwed(): void {
    for (const goodbye of this.#owed) goodbye();
    this.#owed.clear();
  }

  #move(event: ConnectionEvent): void {
    const next = nextConnectionState(this.#state, event);
    if (!next) return;
    this.#options.log(`connection ${this.#state} -> ${next}`);
    this.#state = next;
    this.#options.onStateChange(next);
  }

  #onConnected(): void {
    this.#connected = this.#everConnected = true;
    this.#options.link.keepOpen();
    this.#opened.resolve();
    if (!this.agent.registers) this.#onReady();
  }

  #onReady(): void {
    this.#everRegistered = true;
    this.#renewed = false;
    this.#refusals = 0;
    this.#move('ready');
    this.#registered.resolve();
    this.#sayOwed();
    this.#tellRestored();
  }

  #onDisconnected(): void {
    const was = this.#connected;
    this.#connected = false;
    if (!this.#everConnected) {
      const { tried } = this.#options.link;
      const error = new SautikitError(navigator.onLine === false ? 'offline' : 'gateway-unreachable', { tried });
      this.#opened.reject(error);
      this.#registered.reject(error);
      this.#move('fail');
    } else if (was) {
      this.#move('lost');
      this.#lost = true;
      this.#tell(false);
    }
  }

  /**
   * A 401 is worth one new token, at once, and so is a 403 of a gateway that took a token before: that one may have run
   * out while nobody could renew it. What is refused only for now is asked for again. The rest is the gateway's decision.
   */
  async #onRefused(error: SautikitError): Promise<void> {
    const { status } = error;
    const stale = status === 401 || (status === 403 && this.#everRegistered);
    if (stale && !this.#renewed && this.grant.credential.kind === 'bearer') {
      this.#renewed = true;
      try {
        this.use(await this.#options.source.renew(this.#current));
        return;
      } catch {
        // The refusal stands.
      }
    }
    this.#registered.reject(error);
    this.#sayOwed();
    this.#move('fail');
    if (status === undefined || status >= 500) this.#registerAgain(error.retryAfter);
    // An unanswered registration never stands in a call's way: the connection is as restored as it will be.
    this.#tellRestored();
  }

  #registerAgain(retryAfter: number | undefined): void {
    const pause = Math.min(REGISTER_AGAIN.first * 2 ** this.#refusals++, REGISTER_AGAIN.longest);
    clearTimeout(this.#registering);
    this.#registering = setTimeout(() => this.agent.register(), retryAfter ? retryAfter * 1000 : pause);
  }

  #tellRestored(): void {
    if (!this.#lost) return;
    this.#lost = false;
    this.#tell(true);
  }

  #tell(connected: boolean): void {
    for (const watcher of [...this.#watchers]) watcher(connected);
  }
}

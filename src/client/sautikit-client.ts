import type { ConnectionState } from '../call/connection-machine.js';
import { SautikitError } from '../errors.js';
import { createLog, type Log } from '../log.js';
import type { SpeakerParts } from '../media/speaker.js';
import { GatewayLink } from '../sip/gateway-link.js';
import type { IncomingSession } from '../sip/user-agent.js';
import type { SolveChallenge } from '../token/token-challenge.js';
import { checkGatewayUrl, type Grant } from '../token/token-grant.js';
import { TokenSource, type TokenProvider } from '../token/token-source.js';
import { Emitter } from './emitter.js';
import { GatewaySession } from './gateway-session.js';
import { IncomingCall } from './incoming-call.js';
import { OutgoingCall } from './outgoing-call.js';

export interface SautikitClientOptions {
  /** Address of the token endpoint, relative to the page. */
  tokenUrl?: string;
  /** Fetches the grant instead of `tokenUrl`. */
  tokenProvider?: TokenProvider;
  /** Fixes the method; by default POST, and GET for a backend that knows nothing else. */
  tokenMethod?: 'POST' | 'GET' | undefined;
  /** Default `same-origin`. */
  tokenCredentials?: RequestCredentials | undefined;
  /** Gateways in order of preference, for grants that name none. */
  gatewayUrl?: string | string[] | undefined;
  /** Name of what to call. */
  line?: string | undefined;
  /** For attribution; at most 1 kB as JSON, allow-listed by the server. */
  context?: Record<string, unknown> | undefined;
  /** Solves a human check of the server; a proof of work needs no help. */
  solveChallenge?: SolveChallenge | undefined;
  /** Told of every grant, with the moment of its end. */
  onTokenRefresh?: (expiresAt: Date) => void;
  /** Prints one redacted line a transition. Default false. */
  debug?: boolean | (() => boolean);
}

export interface OutgoingOptions {
  /** The caller identity to ask for: a number or a name; the gateway decides. */
  from?: string;
  /** Device to speak into; the system's choice where it is absent, or gone. */
  microphoneId?: string | undefined;
  /** Device to be heard from; the system's choice where it is absent, gone, or not to be chosen in this browser. */
  speakerId?: string | undefined;
  /** Ringing tone while the far end rings and the network plays none, and a tone at the end of an answered call. Default false. */
  tones?: boolean;
  /** Speaks instead of a microphone; its owner stops it. */
  stream?: MediaStream;
  /** Parts that were made inside the click (`makeSpeakerParts()`), where the call begins later than its click. */
  speaker?: SpeakerParts;
}

export interface ClientEvents {
  incoming: IncomingCall;
  connection: { from: ConnectionState; to: ConnectionState };
}

/** A user part that may stand in a SIP address as it is; nothing in it can end a header. */
const USER = /^[\w\-.!~*'()&=+$,;?/]{1,128}$/;
const ADDRESS = /^sip:[\w\-.!~*'()&=+$,;?/%]{1,128}@[A-Za-z0-9.-]{1,253}(?::\d{1,5})?$/;
/** A socket that was opened on intent and got no call is closed after this long (ms). */
const WARM_LIMIT = 15_000;

/**
 * The headless client: calls without any user interface.
 *
 *     const client = new SautikitClient({ tokenUrl: '/api/sip-token' });
 *     const call = await client.call();
 *     call.on('answered', () => …);
 *     await call.hangup();
 */
export class SautikitClient {
  readonly #options: SautikitClientOptions;
  readonly #log: Log;
  readonly #source: TokenSource;
  readonly #events = new Emitter<ClientEvents>();
  readonly #sessions = new Set<GatewaySession>();
  readonly #calls = new Set<OutgoingCall | IncomingCall>();
  #home: GatewaySession | undefined;
  #connecting: Promise<void> | undefined;
  #state: ConnectionState = 'offline';
  #warmLink: GatewayLink | undefined;
  #warmTimer: ReturnType<typeof setTimeout> | undefined;

  /** @throws {TypeError} where neither `tokenUrl` nor `tokenProvider` is given */
  constructor(options: SautikitClientOptions) {
    const { tokenUrl, tokenProvider, debug = false } = options;
    if (tokenUrl === undefined && !tokenProvider) throw new TypeError('tokenUrl or tokenProvider is needed');
    this.#options = options;
    this.#log = createLog(typeof debug === 'function' ? debug : () => debug);
    const {
      tokenMethod: method,
      tokenCredentials: credentials,
      line,
      context,
      gatewayUrl,
      solveChallenge,
      onTokenRefresh,
    } = options;
    this.#source = new TokenSource({
      from: tokenProvider ?? { url: tokenUrl!, method, credentials },
      request: { ...(line !== undefined && { line }), ...(context && { context }) },
      gatewayUrl,
      solveChallenge,
      onTokenRefresh,
      log: this.#log,
    });
  }

  /** The state of the connection that calls from outside come in on, or else of the newest call's. */
  get connectionState(): ConnectionState {
    return this.#state;
  }

  /** Calls that are not over. */
  get calls(): readonly (OutgoingCall | IncomingCall)[] {
    return [...this.#calls];
  }

  on<Name extends keyof ClientEvents>(name: Name, listener: (detail: ClientEvents[Name]) => void): () => void {
    return this.#events.on(name, listener);
  }

  off<Name extends keyof ClientEvents>(name: Name, listener: (detail: ClientEvents[Name]) => void): void {
    this.#events.off(name, listener);
  }

  /**
   * Registers, to be called and to call, until `disconnect()`. Called twice, it connects once.
   * @throws {SautikitError} what the token endpoint or the gateway said
   */
  connect(): Promise<void> {
    this.#connecting ??= this.#connect().catch((error: unknown) => {
      this.#connecting = undefined;
      throw error;
    });
    return this.#connecting;
  }

  /**
   * Calls, and resolves when the INVITE has left. Needs no `connect()`.
   *
   * @param target a number or name at the caller's own domain, or a `sip:` address; without it, what the server has fixed
   * @throws {SautikitError} where the call never began: no grant, no microphone, no gateway
   * @throws {TypeError} where `target` or `from` cannot stand in a SIP address
   */
  async call(target?: string, options: OutgoingOptions = {}): Promise<OutgoingCall> {
    const call = this.dial(target, options);
    await new Promise<void>((resolve, reject) => {
      call.on('dialing', resolve);
      call.on('failed', reject);
      call.on('ended', () => resolve());
    });
    return call;
  }

  /** The same, but returns at once, with the call in state `preparing`; what goes wrong is told by its events. */
  dial(target?: string, options: OutgoingOptions = {}): OutgoingCall {
    const { from } = options;
    if (target !== undefined && !USER.test(target) && !ADDRESS.test(target))
      throw new TypeError('target is no address');
    if (from !== undefined && !USER.test(from)) throw new TypeError('from is no number or name');
    const call = new OutgoingCall({
      ...options,
      target,
      log: this.#log,
      source: this.#source,
      openGateway: (grant) => this.#gatewayFor(grant),
    });
    this.#track(call);
    void call.start();
    return call;
  }

  /** Opens the socket before a call, where the gateway is known from `gatewayUrl`; unused, it closes after 15 s. */
  warm(): void {
    const { gatewayUrl } = this.#options;
    if (gatewayUrl === undefined || this.#warmLink || this.#sessions.size > 0) return;
    const urls = [gatewayUrl].flat();
    try {
      urls.forEach(checkGatewayUrl);
    } catch {
      // The call will say so.
      return;
    }
    this.#warmLink = new GatewayLink(urls.map(checkGatewayUrl), this.#log);
    this.#warmLink.connect();
    this.#warmTimer = setTimeout(() => this.#coolDown(), WARM_LIMIT);
  }

  /** Fetches the grant before a call; a failure is told by the call. */
  prefetch(): void {
    this.#source.take().catch(() => {});
  }

  /** Ends calls, registration and connection, and forgets every secret. */
  async disconnect(): Promise<void> {
    const hungUp = [...this.#calls].map((call) => call.hangup());
    const closed = [...this.#sessions].map((session) => session.close());
    this.#reset();
    await Promise.all([...hungUp, ...closed]);
  }

  /** The same in one instant, for a page that goes away. */
  disconnectNow(): void {
    for (const call of this.#calls) call.hangupNow();
    for (const session of this.#sessions) session.closeNow();
    this.#reset();
  }

  #reset(): void {
    this.#source.close();
    this.#home = this.#connecting = undefined;
    this.#sessions.clear();
    this.#coolDown();
  }

  async #connect(): Promise<void> {
    const grant = await this.#source.take();
    const home = this.#open(grant, (incoming) => this.#onIncoming(home, incoming));
    this.#home = home;
    try {
      await home.registered;
    } catch (error) {
      if (this.#home === home) this.#home = undefined;
      this.#close(home);
      throw error;
    }
  }

  #gatewayFor(grant: Grant): GatewaySession {
    const home = this.#home;
    if (home?.connected && home.grant.sipUri === grant.sipUri) return home;
    return this.#open(grant);
  }

  #open(grant: Grant, onIncoming?: (incoming: IncomingSession) => void): GatewaySession {
    const session: GatewaySession = new GatewaySession({
      grant,
      link: this.#takeLink(grant.gatewayUrls),
      source: this.#source,
      log: this.#log,
      onIncoming,
      onStateChange: (state) => this.#onStateChange(session, state),
    });
    this.#sessions.add(session);
    session.start();
    return session;
  }

  #takeLink(urls: string[]): GatewayLink {
    const warm = this.#warmLink;
    this.#warmLink = undefined;
    clearTimeout(this.#warmTimer);
    if (warm?.serves(urls)) return warm;
    warm?.close();
    return new GatewayLink(urls, this.#log);
  }

  #coolDown(): void {
    clearTimeout(this.#warmTimer);
    this.#warmLink?.close();
    this.#warmLink = undefined;
  }

  #close(session: GatewaySession): void {
    this.#sessions.delete(session);
    void session.close();
  }

  #onIncoming(home: GatewaySession, incoming: IncomingSession): void {
    const call = new IncomingCall(incoming, home, { log: this.#log });
    this.#track(call);
    this.#events.emit('incoming', call);
  }

  #track(call: OutgoingCall | IncomingCall): void {
    this.#calls.add(call);
    void call.finished.then(() => {
      this.#calls.delete(call);
      // What was opened for a call ends with the calls; what `connect()` opened stays.
      if (this.#calls.size > 0) return;
      for (const session of [...this.#sessions]) if (session !== this.#home) this.#close(session);
    });
  }

  #onStateChange(session: GatewaySession, state: ConnectionState): void {
    if (this.#home && session !== this.#home) return;
    const from = this.#state;
    if (from === state) return;
    this.#state = state;
    this.#events.emit('connection', { from, to: state });
  }
}

/** Whether this browser can carry a call; `undefined` where it can. */
export function obstacle(): SautikitError | undefined {
  if (!isSecureContext) return new SautikitError('insecure-context');
  if (!('RTCPeerConnection' in globalThis) || !navigator.mediaDevices) return new SautikitError('unsupported');
  return undefined;
}

import type { ConnectionState } from '../call/connection-machine.js';
import { asSautikitError, inContext, SautikitError } from '../errors.js';
import { createLog, type Log } from '../log.js';
import { Peer } from '../media/peer.js';
import type { SpeakerParts } from '../media/speaker.js';
import type { IncomingSession } from '../sip/user-agent.js';
import type { SolveChallenge } from '../token/token-challenge.js';
import type { Grant } from '../token/token-grant.js';
import { TokenSource, type TokenProvider } from '../token/token-source.js';
import { deferred } from './deferred.js';
import { Emitter } from './emitter.js';
import type { GatewaySession } from './gateway-session.js';
import { Gateways, type Wanting } from './gateways.js';
import { IncomingCall } from './incoming-call.js';
import { OutgoingCall } from './outgoing-call.js';
import { PeerAhead } from './peer-ahead.js';
import { loadSip } from './sip-loader.js';

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
  /** `relay`: by TURN servers and no other way, also where grants leave all ways open. Default `all`. */
  iceTransportPolicy?: RTCIceTransportPolicy | undefined;
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
  /** When the caller clicked, on the clock of `performance.now()`; the timings count from it. Default: now. */
  began?: number;
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

/**
 * The headless client: calls without any user interface.
 *
 *     const client = new SautikitClient({ tokenUrl: '/api/sip-token' });
 *     const call = await client.call();
 *     call.on('answered', () => …);
 *     await call.hangup();
 */
export class SautikitClient {
  readonly #log: Log;
  readonly #iceTransportPolicy: RTCIceTransportPolicy | undefined;
  readonly #source: TokenSource;
  readonly #events = new Emitter<ClientEvents>();
  readonly #gateways: Gateways;
  readonly #peerAhead = new PeerAhead();
  readonly #calls = new Set<OutgoingCall | IncomingCall>();
  #home: GatewaySession | undefined;
  #connecting: Promise<void> | undefined;
  #state: ConnectionState = 'offline';
  /** Of the call to come: its grant may be asked for ahead. */
  #nextId = crypto.randomUUID();
  /** Settles at `disconnect()`. */
  #disconnected = deferred();

  /** @throws {TypeError} where neither `tokenUrl` nor `tokenProvider` is given */
  constructor(options: SautikitClientOptions) {
    const { tokenUrl, tokenProvider, debug = false } = options;
    if (tokenUrl === undefined && !tokenProvider) throw new TypeError('tokenUrl or tokenProvider is needed');
    this.#log = createLog(typeof debug === 'function' ? debug : () => debug);
    this.#iceTransportPolicy = options.iceTransportPolicy;
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
    this.#gateways = new Gateways({
      source: this.#source,
      gatewayUrl,
      log: this.#log,
      onStateChange: (session, state) => this.#onStateChange(session, state),
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
    const id = this.#nextId;
    this.#nextId = crypto.randomUUID();
    const call = new OutgoingCall({
      ...options,
      id,
      target,
      makePeer: this.#makePeer,
      log: this.#log,
      source: this.#source,
      openGateway: (grant, wanting) => this.#gatewayFor(grant, wanting),
    });
    this.#track(call);
    this.warm();
    void call.start();
    return call;
  }

  /**
   * Fetches what a call needs but its grant: the SIP part, and the socket, where its gateway is known from `gatewayUrl` or
   * from an earlier grant; unused, the socket closes after 15 s.
   */
  warm(): void {
    // Whoever calls hears of it.
    loadSip().catch(() => {});
    if (!this.#home) this.#gateways.warm();
  }

  /**
   * Fetches the grant too, and begins ICE with its servers; call it only where a call will most likely follow. What nobody
   * uses is closed after 15 s, and a failure is told by the call.
   */
  prefetch(): void {
    this.warm();
    const disconnected = this.#disconnected;
    this.#source.take(this.#nextId).then(
      (grant) => {
        if (disconnected === this.#disconnected && this.#calls.size === 0)
          this.#peerAhead.prepare(grant, () => this.#newPeer(grant));
      },
      () => {},
    );
  }

  /** Ends calls, registration and connection, and forgets every secret. */
  async disconnect(): Promise<void> {
    const hungUp = [...this.#calls].map((call) => call.hangup());
    this.#reset();
    await Promise.all([...hungUp, this.#gateways.closeAllBut(undefined)]);
  }

  /** The same in one instant, for a page that goes away. */
  disconnectNow(): void {
    for (const call of this.#calls) call.hangupNow();
    this.#reset();
    this.#gateways.closeNow();
  }

  #reset(): void {
    this.#source.close();
    this.#peerAhead.drop();
    this.#home = this.#connecting = undefined;
    this.#disconnected.resolve();
    this.#disconnected = deferred();
  }

  async #connect(): Promise<void> {
    let live = true;
    const finished = this.#disconnected.promise.then(() => (live = false));
    const id = crypto.randomUUID();
    const wanting: Wanting = {
      id,
      get live() {
        return live;
      },
      finished,
    };
    loadSip().catch(() => {});
    try {
      const grant = await this.#source.take(id);
      const home = await this.#gateways.open(grant, wanting, (incoming) => this.#onIncoming(home, incoming));
      this.#home = home;
      await home.registered.catch((error: unknown) => {
        if (this.#home === home) this.#home = undefined;
        // A call that goes over it needs no registration, and closes it at its end.
        if (this.#calls.size === 0) void this.#gateways.close(home);
        throw error;
      });
    } catch (error) {
      throw inContext(asSautikitError(error), { correlationId: id });
    }
  }

  readonly #makePeer = (grant: Grant): Peer => this.#peerAhead.take(grant) ?? this.#newPeer(grant);

  #newPeer({ iceServers, iceTransportPolicy: granted }: Grant): Peer {
    // Neither side can open a way that the other one has closed.
    const iceTransportPolicy = granted === 'relay' ? granted : (this.#iceTransportPolicy ?? 'all');
    return new Peer({ iceServers, iceTransportPolicy }, this.#log);
  }

  #gatewayFor(grant: Grant, wanting: Wanting): Promise<GatewaySession> {
    const home = this.#home;
    if (home?.connected && home.grant.sipUri === grant.sipUri) return Promise.resolve(home);
    return this.#gateways.open(grant, wanting);
  }

  #onIncoming(home: GatewaySession, incoming: IncomingSession): void {
    const call = new IncomingCall(incoming, home, { makePeer: this.#makePeer, log: this.#log });
    this.#track(call);
    this.#events.emit('incoming', call);
  }

  #track(call: OutgoingCall | IncomingCall): void {
    this.#calls.add(call);
    void call.finished.then(() => {
      this.#calls.delete(call);
      // What was opened for a call ends with the calls; what `connect()` opened stays.
      if (this.#calls.size === 0) void this.#gateways.closeAllBut(this.#home);
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

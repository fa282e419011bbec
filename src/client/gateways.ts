import type { ConnectionState } from '../call/connection-machine.js';
import { SautikitError } from '../errors.js';
import type { Log } from '../log.js';
import { GatewayLink } from '../sip/gateway-link.js';
import type { IncomingSession } from '../sip/user-agent.js';
import { checkGatewayUrl, type Grant } from '../token/token-grant.js';
import type { TokenSource } from '../token/token-source.js';
import { GatewaySession } from './gateway-session.js';
import { loadSip } from './sip-loader.js';

/** A socket that was opened on intent and got no call is closed after this long (ms). */
const WARM_LIMIT = 15_000;

/** Who a session is opened for. */
export interface Wanting {
  /** Random; what is opened is known by it in the gateway's log and in the hook. */
  readonly id: string;
  /** False as soon as nobody waits for it any more. */
  readonly live: boolean;
  /** Resolves at that moment. */
  readonly finished: Promise<unknown>;
}

export interface GatewaysOptions {
  source: TokenSource;
  /** The attribute `gateway-url`: where a socket may be opened before there is a grant. */
  gatewayUrl: string | string[] | undefined;
  log: Log;
  onStateChange(session: GatewaySession, state: ConnectionState): void;
}

/** Owns what is connected to gateways: the socket that intent opened, and the sessions that grants opened. */
export class Gateways {
  readonly #options: GatewaysOptions;
  readonly #sessions = new Set<GatewaySession>();
  /** Where a grant's session will most likely be: at the attribute's gateways, else at the ones of the grant before. */
  #likely: string[] | undefined;
  #warmLink: GatewayLink | undefined;
  #warmTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: GatewaysOptions) {
    this.#options = options;
    const { gatewayUrl } = options;
    try {
      this.#likely = gatewayUrl === undefined ? undefined : [gatewayUrl].flat().map(checkGatewayUrl);
    } catch {
      // The call will say so.
    }
  }

  /** Opens the socket before there is a grant, where its gateway is known; unused, it closes after 15 s. */
  warm(): void {
    if (!this.#likely || this.#warmLink || this.#sessions.size > 0) return;
    this.#warmLink = new GatewayLink(this.#likely, this.#options.log);
    this.#warmLink.connect();
    this.#warmTimer = setTimeout(() => this.coolDown(), WARM_LIMIT);
  }

  /** Closes the socket that nobody took. */
  coolDown(): void {
    clearTimeout(this.#warmTimer);
    this.#warmLink?.close();
    this.#warmLink = undefined;
  }

  /**
   * Opens a session for a grant: its socket in this instant, SIP as soon as it is loaded.
   * @throws {SautikitError} where SIP could not be loaded, or nobody wants the session any more
   */
  async open(
    grant: Grant,
    wanting: Wanting,
    onIncoming?: (incoming: IncomingSession) => void,
  ): Promise<GatewaySession> {
    const { source, log, onStateChange } = this.#options;
    const link = this.#takeLink(grant.gatewayUrls);
    link.connect();
    try {
      const sip = await Promise.race([loadSip(), wanting.finished.then(() => undefined)]);
      if (!sip || !wanting.live) throw new SautikitError('connection-lost');
      const session: GatewaySession = new GatewaySession({
        id: wanting.id,
        sip,
        grant,
        link,
        source,
        log,
        onIncoming,
        onStateChange: (state) => onStateChange(session, state),
      });
      this.#sessions.add(session);
      session.start();
      return session;
    } catch (error) {
      link.close();
      throw error;
    }
  }

  async close(session: GatewaySession): Promise<void> {
    this.#sessions.delete(session);
    await session.close();
  }

  /** Ends every connection but this one. */
  async closeAllBut(kept: GatewaySession | undefined): Promise<void> {
    this.coolDown();
    await Promise.all([...this.#sessions].filter((session) => session !== kept).map((session) => this.close(session)));
  }

  /** Ends every connection in this instant, for a page that goes away. */
  closeNow(): void {
    this.coolDown();
    for (const session of this.#sessions) session.closeNow();
    this.#sessions.clear();
  }

  #takeLink(urls: string[]): GatewayLink {
    this.#likely = urls;
    const warm = this.#warmLink;
    this.#warmLink = undefined;
    clearTimeout(this.#warmTimer);
    if (warm?.serves(urls)) return warm;
    warm?.close();
    return new GatewayLink(urls, this.#options.log);
  }
}

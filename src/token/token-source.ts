import { asSautikitError, SautikitError } from '../errors.js';
import { silent, type Log } from '../log.js';
import { parseGrant, type Grant } from './token-grant.js';
import { requestToken, type TokenEndpoint, type TokenRequest } from './token-request.js';

/** How long a token endpoint or provider may take, in milliseconds. */
export const TOKEN_TIMEOUT = 10_000;
/** A grant that is needed on is renewed this long before its end, in milliseconds. */
export const REFRESH_EARLY = 60_000;
/** First and longest pause between failed renewals, in milliseconds; the pause doubles, and half of it is random. */
const BACKOFF = { first: 1_000, longest: 30_000 } as const;

/** A function of the page that fetches the grant itself; it returns what the endpoint would answer. */
export type TokenProvider = (request: TokenRequest) => Promise<unknown>;

export interface TokenSourceOptions {
  /** The endpoint, or a function that stands in for it. */
  from: TokenEndpoint | TokenProvider;
  /** What each request carries. */
  request?: Pick<TokenRequest, 'line' | 'context'>;
  /** The attribute `gateway-url`, for grants that name no gateway. */
  gatewayUrl?: string | string[] | undefined;
  /** Told of every grant that was received, with the moment of its end. */
  onTokenRefresh?: ((expiresAt: Date) => void) | undefined;
  log?: Log;
}

interface Held {
  grant: Grant;
  /** On the monotonic clock, in milliseconds. */
  expires: number;
  spent: boolean;
}

/**
 * Where grants come from: fetched once for many callers, kept in memory only, renewed early for as long as somebody
 * needs them. A grant is good for one call, so `take()` never gives the same grant to two calls.
 */
export class TokenSource {
  readonly #options: TokenSourceOptions;
  readonly #log: Log;
  #held: Held | undefined;
  #pending: Promise<Grant> | undefined;
  #abort = new AbortController();
  #keepers = new Set<(grant: Grant) => void>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #failures = 0;

  constructor(options: TokenSourceOptions) {
    this.#options = options;
    this.#log = options.log ?? silent;
  }

  /** A grant that is good for a new call: the one at hand where it is fresh and unspent, else a new one. */
  take(): Promise<Grant> {
    const held = this.#held;
    if (held && !held.spent && this.#timeLeft(held) > Math.min(REFRESH_EARLY, held.grant.lifetime * 500)) {
      return Promise.resolve(held.grant);
    }
    return this.#fetch({});
  }

  /** Says that a grant went into a call and must not be given out again. */
  spend(grant: Grant): void {
    if (this.#held?.grant === grant) this.#held.spent = true;
  }

  /** Says that the gateway did not take a grant; the next one is fetched. */
  discard(grant: Grant): void {
    if (this.#held?.grant === grant) this.#held = undefined;
  }

  /**
   * Renews the grant 60 s before its end until the returned function is called.
   * @param onRenewed told of each renewed grant
   */
  keepFresh(onRenewed: (grant: Grant) => void): () => void {
    this.#keepers.add(onRenewed);
    this.#schedule();
    return () => {
      this.#keepers.delete(onRenewed);
      if (this.#keepers.size === 0) clearTimeout(this.#timer);
    };
  }

  /** Renews now, for instance since the gateway answered 401, or since fresh ICE servers are needed. */
  renew(): Promise<Grant> {
    const held = this.#held;
    const token = held?.grant.credential.kind === 'bearer' ? held.grant.credential.token : undefined;
    return this.#fetch(token === undefined ? {} : { renew: token });
  }

  /** Forgets every secret and ends what is under way. The source can be used again afterwards. */
  close(): void {
    this.#abort.abort();
    this.#abort = new AbortController();
    this.#held = this.#pending = undefined;
    this.#keepers.clear();
    clearTimeout(this.#timer);
  }

  #timeLeft(held: Held): number {
    return held.expires - performance.now();
  }

  /** Many callers, one request. */
  #fetch(extra: Pick<TokenRequest, 'renew'>): Promise<Grant> {
    this.#pending ??= this.#request(extra).finally(() => (this.#pending = undefined));
    return this.#pending;
  }

  async #request(extra: Pick<TokenRequest, 'renew'>): Promise<Grant> {
    const source = this.#abort;
    const { from, request, gatewayUrl, onTokenRefresh } = this.#options;
    const json = await this.#ask(from, { ...request, ...extra }, source.signal);
    // Counted from receipt: the answer's way here is not worth the risk of trusting a phone's clock.
    const grant = parseGrant(json, gatewayUrl);
    if (source.signal.aborted) throw new SautikitError('token-unreachable');
    const held = { grant, expires: performance.now() + grant.lifetime * 1000, spent: extra.renew !== undefined };
    this.#held = held;
    this.#failures = 0;
    this.#log(`grant received, good for ${Math.round(grant.lifetime)} s`);
    this.#schedule();
    onTokenRefresh?.(new Date(Date.now() + grant.lifetime * 1000));
    return grant;
  }

  /** One request under the time limit: an endpoint or provider that hangs ends here. */
  async #ask(from: TokenEndpoint | TokenProvider, request: TokenRequest, closed: AbortSignal): Promise<unknown> {
    const abort = new AbortController();
    const ended = new Promise<never>((_, reject) => {
      abort.signal.addEventListener('abort', () => reject(new SautikitError('token-unreachable')));
    });
    const end = () => abort.abort();
    const timer = setTimeout(end, TOKEN_TIMEOUT);
    closed.addEventListener('abort', end);
    try {
      const answer = typeof from === 'function' ? from(request) : requestToken(from, request, abort.signal);
      return await Promise.race([answer, ended]);
    } catch (error) {
      throw asSautikitError(error, 'token-unreachable');
    } finally {
      clearTimeout(timer);
      closed.removeEventListener('abort', end);
    }
  }

  #schedule(delay?: number): void {
    clearTimeout(this.#timer);
    const held = this.#held;
    if (this.#keepers.size === 0 || !held) return;
    // A grant shorter than two minutes is renewed at half of its life.
    const early = Math.min(REFRESH_EARLY, held.grant.lifetime * 500);
    this.#timer = setTimeout(() => void this.#refresh(), delay ?? Math.max(0, this.#timeLeft(held) - early));
  }

  async #refresh(): Promise<void> {
    try {
      const grant = await this.renew();
      for (const keeper of [...this.#keepers]) keeper(grant);
    } catch (error) {
      const { code, retryAfter } = asSautikitError(error);
      const pause = Math.min(BACKOFF.first * 2 ** this.#failures++, BACKOFF.longest);
      const delay = retryAfter ? retryAfter * 1000 : pause / 2 + (Math.random() * pause) / 2;
      this.#log(`renewal failed (${code}), again in ${Math.round(delay)} ms`);
      this.#schedule(delay);
    }
  }
}

import { asSautikitError, SautikitError } from '../errors.js';
import { silent, type Log } from '../log.js';
import { earliness, GrantKeeper, type TimedGrant } from './grant-keeper.js';
import { answerTo, challengeIn, ChallengeRequired, type SolveChallenge } from './token-challenge.js';
import { parseGrant, type Grant } from './token-grant.js';
import { requestToken, type TokenEndpoint, type TokenRequest } from './token-request.js';

/** How long a token endpoint or provider may take, in milliseconds. */
export const TOKEN_TIMEOUT = 10_000;

/**
 * A function of the page that fetches the grant itself; it returns what the endpoint would answer, also where that is
 * `challenge-required` with a challenge: then it is asked once more, with the answer in `challenge`.
 */
export type TokenProvider = (request: TokenRequest) => Promise<unknown>;

export interface TokenSourceOptions {
  /** The endpoint, or a function that stands in for it. */
  from: TokenEndpoint | TokenProvider;
  /** What each request carries. */
  request?: Pick<TokenRequest, 'line' | 'context'>;
  /** The attribute `gateway-url`, for grants that name no gateway. */
  gatewayUrl?: string | string[] | undefined;
  /** Solves challenges that are no proof of work. */
  solveChallenge?: SolveChallenge | undefined;
  /** Told of every grant that was received, with the moment of its end. */
  onTokenRefresh?: ((expiresAt: Date) => void) | undefined;
  log?: Log;
}

interface Held extends TimedGrant {
  /** The id that it was asked for with; its renewals carry the same. */
  readonly correlationId: string | undefined;
  /** Good for no new call any more, or never was. */
  spent: boolean;
  /** The renewal that is under way: many callers, one request. */
  renewing?: Promise<Held> | undefined;
}

/**
 * Where grants come from: fetched once for many callers, kept in memory only, renewed early for as long as somebody
 * needs them. A grant is good for one call, and a renewal belongs to the grant that it renews; so a grant that `spend()`
 * has named, or that came of a renewal, is never given out for a new call.
 */
export class TokenSource {
  readonly #options: TokenSourceOptions;
  readonly #log: Log;
  readonly #held = new WeakMap<Grant, Held>();
  readonly #keepers = new Set<GrantKeeper>();
  /** The newest grant. */
  #newest: Held | undefined;
  #fetching: Promise<Held> | undefined;
  #abort = new AbortController();

  constructor(options: TokenSourceOptions) {
    this.#options = options;
    this.#log = options.log ?? silent;
  }

  /**
   * A grant for a new call: the one at hand where it is fresh and unspent, else a new one.
   * @param correlationId id of the call, for the server's log
   */
  async take(correlationId?: string): Promise<Grant> {
    const held = this.#newest;
    const fresh = held && !held.spent && held.expires - performance.now() > earliness(held.grant);
    return (fresh ? held : await this.#fetch(correlationId)).grant;
  }

  /** Says that a grant went into a call and must not be given out again. */
  spend(grant: Grant): void {
    const held = this.#held.get(grant);
    if (held) held.spent = true;
  }

  /** True of a grant whose end has come. */
  hasEnded(grant: Grant): boolean {
    return (this.#held.get(grant)?.expires ?? Infinity) <= performance.now();
  }

  /** Says that the gateway did not take a grant; the next one is fetched. */
  discard(grant: Grant): void {
    if (this.#newest?.grant === grant) this.#newest = undefined;
  }

  /**
   * Renews a grant 60 s before its end, and what came of that, until the returned function is called.
   * @param onRenewed told of each renewed grant
   * @param grant by default the newest, or the next where there is none yet
   */
  keepFresh(onRenewed: (grant: Grant) => void, grant = this.#newest?.grant): () => void {
    const keeper = new GrantKeeper((kept) => this.#renew(this.#held.get(kept)!), onRenewed, this.#log);
    this.#keepers.add(keeper);
    const held = grant && this.#held.get(grant);
    if (held) keeper.keep(held);
    return () => {
      keeper.stop();
      this.#keepers.delete(keeper);
    };
  }

  /**
   * Renews a grant now, for instance since the gateway answered 401, or since fresh ICE servers are needed.
   * @param grant by default the newest
   */
  async renew(grant = this.#newest?.grant): Promise<Grant> {
    const held = grant && this.#held.get(grant);
    return (await (held ? this.#renew(held) : this.#fetch())).grant;
  }

  /** Forgets every secret and ends what is under way. The source can be used again afterwards. */
  close(): void {
    this.#abort.abort();
    this.#abort = new AbortController();
    this.#newest = this.#fetching = undefined;
    for (const keeper of this.#keepers) keeper.stop();
    this.#keepers.clear();
  }

  /** Many callers, one request. */
  #fetch(correlationId?: string): Promise<Held> {
    if (this.#fetching) return this.#fetching;
    const fetching = this.#request({}, correlationId).then((held) => {
      this.#newest = held;
      for (const keeper of this.#keepers) if (!keeper.grant) keeper.keep(held);
      return held;
    });
    this.#fetching = fetching;
    const settled = () => {
      if (this.#fetching === fetching) this.#fetching = undefined;
    };
    fetching.then(settled, settled);
    return fetching;
  }

  #renew(old: Held): Promise<Held> {
    if (old.renewing) return old.renewing;
    const { correlationId, grant } = old;
    const renew = grant.credential.kind === 'bearer' ? { renew: grant.credential.token } : {};
    const renewing = this.#request(renew, correlationId).then((held) => {
      if (this.#newest === old) this.#newest = held;
      for (const keeper of this.#keepers) if (keeper.grant === old.grant) keeper.keep(held);
      return held;
    });
    old.renewing = renewing;
    const settled = () => (old.renewing = undefined);
    renewing.then(settled, settled);
    return renewing;
  }

  async #request(extra: Pick<TokenRequest, 'renew'>, correlationId: string | undefined): Promise<Held> {
    const { signal } = this.#abort;
    const { request, gatewayUrl, onTokenRefresh } = this.#options;
    const asked = { ...request, ...extra, ...(correlationId !== undefined && { correlation_id: correlationId }) };
    const json = await this.#answer(asked, signal);
    // Counted from receipt: the answer's way here is not worth the risk of trusting a phone's clock.
    const grant = readGrant(json, gatewayUrl);
    if (signal.aborted) throw new SautikitError('token-unreachable');
    const expires = performance.now() + grant.lifetime * 1000;
    const held = { grant, expires, spent: extra.renew !== undefined, correlationId };
    this.#held.set(grant, held);
    this.#log(`grant received, good for ${Math.round(grant.lifetime)} s`);
    try {
      onTokenRefresh?.(new Date(Date.now() + grant.lifetime * 1000));
    } catch (error) {
      // The page's own fault; its call goes on.
      reportError(error);
    }
    return held;
  }

  /** What is answered, if need be to a solved challenge; whoever is challenged again after that is not wanted. */
  async #answer(request: TokenRequest, closed: AbortSignal): Promise<unknown> {
    try {
      return await this.#ask(request, closed);
    } catch (error) {
      if (!(error instanceof ChallengeRequired)) throw error;
      this.#log('a human check is asked for');
      const challenge = await answerTo(error.challenge, this.#options.solveChallenge, closed);
      return await this.#ask({ ...request, challenge }, closed).catch((again: unknown) => {
        throw again instanceof ChallengeRequired ? new SautikitError('challenge-required') : again;
      });
    }
  }

  /** One request under the time limit: an endpoint or provider that hangs ends here. */
  async #ask(request: TokenRequest, closed: AbortSignal): Promise<unknown> {
    const { from } = this.#options;
    const abort = new AbortController();
    const ended = new Promise<never>((_, reject) => {
      abort.signal.addEventListener('abort', () => reject(new SautikitError('token-unreachable')));
    });
    const end = () => abort.abort();
    const timer = setTimeout(end, TOKEN_TIMEOUT);
    closed.addEventListener('abort', end);
    try {
      const answer = typeof from === 'function' ? from(request) : requestToken(from, request, abort.signal);
      const json = await Promise.race([answer, ended]);
      const challenge = challengeIn(json);
      if (challenge) throw new ChallengeRequired(challenge);
      return json;
    } catch (error) {
      throw asSautikitError(error, 'token-unreachable');
    } finally {
      clearTimeout(timer);
      closed.removeEventListener('abort', end);
    }
  }
}

/** What a page's own function gives may throw when it is looked at: a proxy, or an object with getters. */
function readGrant(json: unknown, gatewayUrl: string | string[] | undefined): Grant {
  try {
    return parseGrant(json, gatewayUrl);
  } catch (error) {
    throw asSautikitError(error, 'token-malformed');
  }
}

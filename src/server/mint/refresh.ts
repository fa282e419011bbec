import { sha256Hex } from '../secrets.js';
import { MintFailure } from './mint-failure.js';
import type { MintProvider, MintRequest } from './mint-provider.js';
import { RefreshToken, type RefreshTokenOptions } from './refresh-token.js';
import { SessionToken } from './session-token.js';
import { checkedUrl, expiryIn, postJson, tokenIn } from './upstream.js';

export interface RefreshProviderOptions extends RefreshTokenOptions {
  /** Where the refresh token is exchanged, by `POST` of JSON `{ refresh_token, … }`. */
  url: string;
  /**
   * Where tokens for browsers are minted with the token that the exchange gives, by `POST` of `{ resource, scopes, … }`.
   * Default: none; every token for a browser is an exchange of its own, one after the other.
   */
  mintUrl?: string;
  /** The whole value of `Authorization` in an exchange, such as `Basic …`, where the server wants one beside the token. */
  authorization?: string;
  /** What a token is for. Default: the subject, an opaque id. */
  resource?: string | ((request: MintRequest) => string);
  /** What its holder may do there. Default: the scopes of the grant. */
  scopes?: readonly string[] | ((request: MintRequest) => readonly string[]);
  /** How long a token for a browser may live at most, in seconds; also asked for, as `expires_in`. Default: 300. */
  lifetime?: number;
  /** How long the server may take, in milliseconds. Default: 5000, half of what a browser waits. */
  timeout?: number;
  /** Asks the server. Default: the global `fetch`. */
  fetch?: typeof fetch;
}

export interface RefreshProvider extends MintProvider {
  /** Exchanges the refresh token now. For a timer of yours, where it would expire in a night without calls. */
  refresh(): Promise<void>;
}

/** Fields that hold a token, as different servers name them. */
const TOKEN_FIELDS = ['token', 'jwt_token', 'access_token'] as const;

/**
 * Has tokens minted by a server that gives them for a refresh token, which stays here. An answer is
 * `{ token | jwt_token | access_token, expires_in | expires_at, refresh_token? }`; a refresh token in it replaces the one
 * before.
 */
export function createRefreshProvider(options: RefreshProviderOptions): RefreshProvider {
  const { authorization, resource, scopes, lifetime = 300, timeout = 5000 } = options;
  const refreshToken = new RefreshToken(options);
  const shared = { timeout, fetch: options.fetch };
  const url = checkedUrl(options.url, 'url').href;
  const mintUrl = options.mintUrl === undefined ? undefined : checkedUrl(options.mintUrl, 'mintUrl').href;

  const exchange = (more: Record<string, unknown> = {}) =>
    refreshToken.exchange((token) => postJson({ ...shared, url, authorization }, { refresh_token: token, ...more }));
  const session = new SessionToken(async () => {
    const answer = await exchange();
    return { token: tokenIn(answer, ...TOKEN_FIELDS), ...expiryIn(answer, LONGEST_SESSION, UNTOLD_SESSION) };
  });

  const wanted = (request: MintRequest): Record<string, unknown> => ({
    resource: typeof resource === 'function' ? resource(request) : (resource ?? request.subject),
    scopes: typeof scopes === 'function' ? scopes(request) : (scopes ?? request.scope),
    expires_in: lifetime,
  });

  const mintWith = async (token: string, request: MintRequest) =>
    await postJson({ ...shared, url: mintUrl!, authorization: `Bearer ${token}` }, wanted(request));

  const mintWithSession = async (request: MintRequest) => {
    const token = await session.get();
    try {
      return await mintWith(token, request);
    } catch (error) {
      if (!(error instanceof MintFailure) || error.reason !== 'unauthorized') throw error;
      // Withdrawn before its time: once more with a new one.
      session.drop(token);
      return await mintWith(await session.get(), request);
    }
  };

  return {
    async mint(request) {
      const answer = mintUrl === undefined ? await exchange(wanted(request)) : await mintWithSession(request);
      const token = tokenIn(answer, ...TOKEN_FIELDS);
      return {
        key: await sha256Hex(token),
        answer: { token },
        ...expiryIn(answer, lifetime, lifetime),
      };
    },
    async refresh() {
      if (mintUrl === undefined) await exchange();
      else await session.renew();
    },
  };
}

/** In seconds: a day. */
const LONGEST_SESSION = 86_400;

/** In seconds, where the server does not say how long its token lives: it is asked again soon. */
const UNTOLD_SESSION = 300;

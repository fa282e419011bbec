import { isSautikitError, SautikitError, type ErrorCode } from '../errors.js';
import { challengeIn, ChallengeRequired } from './token-challenge.js';

/** A grant is a few hundred bytes; whatever is larger than this (bytes) is none. */
const MAX_BODY = 65_536;

/** What is asked of the token endpoint. */
export interface TokenRequest {
  /** Name of what to call. */
  line?: string;
  /** For attribution; at most 1 kB as JSON. */
  context?: Record<string, unknown>;
  /** The current token, where a grant is renewed during a call: the answer carries the same session. */
  renew?: string;
  /** The answer to the challenge that the request before was refused with. */
  challenge?: Record<string, unknown>;
  /** Random id of the call that this is for, for the server's log; the same as the Call-ID of its INVITE. */
  correlation_id?: string;
}

export interface TokenEndpoint {
  url: string;
  /** Fixes the method; otherwise POST, and GET for a backend that knows nothing else. */
  method?: 'POST' | 'GET' | undefined;
  /** Default `same-origin`. */
  credentials?: RequestCredentials | undefined;
}

/** Refusals that a server may name itself; any other word in `error` is judged by the HTTP status alone. */
const NAMED: readonly string[] = [
  'token-denied',
  'line-closed',
  'rate-limited',
  'challenge-required',
  'busy',
  'not-found',
  'server-error',
] satisfies ErrorCode[];

/** Endpoints that answered a POST with a bare 404 or 405; remembered while the page lives. */
const onlyGet = new Set<string>();
/** Endpoints that take no field which they do not know; remembered while the page lives. */
const strict = new Set<string>();

async function readBody(response: Response): Promise<string> {
  const reader = response.body?.getReader();
  // Nothing came, or the page has a fetch of its own that knows no streams.
  if (!reader) return (await response.text()).slice(0, MAX_BODY);
  const decoder = new TextDecoder();
  let body = '';
  for (let size = 0; ;) {
    const { done, value } = await reader.read();
    if (done) return body + decoder.decode();
    size += value.byteLength;
    if (size > MAX_BODY) {
      void reader.cancel().catch(() => {});
      // No grant and no refusal: what is left is a body without meaning.
      return '';
    }
    body += decoder.decode(value, { stream: true });
  }
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function byStatus(status: number): ErrorCode {
  if (status === 429) return 'rate-limited';
  if (status >= 500) return 'token-unreachable';
  if (status === 404) return 'not-found';
  return 'token-denied';
}

function refusal(status: number, json: unknown, attempts: number): SautikitError {
  const { error, retry_after } = (json ?? {}) as { error?: unknown; retry_after?: unknown };
  const code = typeof error === 'string' && NAMED.includes(error) ? (error as ErrorCode) : byStatus(status);
  const known = typeof retry_after === 'number' && retry_after > 0 && Number.isFinite(retry_after);
  return new SautikitError(code, {
    ...(known && { retryAfter: retry_after }),
    // Whoever answers is there, and the network is not to blame.
    ...(status >= 500 && { responsible: 'owner' }),
    tried: { step: 'token', attempts },
  });
}

const hasErrorCode = (json: unknown) => typeof (json as { error?: unknown } | null | undefined)?.error === 'string';

async function send(endpoint: TokenEndpoint, method: 'POST' | 'GET', request: TokenRequest, signal: AbortSignal) {
  const url = new URL(endpoint.url, document.baseURI);
  if (method === 'GET' && request.line !== undefined) url.searchParams.set('line', request.line);
  const response = await fetch(url, {
    method,
    headers: { Accept: 'application/json', ...(method === 'POST' && { 'Content-Type': 'application/json' }) },
    ...(method === 'POST' && { body: JSON.stringify(request) }),
    cache: 'no-store',
    credentials: endpoint.credentials ?? 'same-origin',
    signal,
  });
  return { method, status: response.status, ok: response.ok, json: parseJson(await readBody(response)) };
}

/**
 * Asks a token endpoint once; a backend that only knows GET once more, and one that refuses every field which it does not
 * know once more without our `correlation_id`.
 *
 * @returns the parsed body of a 2xx answer, not yet validated
 * @throws {SautikitError} `token-unreachable`, `token-malformed`, or what the endpoint refused with; a challenge comes along
 *   only where it can be answered, in the body of a POST
 */
export async function requestToken(endpoint: TokenEndpoint, request: TokenRequest, signal: AbortSignal) {
  const key = new URL(endpoint.url, document.baseURI).href;
  const first = endpoint.method ?? (onlyGet.has(key) ? 'GET' : 'POST');
  const { correlation_id: _id, ...plain } = request;
  let attempts = 0;
  const ask = (method: 'POST' | 'GET') => {
    attempts++;
    return send(endpoint, method, strict.has(key) ? plain : request, signal);
  };
  try {
    let answer = await ask(first);
    if (
      (answer.status === 400 || answer.status === 422) &&
      first === 'POST' &&
      request.correlation_id &&
      !strict.has(key)
    ) {
      strict.add(key);
      answer = await ask('POST');
      if (!answer.ok) strict.delete(key);
    }
    const bare = (answer.status === 404 || answer.status === 405) && !hasErrorCode(answer.json);
    if (bare && first === 'POST' && !endpoint.method) {
      answer = await ask('GET');
      if (answer.ok) onlyGet.add(key);
    }
    if (!answer.ok) {
      const challenge = challengeIn(answer.json);
      throw challenge && answer.method === 'POST'
        ? new ChallengeRequired(challenge)
        : refusal(answer.status, answer.json, attempts);
    }
    if (answer.json === undefined) throw new SautikitError('token-malformed', { field: 'body' });
    return answer.json;
  } catch (error) {
    if (isSautikitError(error)) throw error;
    throw new SautikitError(navigator.onLine === false ? 'offline' : 'token-unreachable', {
      tried: { step: 'token', attempts },
    });
  }
}

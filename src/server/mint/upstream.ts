import { MintFailure } from './mint-failure.js';

/** In bytes. A token and its dates are a few hundred. */
const ANSWER_LIMIT = 65_536;

/** No token is longer than what a browser accepts, in characters. */
const TOKEN_LIMIT = 8192;

export interface UpstreamOptions {
  url: string;
  /** The whole value of the header `Authorization`. */
  authorization?: string | undefined;
  /** How long the answer may take, in milliseconds. */
  timeout: number;
  /** Default: the global `fetch`. */
  fetch?: typeof fetch | undefined;
}

/**
 * Posts JSON to the server that makes the credentials, and reads its JSON object.
 * @throws {MintFailure} for every other answer, and for none. What the server wrote is passed on to nobody, because it
 * may repeat what it was sent.
 */
export async function postJson(options: UpstreamOptions, body: Record<string, unknown>): Promise<UpstreamAnswer> {
  const { url, authorization, timeout, fetch: ask = globalThis.fetch } = options;
  const signal = AbortSignal.timeout(timeout);
  let response: Response;
  let text: string;
  try {
    response = await ask(url, {
      method: 'POST',
      headers: {
        Accept: 'application/json',
        'Content-Type': 'application/json',
        ...(authorization !== undefined && { Authorization: authorization }),
      },
      body: JSON.stringify(body),
      // A redirect would carry the key to wherever it points. Not 'error', which some runtimes of workers do not know.
      redirect: 'manual',
      signal,
    });
    text = await readLimited(response);
  } catch (error) {
    if (error instanceof MintFailure) throw error;
    // The error of fetch can hold the address and headers.
    throw new MintFailure(signal.aborted ? 'timeout' : 'unreachable');
  }
  const { status } = response;
  const json = parseObject(text);
  if (status === 401 || status === 403) throw new MintFailure('unauthorized', status);
  if (status === 429) throw new MintFailure('rate-limited', status, retryAfter(response, json));
  if (!response.ok) throw new MintFailure('failed', status);
  if (!json) throw new MintFailure('malformed', status);
  return json;
}

/** A JSON object that came from outside. */
export type UpstreamAnswer = Record<string, unknown>;

/** The first of these fields that holds a token. */
export function tokenIn(answer: UpstreamAnswer, ...fields: string[]): string {
  const token = fields.map((field) => answer[field]).find((value) => value !== undefined && value !== null);
  const fits = typeof token === 'string' && token.length <= TOKEN_LIMIT && /^[A-Za-z0-9\-._~+/]+=*$/.test(token);
  if (!fits) throw new MintFailure('malformed');
  return token;
}

/**
 * When a credential expires by `expires_in` (seconds) or `expires_at` (RFC 3339).
 * @param longest In seconds: by a clock that is wrong it could be anything.
 * @param untold In seconds: how long it lives where the answer says nothing. Default: such an answer is malformed.
 */
export function expiryIn(
  { expires_in: given, expires_at: at }: UpstreamAnswer,
  longest: number,
  untold?: number,
): { expiresAt: Date; expiresIn: number } {
  const silent = given == null && at == null;
  const told = typeof given === 'number' ? given : (timeOf(at) - Date.now()) / 1000;
  const left = silent && untold !== undefined ? untold : told;
  const expiresIn = Math.min(Math.floor(left), longest);
  // The comparison is false for NaN, too.
  if (!(expiresIn > 0)) throw new MintFailure('malformed');
  return { expiresAt: new Date(Date.now() + expiresIn * 1000), expiresIn };
}

const RFC3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/i;

function timeOf(value: unknown): number {
  return typeof value === 'string' && RFC3339.test(value) ? Date.parse(value.toUpperCase()) : NaN;
}

function retryAfter(response: Response, json: UpstreamAnswer | undefined): number | undefined {
  const seconds = Number(json?.retry_after ?? response.headers.get('Retry-After') ?? NaN);
  return Number.isFinite(seconds) && seconds > 0 ? Math.ceil(seconds) : undefined;
}

function parseObject(text: string): UpstreamAnswer | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as UpstreamAnswer) : undefined;
  } catch {
    return undefined;
  }
}

async function readLimited(response: Response): Promise<string> {
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  let text = '';
  for (let size = 0; reader;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.byteLength;
    if (size > ANSWER_LIMIT) {
      await reader.cancel();
      throw new MintFailure('malformed', response.status);
    }
    text += decoder.decode(value, { stream: true });
  }
  return text + decoder.decode();
}

/** A URL that a key may be sent to. */
export function checkedUrl(text: string, name: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const local = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(url?.hostname ?? '');
  const secure = url?.protocol === 'https:' || (url?.protocol === 'http:' && local);
  if (!url || !secure || url.username || url.password || url.search || url.hash) {
    throw new TypeError(`${name} is not an https:// address`);
  }
  return url;
}

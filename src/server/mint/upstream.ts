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
  fetch: typeof fetch;
}

/**
 * Posts JSON to the server that makes the credentials, and reads its JSON object.
 * @throws {MintFailure} for every other answer, and for none. What the server wrote is passed on to nobody, because it
 * may repeat what it was sent.
 */
export async function postJson(options: UpstreamOptions, body: Record<string, unknown>): Promise<Answer> {
  const { url, authorization, timeout } = options;
  const signal = AbortSignal.timeout(timeout);
  let response: Response;
  let text: string;
  try {
    response = await options.fetch(url, {
      method: 'POST',
      headers: {
        Accept: 'application/json',
        'Content-Type': 'application/json',
        ...(authorization !== undefined && { Authorization: authorization }),
      },
      body: JSON.stringify(body),
      // A redirect would carry the key to wherever it points.
      redirect: 'error',
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

export type Answer = Record<string, unknown>;

/** The first of these fields that holds a token. */
export function tokenIn(answer: Answer, ...fields: string[]): string {
  const token = fields.map((field) => answer[field]).find((value) => value !== undefined && value !== null);
  const fits = typeof token === 'string' && token.length <= TOKEN_LIMIT && /^[A-Za-z0-9\-._~+/]+=*$/.test(token);
  if (!fits) throw new MintFailure('malformed');
  return token;
}

/**
 * When a credential expires by `expires_in` (seconds) or `expires_at` (RFC 3339).
 * @param longest In seconds: by a clock that is wrong it could be anything.
 */
export function expiryIn(answer: Answer, longest: number): { expiresAt: Date; expiresIn: number } {
  const { expires_in: given, expires_at: at } = answer;
  const left = typeof given === 'number' ? given : (timeOf(at) - Date.now()) / 1000;
  const expiresIn = Math.min(Math.floor(left), longest);
  // The comparison is false for NaN, too.
  if (!(expiresIn > 0)) throw new MintFailure('malformed');
  return { expiresAt: new Date(Date.now() + expiresIn * 1000), expiresIn };
}

const RFC3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/i;

function timeOf(value: unknown): number {
  return typeof value === 'string' && RFC3339.test(value) ? Date.parse(value.toUpperCase()) : NaN;
}

function retryAfter(response: Response, json: Answer | undefined): number | undefined {
  const seconds = Number(json?.retry_after ?? response.headers.get('Retry-After') ?? NaN);
  return Number.isFinite(seconds) && seconds > 0 ? Math.ceil(seconds) : undefined;
}

function parseObject(text: string): Answer | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Answer) : undefined;
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

/** The errors of the token endpoint and of the hooks; a reader of the answer needs nothing but this code. */
export type ServerErrorCode =
  | 'bad-request'
  | 'busy'
  | 'challenge-required'
  | 'line-closed'
  | 'method-not-allowed'
  | 'mint-failed'
  | 'not-found'
  | 'rate-limited'
  | 'server-error'
  | 'token-denied'
  | 'token-unknown'
  | 'unauthorized';

/** A refusal, thrown where it is decided and turned into an answer at the door. Its message is nothing but the code. */
export class Refusal extends Error {
  override readonly name = 'Refusal';

  constructor(
    /** HTTP status. */
    readonly status: number,
    readonly code: ServerErrorCode,
    /** In seconds: when to try again. */
    readonly retryAfter?: number,
    /** What else the answer says, such as a challenge. */
    readonly details: Readonly<Record<string, unknown>> = {},
  ) {
    super(code);
  }
}

/**
 * What a handler answers, before it is a `Response`. To make one costs more than to mint a token does, and `node:http`
 * has no use for it.
 */
export interface Answer {
  /** HTTP status. */
  status: number;
  headers: Record<string, string>;
  body: string | null;
  /** Not sent, but for metrics and logs: the code of a refusal, or in one word what was granted. */
  outcome?: string;
  /** Not sent, but for metrics and logs: the line that was asked for, if there is such a line. */
  line?: string;
  /** Not sent, but for logs: the id by which the page knows the call; see `correlationIdOf`. */
  correlationId?: string;
}

/** A handler in the words of the Web, with the same answers in plain words for who needs no `Response`. */
export interface Handler {
  (request: Request): Promise<Response>;
  /** Never rejects. */
  answer(request: Request): Promise<Answer>;
}

/** @param answer Must never reject. */
export function handlerOf(answer: (request: Request) => Promise<Answer>): Handler {
  const handler = async (request: Request): Promise<Response> => {
    const { status, headers, body } = await answer(request);
    return new Response(body, { status, headers });
  };
  return Object.assign(handler, { answer });
}

/** A JSON answer that no cache may keep. */
export function json(status: number, body: unknown, headers: Record<string, string> = {}): Answer {
  return {
    status,
    headers: { 'Content-Type': 'application/json', 'Cache-Control': 'no-store', ...headers },
    body: JSON.stringify(body),
  };
}

/** An answer without a body. */
export function noContent(headers: Record<string, string> = {}): Answer {
  return { status: 204, headers: { 'Cache-Control': 'no-store', ...headers }, body: null };
}

/** The answer to anything that was thrown: a refusal as it is, everything else without any detail. */
export function refusalAnswer(error: unknown, headers: Record<string, string> = {}): Answer {
  const refusal = error instanceof Refusal ? error : new Refusal(500, 'server-error');
  const { status, code, retryAfter, details } = refusal;
  // In the body too, because a page of another origin cannot read Retry-After.
  const answer =
    retryAfter === undefined
      ? json(status, { error: code, ...details }, headers)
      : json(
          status,
          { error: code, retry_after: retryAfter, ...details },
          { 'Retry-After': String(retryAfter), ...headers },
        );
  return { ...answer, outcome: code };
}

/**
 * Reads a JSON object from a request; an empty body is an empty object.
 * @param limit In bytes; what is longer is refused as soon as that is known, without reading the rest.
 */
export async function readJsonObject(request: Request, limit: number): Promise<Record<string, unknown>> {
  const text = await readText(request, limit);
  if (text.trim() === '') return {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Refusal(400, 'bad-request');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Refusal(400, 'bad-request');
  return value as Record<string, unknown>;
}

async function readText(request: Request, limit: number): Promise<string> {
  const declared = request.headers.get('Content-Length');
  if (Number(declared ?? 0) > limit) throw new Refusal(413, 'bad-request');
  // No server reads more than was declared, so that this cannot grow.
  if (declared !== null) return withinLimit(await request.text().catch(brokenOff), limit);
  if (!request.body) return '';
  const decoder = new TextDecoder();
  const reader = request.body.getReader();
  let text = '';
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read().catch(brokenOff);
    if (done) return text + decoder.decode();
    size += value.byteLength;
    if (size > limit) {
      await reader.cancel().catch(() => undefined);
      throw new Refusal(413, 'bad-request');
    }
    text += decoder.decode(value, { stream: true });
  }
}

/** Whoever goes away before he has said everything is no fault of ours, and nothing for the owner's log. */
function brokenOff(): never {
  throw new Refusal(400, 'bad-request');
}

/** Whoever made the request without a server may have declared less than there is. */
function withinLimit(text: string, limit: number): string {
  if (text.length > limit) throw new Refusal(413, 'bad-request');
  return text;
}

/** A field that is a string of at most `limit` characters, or absent; anything else is a bad request. */
export function optionalString(body: Record<string, unknown>, field: string, limit = 1024): string | undefined {
  const value = body[field];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string' || value.length > limit) throw new Refusal(400, 'bad-request');
  return value;
}

/** A field that must be a string with something in it. */
export function requiredString(body: Record<string, unknown>, field: string, limit = 1024): string {
  const value = optionalString(body, field, limit);
  if (!value) throw new Refusal(400, 'bad-request');
  return value;
}

import { createHash, createHmac } from 'node:crypto';

/** Ways to spoil a right endpoint, for the tests of the grader. */
export type Handler = (request: Request) => Promise<Response>;
export type Json = Record<string, unknown>;

/** The page that may call. */
export const shop = 'https://shop.example';
/** How many requests the limits below let through. */
export const LIMIT = 60;

/** Changes what a grant says. */
export const grants =
  (change: (grant: Json) => Json) =>
  (right: Handler): Handler =>
  async (request) => {
    const response = await right(request);
    const json = response.status === 200 ? ((await response.clone().json()) as Json) : {};
    return 'token' in json ? new Response(JSON.stringify(change(json)), { headers: response.headers }) : response;
  };

/** Changes answers as a whole. */
export const answers =
  (change: (response: Response, request: Request) => Response | Promise<Response>) =>
  (right: Handler): Handler =>
  async (request) =>
    await change(await right(request), request);

/** Changes the headers of those answers that `of` names. */
export const headers = (change: (headers: Headers) => void, of: (response: Response) => boolean = () => true) =>
  answers((response) => {
    const changed = new Headers(response.headers);
    if (of(response)) change(changed);
    return new Response(response.body, { status: response.status, headers: changed });
  });

/** Lets pages in that are not allowed to, where `careless` takes their origin for the allowed one. */
export const letsIn =
  (careless: (origin: string) => boolean, readable = true) =>
  (right: Handler): Handler =>
  async (request) => {
    const origin = request.headers.get('Origin');
    if (origin === shop || !careless(origin ?? '')) return await right(request);
    const changed = new Headers(request.headers);
    changed.set('Origin', shop);
    const response = await right(new Request(request, { headers: changed }));
    const out = new Headers(response.headers);
    if (origin !== null && readable) out.set('Access-Control-Allow-Origin', origin);
    return new Response(response.body, { status: response.status, headers: out });
  };

/** Answers requests of the allowed page whose body holds `words` as if they asked for the line that there is. */
export const takesForAWish =
  (words: RegExp) =>
  (right: Handler): Handler =>
  async (request) => {
    const asked = request.method === 'POST' ? await request.clone().text() : '';
    if (!words.test(asked)) return await right(request);
    const body = JSON.stringify({ line: 'sales' });
    return await right(new Request(request.url, { method: 'POST', headers: request.headers, body }));
  };

/** Puts another text in the place of every refusal with this status. */
export const refusals = (status: number, text: string, type = 'application/json', instead = status) =>
  answers((response, request) => {
    if (response.status !== status || request.method === 'OPTIONS') return response;
    const changed = new Headers(response.headers);
    changed.set('Content-Type', type);
    return new Response(text, { status: instead, headers: changed });
  });

/** Signs the claims of a grant anew, with some changed. */
export function signed(grant: Json, more: Json, key = 'a key that nobody else has, of 32 bytes'): string {
  const claims = JSON.parse(Buffer.from(String(grant.token).split('.')[1] ?? '', 'base64url').toString()) as Json;
  const body = [
    { alg: 'HS256', typ: 'JWT' },
    { ...claims, ...more },
  ]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  return `${body}.${createHmac('sha256', key).update(body).digest('base64url')}`;
}

const refuse = (status: number, body: Json): Response =>
  new Response(JSON.stringify(body), {
    status,
    headers: {
      'Content-Type': 'application/json',
      'Cache-Control': 'no-store',
      Vary: 'Origin',
      'Access-Control-Allow-Origin': shop,
    },
  });

/** Answers 429 from the 61st request on. */
export function limited(handler: Handler, keyOf: (request: Request) => string = () => '', body: Json = {}): Handler {
  const counts = new Map<string, number>();
  return async (request) => {
    const count = (counts.get(keyOf(request)) ?? 0) + 1;
    counts.set(keyOf(request), count);
    return count > LIMIT ? refuse(429, { error: 'rate-limited', retry_after: 60, ...body }) : await handler(request);
  };
}

export interface ChallengeFaults {
  unchecked?: boolean;
  reusable?: boolean;
  unsolvable?: boolean;
  challenge?: Json;
}

/** Asks for a proof of work from the 61st request on. */
export function challenging(handler: Handler, faults: ChallengeFaults = {}): Handler {
  let count = 0;
  const open = new Map<string, number>();
  return async (request) => {
    if (++count <= LIMIT) return await handler(request);
    const { challenge } = JSON.parse(await request.clone().text()) as { challenge?: { salt: string; number: number } };
    const wanted = open.get(challenge?.salt ?? '');
    const solved = wanted !== undefined && (faults.unchecked || wanted === challenge?.number);
    if (solved && !faults.unsolvable) {
      if (!faults.reusable) open.delete(challenge!.salt);
      return await handler(request);
    }
    const salt = `salt-${count}`;
    const number = (count * 7) % 50;
    open.set(salt, number);
    const proof = createHash('sha256').update(`${salt}${number}`).digest('hex');
    const altcha = { type: 'altcha', algorithm: 'SHA-256', challenge: proof, salt, maxnumber: 50, signature: 'ours' };
    return refuse(403, { error: 'challenge-required', challenge: faults.challenge ?? altcha });
  };
}

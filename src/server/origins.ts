import { Refusal } from './http.js';

/**
 * Lets pages of the right sites in and other sites' pages out, by comparing whole origins. This stops other people's
 * pages, not scripts: what is no browser can say any origin it likes.
 */
export class OriginCheck {
  readonly #allowed: ReadonlySet<string> | undefined;

  /** @param allowed Origins as browsers write them (`https://shop.example`). Undefined: the request's own origin only. */
  constructor(allowed?: readonly string[]) {
    for (const origin of allowed ?? []) {
      // A typing error here, such as a slash at the end, would refuse every caller: better to refuse to start.
      if (originOf(origin) !== origin) throw new TypeError(`allowedOrigins: "${origin}" is not an origin`);
    }
    this.#allowed = allowed && new Set(allowed);
  }

  /** The origin of the page that asks, undefined where a same-origin request has none; throws a refusal for a foreign one. */
  check(request: Request): string | undefined {
    const origin = request.headers.get('Origin');
    if (origin === null) {
      // Browsers leave Origin away on a same-origin GET, and then say this, which no page can forge.
      if (request.headers.get('Sec-Fetch-Site') === 'same-origin') return undefined;
      throw new Refusal(403, 'token-denied');
    }
    const passes = this.#allowed ? this.#allowed.has(origin) : originOf(request.url) === origin;
    if (!passes) throw new Refusal(403, 'token-denied');
    return origin;
  }
}

/** The CORS headers for a page that may read the answer. */
export function corsHeaders(origin: string | undefined): Record<string, string> {
  return origin === undefined
    ? { Vary: 'Origin' }
    : { Vary: 'Origin', 'Access-Control-Allow-Origin': origin, 'Access-Control-Allow-Credentials': 'true' };
}

/** What a preflight asks for, beside {@link corsHeaders}. */
export const preflightHeaders = {
  'Access-Control-Allow-Methods': 'POST, GET',
  'Access-Control-Allow-Headers': 'Accept, Content-Type',
  'Access-Control-Max-Age': '600',
};

function originOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).origin : undefined;
}

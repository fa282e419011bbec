import { request as requestPlainly } from 'node:http';
import { Agent, request as requestSecurely } from 'node:https';
import { Readable } from 'node:stream';
import { rootCertificates } from 'node:tls';

export type Fetch = (request: Request) => Promise<Response>;

/** Statuses whose responses have no body (Fetch standard, "null body status"). */
const WITHOUT_BODY = [204, 205, 304];

/** How long a connection waits for the next question, in milliseconds: less than any server keeps it open. */
const IDLE_LIMIT = 1000;

/** Authorities that are believed: those of Node, and one more where there is one. undefined: those of Node alone. */
export function trusting(authority: string | undefined): string[] | undefined {
  return authority === undefined ? undefined : [...rootCertificates, authority];
}

/**
 * A `fetch` for a command: it sends Origin as it is told, follows no redirect, and believes the authorities that it is
 * given, which Node's own takes from the environment alone.
 */
export function fetchTrusting(ca: string[] | undefined): Fetch {
  // Some fifty questions come one after the other, and a handshake each would cost more than they do.
  const agent = new Agent({ keepAlive: true, timeout: IDLE_LIMIT, ...(ca && { ca }) });
  return async (request) => {
    const body = request.body === null ? undefined : Buffer.from(await request.arrayBuffer());
    const url = new URL(request.url);
    const headers: Record<string, string> = { 'User-Agent': 'sautikit-call-button doctor', ...allOf(request.headers) };
    if (body) headers['Content-Length'] = String(body.length);
    const options = { method: request.method, headers, signal: request.signal };
    return await new Promise<Response>((resolve, reject) => {
      const sent =
        url.protocol === 'https:'
          ? requestSecurely(url, { ...options, agent })
          : requestPlainly(url, { ...options, agent: false });
      sent.on('error', reject);
      sent.on('response', (incoming) => {
        const status = incoming.statusCode ?? 0;
        const received = new Headers();
        for (const [name, values] of Object.entries(incoming.headersDistinct)) {
          for (const value of values ?? []) received.append(name, value);
        }
        if (WITHOUT_BODY.includes(status)) incoming.resume();
        const stream = Readable.toWeb(incoming) as ReadableStream<Uint8Array>;
        try {
          resolve(new Response(WITHOUT_BODY.includes(status) ? null : stream, { status, headers: received }));
        } catch {
          incoming.destroy();
          reject(new Error(`HTTP status ${status}`));
        }
      });
      sent.end(body);
    });
  };
}

function allOf(headers: Headers): Record<string, string> {
  return Object.fromEntries(headers.entries());
}

/** The bytes of an answer. @throws Error where there are more than `limit` of them */
export async function bytesOf(response: Response, limit: number): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let size = 0;
  const reader = response.body?.getReader();
  while (reader) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.byteLength;
    if (size > limit) {
      await reader.cancel();
      throw new Error(`more than ${limit} bytes`);
    }
    parts.push(value);
  }
  return Buffer.concat(parts);
}

/** Why a connection or an answer did not come to be, in words. */
export function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // A name with several addresses fails once for each of them.
  const inner = error instanceof AggregateError ? (error.errors[0] as Error | undefined) : error;
  const { code } = (inner ?? error) as NodeJS.ErrnoException;
  if (error.name === 'TimeoutError' || error.name === 'AbortError') return 'no answer in time';
  return (code !== undefined && WORDS[code]) || code || (inner ?? error).message || error.name;
}

const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection is refused',
  ECONNRESET: 'the connection is cut',
  ENOTFOUND: 'the name is unknown',
  EAI_AGAIN: 'the name cannot be looked up',
  ETIMEDOUT: 'no answer in time',
  EHOSTUNREACH: 'there is no way to the address',
  ENETUNREACH: 'there is no way to the address',
  CERT_HAS_EXPIRED: 'the certificate has expired',
  CERT_NOT_YET_VALID: 'the certificate is not valid yet',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'the certificate is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'the certificate is from an authority that nobody knows',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'the authority behind the certificate is unknown',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'the certificate comes without the one that signed it',
  ERR_TLS_CERT_ALTNAME_INVALID: 'the certificate is for another name',
};

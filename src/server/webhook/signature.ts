import type { WebhookEvent } from './event.js';

/** The header that proves where a webhook comes from: `t=<seconds since 1970>,v1=<HMAC-SHA256 of "<t>.<body>", hex>`. */
export const SIGNATURE_HEADER = 'Sautikit-Signature';

/** What a receiver has got: the request itself, or the value of its header and its body as it came, before any parsing. */
export type SignedRequest = Request | { header: string | null | undefined; body: string };

export interface VerifyWebhookOptions {
  /** How far the sender's clock may be from ours, and so how long a copied request stays good, in seconds. Default: 300. */
  toleranceSeconds?: number;
  /** The clock, in milliseconds since 1970. Default: `Date.now`. */
  now?: () => number;
}

const encoder = new TextEncoder();

/** The key of an HMAC, made once for many signatures. */
export function signingKey(secret: string): Promise<CryptoKey> {
  if (secret === '') throw new TypeError('The secret of the webhook is empty');
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  return globalThis.crypto.subtle.importKey('raw', encoder.encode(secret), algorithm, false, ['sign', 'verify']);
}

/**
 * The value of {@link SIGNATURE_HEADER} for a body.
 * @param time When it is sent, in seconds since 1970.
 */
export async function signatureOf(key: CryptoKey, body: string, time: number): Promise<string> {
  const signature = await globalThis.crypto.subtle.sign('HMAC', key, encoder.encode(`${time}.${body}`));
  const hex = [...new Uint8Array(signature)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return `t=${time},v1=${hex}`;
}

/**
 * For the receiver of webhooks: the event, if the request comes from whoever knows the secret and is fresh, else undefined.
 * The same event may come twice; its `id` tells. Answer with any 2xx, and soon.
 */
export async function verifyWebhook(
  request: SignedRequest,
  secret: string,
  { toleranceSeconds = 300, now = Date.now }: VerifyWebhookOptions = {},
): Promise<WebhookEvent | undefined> {
  const header = 'header' in request ? request.header : request.headers.get(SIGNATURE_HEADER);
  const { time, signatures } = readHeader(header);
  if (time === undefined || Math.abs(now() / 1000 - time) > toleranceSeconds) return undefined;
  const body = 'header' in request ? request.body : await request.text();
  const key = await signingKey(secret);
  const signed = encoder.encode(`${time}.${body}`);
  for (const signature of signatures) {
    // WebCrypto compares in constant time.
    if (!(await globalThis.crypto.subtle.verify('HMAC', key, signature, signed))) continue;
    return JSON.parse(body) as WebhookEvent;
  }
  return undefined;
}

/** How many signatures of one header are tried: more than one only while a secret is being changed. */
const MOST_SIGNATURES = 4;

/** Parts that are not known are skipped, so that a later version can add its own. */
function readHeader(header: string | null | undefined): {
  time: number | undefined;
  signatures: Uint8Array<ArrayBuffer>[];
} {
  const parts = (header ?? '').split(',').map((part) => part.trim());
  const [, time] = parts.map((part) => /^t=([0-9]{1,12})$/.exec(part)).find((found) => found !== null) ?? [];
  const signatures = parts.flatMap((part) => /^v1=([0-9a-f]{64})$/i.exec(part)?.[1] ?? []);
  return {
    time: time === undefined ? undefined : Number(time),
    signatures: signatures.slice(0, MOST_SIGNATURES).map(bytesOf),
  };
}

function bytesOf(hex: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

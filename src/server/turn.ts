import type { IceServer } from './ice-server.js';

export interface TurnCredentialsOptions {
  /** What the TURN server knows too: `static-auth-secret` of coturn. */
  secret: string;
  /** Its addresses, such as `turn:turn.example.com:3478?transport=udp` and `turns:turn.example.com:443?transport=tcp`. */
  urls: string | string[];
  /** How long a credential opens new allocations, in seconds; one that is open goes on. Default: 600. */
  lifetime?: number;
  /** The clock, in milliseconds since 1970. Default: `Date.now`. */
  now?: () => number;
}

/**
 * Makes credentials that a TURN server accepts for a while, without being asked: the user name says until when, and the
 * password proves that we wrote it (coturn's `use-auth-secret`). The session is part of the name, so that quotas count it.
 *
 *     createTokenHandler({ …, iceServers: createTurnCredentials({ secret, urls }) })
 */
export function createTurnCredentials({
  secret,
  urls,
  lifetime = 600,
  now = Date.now,
}: TurnCredentialsOptions): (context: { sid: string }) => Promise<IceServer[]> {
  if (secret === '') throw new TypeError('The secret of the TURN server is empty');
  if (urls.length === 0) throw new TypeError('The TURN server has no address');
  if (!Number.isInteger(lifetime) || lifetime <= 0) throw new TypeError('lifetime is not a whole number of seconds');
  const encoder = new TextEncoder();
  let key: Promise<CryptoKey> | undefined;

  return async ({ sid }) => {
    const { subtle } = globalThis.crypto;
    // SHA-1 is what TURN servers compute; as an HMAC it has no known weakness.
    key ??= subtle.importKey('raw', encoder.encode(secret), { name: 'HMAC', hash: 'SHA-1' }, false, ['sign']);
    const username = `${Math.floor(now() / 1000) + lifetime}:${sid}`;
    const signature = new Uint8Array(await subtle.sign('HMAC', await key, encoder.encode(username)));
    return [{ urls, username, credential: btoa(String.fromCharCode(...signature)) }];
  };
}

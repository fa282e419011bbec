import { decodeProtectedHeader, errors, jwtVerify } from 'jose';
import { randomId, sha256Hex } from '../secrets.js';
import { createHs256 } from './hs256.js';
import type { MintProvider, MintRequest } from './mint-provider.js';

/** A secret of HS256 with a name. */
export interface SigningKey {
  /** Goes into the header of a token as `kid`. Everybody can read it. */
  id: string;
  /** At least 32 bytes (RFC 7518 section 3.2). A string counts as its UTF-8 bytes. */
  key: string | Uint8Array;
}

export interface SignerOptions {
  /**
   * The first signs, all verify. To change keys, put the new one in front, and take the old one away when the last
   * token that it signed is over.
   */
  keys?: readonly SigningKey[];
  /** Instead of `keys`, where there is one key only. */
  key?: string | Uint8Array;
  /** The name of `key`. Default: none, and no `kid` in the header. */
  keyId?: string;
  /** The claim `iss`. Default: `sautikit-sip`. */
  issuer?: string;
  /** How long a token lives, in seconds. Default: 300. */
  lifetime?: number;
}

/** What a token says. Nothing but opaque ids and times, since everybody who holds a JWT can read it. */
export interface TokenClaims {
  iss: string;
  sub: string;
  sid: string;
  jti: string;
  /** Seconds since 1970. */
  iat: number;
  /** Seconds since 1970. */
  exp: number;
}

export interface MintedToken {
  key: string;
  answer: { token: string };
  expiresAt: Date;
  /** Seconds from now until the token expires. */
  expiresIn: number;
}

export interface Signer extends MintProvider {
  mint(request: Pick<MintRequest, 'subject' | 'sid'>): Promise<MintedToken>;
  /** The claims of a token of ours; rejects when it is expired, altered, or anybody else's. */
  verify(token: string): Promise<TokenClaims>;
}

/** Signs tokens with keys of your own (HS256). */
export function createSigner(options: SignerOptions): Signer {
  const { issuer = 'sautikit-sip', lifetime = 300 } = options;
  const keys = secretsOf(options);
  const [signing] = keys as [Secret];
  if (!Number.isInteger(lifetime) || lifetime <= 0) throw new TypeError('lifetime is not a whole number of seconds');

  const sign = createHs256(
    { alg: 'HS256', typ: 'JWT', ...(signing.id !== undefined && { kid: signing.id }) },
    signing.secret,
  );

  return {
    async mint({ subject, sid }) {
      const iat = Math.floor(Date.now() / 1000);
      const exp = iat + lifetime;
      const claims = { sid, iss: issuer, sub: subject, iat, exp, jti: randomId() };
      const token = await sign(claims);
      return { key: await sha256Hex(token), answer: { token }, expiresAt: new Date(exp * 1000), expiresIn: lifetime };
    },

    async verify(token) {
      const { kid } = decodeProtectedHeader(token);
      // A token that names no key may be of any, from before the keys had names.
      const candidates = kid === undefined ? keys : keys.filter(({ id }) => id === kid);
      let failure: unknown = new errors.JWSSignatureVerificationFailed();
      for (const { secret } of candidates) {
        try {
          const { payload } = await jwtVerify<TokenClaims>(token, secret, {
            algorithms: ['HS256'],
            issuer,
            requiredClaims: ['sub', 'sid', 'jti', 'iat', 'exp'],
          });
          return payload;
        } catch (error) {
          failure = error;
        }
      }
      throw failure;
    },
  };
}

interface Secret {
  id: string | undefined;
  secret: Uint8Array;
}

/** The keys as bytes; never empty. Says which one is wrong, and nothing of what is in it. */
function secretsOf({ keys, key, keyId }: SignerOptions): Secret[] {
  if ((keys === undefined) === (key === undefined)) throw new TypeError('A signer takes either keys or key');
  const given = keys ?? [{ id: keyId, key: key! }];
  if (given.length === 0) throw new TypeError('keys is empty');
  const secrets = given.map(({ id, key }, index) => {
    const where = keys === undefined ? 'key' : `keys[${index}].key`;
    const secret = typeof key === 'string' ? new TextEncoder().encode(key) : key;
    if (!(secret.byteLength >= 32)) throw new TypeError(`${where}: the key of a signer needs at least 32 bytes`);
    return { id, secret };
  });
  if (new Set(secrets.map(({ id }) => id)).size < secrets.length) throw new TypeError('keys: two have the same id');
  return secrets;
}

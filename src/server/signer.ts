import { SignJWT, jwtVerify } from 'jose';
import { randomId } from './secrets.js';

export interface SignerOptions {
  /** The secret of HS256, at least 32 bytes (RFC 7518 section 3.2). A string counts as its UTF-8 bytes. */
  key: string | Uint8Array;
  /** Goes into the header as `kid`, so that keys can be told apart when they change. Default: none. */
  keyId?: string;
  /** The claim `iss`. Default: `sautikit-sip`. */
  issuer?: string;
  /** How long a token lives, in seconds. Default: 300. */
  lifetime?: number;
}

export interface MintedToken {
  token: string;
  expiresAt: Date;
  /** Seconds from now until the token expires. */
  expiresIn: number;
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

export interface Signer {
  /**
   * Makes a token.
   * @param subject The user part of the caller's SIP address: an opaque id.
   * @param sid The session, which a renewed token shares with the one that it follows.
   */
  mint(subject: string, sid: string): Promise<MintedToken>;
  /** The claims of a token of ours; rejects when it is expired, altered, or anybody else's. */
  verify(token: string): Promise<TokenClaims>;
}

/** Signs tokens with a key of your own (HS256). */
export function createSigner({ key, keyId, issuer = 'sautikit-sip', lifetime = 300 }: SignerOptions): Signer {
  const secret = typeof key === 'string' ? new TextEncoder().encode(key) : key;
  if (secret.byteLength < 32) throw new TypeError('The key of a signer needs at least 32 bytes');
  if (!Number.isInteger(lifetime) || lifetime <= 0) throw new TypeError('lifetime is not a whole number of seconds');

  return {
    async mint(subject, sid) {
      const iat = Math.floor(Date.now() / 1000);
      const exp = iat + lifetime;
      const token = await new SignJWT({ sid })
        .setProtectedHeader({ alg: 'HS256', typ: 'JWT', ...(keyId === undefined ? {} : { kid: keyId }) })
        .setIssuer(issuer)
        .setSubject(subject)
        .setIssuedAt(iat)
        .setExpirationTime(exp)
        .setJti(randomId())
        .sign(secret);
      return { token, expiresAt: new Date(exp * 1000), expiresIn: lifetime };
    },

    async verify(token) {
      const { payload } = await jwtVerify<TokenClaims>(token, secret, {
        algorithms: ['HS256'],
        issuer,
        requiredClaims: ['sub', 'sid', 'jti', 'iat', 'exp'],
      });
      return payload;
    },
  };
}

import { SignJWT, type JWTPayload } from 'jose';
import { nodeCrypto } from '../secrets.js';

/** The protected header of a token. */
export interface TokenHeader {
  alg: 'HS256';
  typ: 'JWT';
  kid?: string;
}

/**
 * Makes signed tokens (RFC 7515 section 7.1) with one key. Signing is what a mint spends most of its time with, so it is
 * done in place where the runtime can, and by jose elsewhere; both make the same token, which jose verifies.
 */
export function createHs256(header: TokenHeader, secret: Uint8Array): (claims: JWTPayload) => Promise<string> {
  if (!nodeCrypto) return (claims) => new SignJWT(claims).setProtectedHeader({ ...header }).sign(secret);
  const { createHmac, createSecretKey } = nodeCrypto;
  const key = createSecretKey(secret);
  const beginning = `${base64url(header)}.`;
  return async (claims) => {
    const text = beginning + base64url(claims);
    return `${text}.${createHmac('sha256', key).update(text).digest('base64url')}`;
  };
}

function base64url(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

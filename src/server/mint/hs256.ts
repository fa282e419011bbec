import { SignJWT, type JWTPayload } from 'jose';
import { nodeCrypto } from '../secrets.js';

/** The protected header of a token. */
export interface TokenHeader {
  alg: 'HS256';
  typ: 'JWT';
  kid?: string;
}

/**
 * A signed token (RFC 7515 section 7.1). Signing is what a mint spends most of its time with, so it is done in place
 * where the runtime can, and by jose elsewhere; both make the same token, which jose verifies.
 */
export async function signHs256(header: TokenHeader, claims: JWTPayload, secret: Uint8Array): Promise<string> {
  if (!nodeCrypto) return await new SignJWT(claims).setProtectedHeader({ ...header }).sign(secret);
  const text = `${base64url(header)}.${base64url(claims)}`;
  return `${text}.${nodeCrypto.createHmac('sha256', secret).update(text).digest('base64url')}`;
}

function base64url(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

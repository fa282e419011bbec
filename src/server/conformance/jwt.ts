export interface Jwt {
  header: Record<string, unknown>;
  claims: Record<string, unknown>;
  signature: string;
}

/** Keys that stand in tutorials and templates. */
const KNOWN_KEYS = [
  'secret',
  'secretkey',
  'secret-key',
  'changeme',
  'change-me',
  'password',
  'test',
  'key',
  'your-256-bit-secret',
  'your-secret-key',
  'my-secret-key',
  'supersecret',
  'a-string-secret-at-least-256-bits-long',
];

/** Takes a JWT apart without judging its signature; undefined for a token that is none. */
export function readJwt(token: string): Jwt | undefined {
  const parts = token.split('.');
  const header = decode(parts[0]);
  const claims = decode(parts[1]);
  return parts.length === 3 && header && claims ? { header, claims, signature: parts[2] ?? '' } : undefined;
}

/** The key that everybody knows and that an HS256 token was signed with, or undefined. */
export async function knownKey(token: string): Promise<string | undefined> {
  const { subtle } = globalThis.crypto;
  const encoder = new TextEncoder();
  const [signed, signature] = [token.slice(0, token.lastIndexOf('.')), bytes(token.slice(token.lastIndexOf('.') + 1))];
  if (!signature) return undefined;
  for (const word of KNOWN_KEYS) {
    const algorithm = { name: 'HMAC', hash: 'SHA-256' };
    const key = await subtle.importKey('raw', encoder.encode(word), algorithm, false, ['verify']);
    if (await subtle.verify('HMAC', key, signature, encoder.encode(signed))) return word;
  }
  return undefined;
}

function decode(part: string | undefined): Record<string, unknown> | undefined {
  const raw = part === undefined ? undefined : bytes(part);
  if (!raw) return undefined;
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(raw));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function bytes(base64url: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    const text = atob(base64url.replaceAll('-', '+').replaceAll('_', '/'));
    return Uint8Array.from(text, (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}

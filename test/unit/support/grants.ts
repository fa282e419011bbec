import type { Grant } from '../../../src/token/token-grant.js';

const base64url = (text: string) =>
  btoa(String.fromCharCode(...new TextEncoder().encode(text)))
    .replace(/\+/g, '-')
    .replace(/\//g, '_')
    .replace(/=+$/, '');

/** A token as a backend mints it, with these claims; `claims` may be raw JSON, for what no serialiser would write. */
export function jwt(claims: object | string): string {
  const payload = typeof claims === 'string' ? claims : JSON.stringify(claims);
  return `${base64url('{"alg":"HS256","typ":"JWT"}')}.${base64url(payload)}.c2VjcmV0LXNpZ25hdHVyZQ`;
}

/** The answer of a token endpoint of ours, as good as it can be. */
export const bearer = (extra: Record<string, unknown> = {}): Record<string, unknown> => ({
  token: jwt({ sub: 'visitor-7' }),
  expires_in: 300,
  gateway_url: 'wss://gateway.example/sip',
  ...extra,
});

/** The same for a gateway that knows digest only. */
export const digest = (extra: Record<string, unknown> = {}): Record<string, unknown> => ({
  username: 'web-4711',
  password: 'p4ss~word!',
  expires_in: 300,
  gateway_url: 'wss://gateway.example/sip',
  ...extra,
});

/** The token of a grant; empty for a digest grant. */
export const tokenOf = ({ credential }: Grant): string => (credential.kind === 'bearer' ? credential.token : '');

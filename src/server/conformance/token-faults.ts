import { isNumber, tells, textsIn } from './telling.js';

/** The claims of section "The token endpoint"; `nbf` and `aud` tell nothing about a call either. */
const KNOWN: readonly string[] = ['iss', 'sub', 'iat', 'exp', 'jti', 'sid', 'nbf', 'aud'];
/** Times, which have as many digits as a telephone number. */
const TIMES: readonly string[] = ['iat', 'exp', 'nbf'];

/** What the claims of a token tell that they should not, in words. */
export function claimFaults(claims: Record<string, unknown>, line: string | undefined): string[] {
  const texts = Object.entries(claims).flatMap(([name, value]) => (TIMES.includes(name) ? [] : textsIn(value, name)));
  return texts.flatMap((found) => {
    // A random id may well be all digits; only with a plus is it a number that can be dialed.
    const opaque = ['jti', 'sid'].includes(found.path) && isNumber(found.text) && !found.text.startsWith('+');
    const fault = opaque ? undefined : tells(found, line);
    return fault === undefined ? [] : [fault];
  });
}

/** Names of claims that the contract does not know. */
export function unknownClaims(claims: Record<string, unknown>): string[] {
  return Object.keys(claims).filter((name) => !KNOWN.includes(name));
}

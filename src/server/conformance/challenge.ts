/** A proof of work in the form of ALTCHA: find the number whose hash, behind the salt, is the challenge. */
interface ProofOfWork {
  type?: unknown;
  algorithm: string;
  challenge: string;
  salt: string;
  signature: string;
  maxnumber?: number;
}

/** The most that is tried, whatever the challenge asks: a page on a cheap phone would have given up long before. */
const MOST_TRIES = 2_000_000;

/** The field `challenge` that answers a proof of work; undefined for any other kind, which only a person can answer. */
export async function solveChallenge(challenge: unknown): Promise<Record<string, unknown> | undefined> {
  if (!isProofOfWork(challenge)) return undefined;
  const { algorithm, salt, challenge: wanted, maxnumber = 1_000_000 } = challenge;
  const target = wanted.toLowerCase();
  const encoder = new TextEncoder();
  for (let number = 0; number <= Math.min(maxnumber, MOST_TRIES); number++) {
    const digest = await globalThis.crypto.subtle.digest(algorithm, encoder.encode(`${salt}${number}`));
    if (hex(digest) === target) return { ...challenge, number };
  }
  return undefined;
}

/** What is wrong with the challenge of a refusal, as faults in words; empty where it can be answered. */
export function challengeFaults(challenge: unknown): string[] {
  if (typeof challenge !== 'object' || challenge === null) return ['the refusal holds no "challenge"'];
  const { type } = challenge as { type?: unknown };
  if (typeof type !== 'string' || type === '') return ['"challenge" has no "type"'];
  return type === 'altcha' && !isProofOfWork(challenge) ? ['"challenge" is no complete proof of work'] : [];
}

function isProofOfWork(value: unknown): value is ProofOfWork {
  if (typeof value !== 'object' || value === null) return false;
  const { type, algorithm, challenge, salt, signature, maxnumber } = value as Record<string, unknown>;
  return (
    type === 'altcha' &&
    typeof algorithm === 'string' &&
    /^SHA-(?:256|384|512)$/.test(algorithm) &&
    [challenge, salt, signature].every((part) => typeof part === 'string' && part !== '') &&
    (maxnumber === undefined || (typeof maxnumber === 'number' && maxnumber > 0))
  );
}

function hex(digest: ArrayBuffer): string {
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** A proof of work in the form of ALTCHA: find the number whose hash, behind the salt, is the challenge. */
interface ProofOfWork {
  challenge: string;
  salt: string;
  signature: string;
  maxnumber?: number;
}

/** The most that a page tries. */
const MOST_TRIES = 5_000_000;
/** In characters: longer texts a page does not take. */
const LONGEST = 512;
/** Hashes that are under way together. */
const BATCH = 256;

/** The field `challenge` that answers a proof of work; undefined for any other kind, which only a person can answer. */
export async function solveChallenge(challenge: unknown): Promise<Record<string, unknown> | undefined> {
  if (!isProofOfWork(challenge)) return undefined;
  const { salt, maxnumber = 1_000_000 } = challenge;
  const encoder = new TextEncoder();
  for (let first = 0; first <= maxnumber; first += BATCH) {
    const numbers = Array.from({ length: Math.min(BATCH, maxnumber - first + 1) }, (_, index) => first + index);
    const hashes = await Promise.all(
      numbers.map((number) => globalThis.crypto.subtle.digest('SHA-256', encoder.encode(`${salt}${number}`))),
    );
    const found = hashes.findIndex((hash) => hex(hash) === challenge.challenge);
    if (found >= 0) return { ...challenge, number: first + found };
  }
  return undefined;
}

/** What is wrong with the challenge of a refusal, as faults in words; empty where it can be answered. */
export function challengeFaults(challenge: unknown): string[] {
  if (typeof challenge !== 'object' || challenge === null) return ['the refusal holds no "challenge"'];
  const { type } = challenge as { type?: unknown };
  if (typeof type !== 'string' || type === '') return ['"challenge" has no "type"'];
  return type === 'altcha' && !isProofOfWork(challenge) ? ['"challenge" is no proof of work that a page could do'] : [];
}

function isProofOfWork(value: unknown): value is ProofOfWork {
  if (typeof value !== 'object' || value === null) return false;
  const { type, algorithm, challenge, salt, signature, maxnumber } = value as Record<string, unknown>;
  return (
    type === 'altcha' &&
    algorithm === 'SHA-256' &&
    [challenge, salt, signature].every((part) => typeof part === 'string' && part !== '' && part.length <= LONGEST) &&
    /^[0-9a-f]{64}$/.test(String(challenge)) &&
    (maxnumber === undefined || (typeof maxnumber === 'number' && maxnumber > 0 && maxnumber <= MOST_TRIES))
  );
}

function hex(digest: ArrayBuffer): string {
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

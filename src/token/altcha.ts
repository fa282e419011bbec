/** More than this is no check but an attack on the visitor's battery; the solver refuses to begin. */
const MAX_NUMBER = 5_000_000;
/** Where a challenge does not say where the search ends, as ALTCHA has it. */
const DEFAULT_MAX = 1_000_000;
const MAX_TEXT = 512;
/** Hashes that are made together: a millisecond or two, after which the page has its turn. */
const BATCH = 256;

/**
 * Solves a proof of work (ALTCHA, SHA-256): finds the number that makes the hash. It does so on the main thread, in small
 * batches, since a worker of our own would need a content security policy that allows it.
 *
 * @returns what is sent back, or `undefined` where the challenge is none of this kind, too hard, or has no solution
 */
export async function solveAltcha(
  { algorithm, challenge, salt, signature, maxnumber = DEFAULT_MAX }: Record<string, unknown>,
  signal: AbortSignal,
): Promise<Record<string, unknown> | undefined> {
  const isText = (value: unknown): value is string => typeof value === 'string' && value.length <= MAX_TEXT;
  const known = algorithm === 'SHA-256' && isText(challenge) && /^[0-9a-f]{64}$/.test(challenge);
  const bounded = typeof maxnumber === 'number' && maxnumber <= MAX_NUMBER;
  if (!known || !bounded || !isText(salt) || !isText(signature)) return undefined;

  const encoder = new TextEncoder();
  const wanted = parseInt(challenge.slice(0, 8), 16);
  for (let first = 0; first <= maxnumber && !signal.aborted; first += BATCH) {
    const count = Math.min(BATCH, maxnumber - first + 1);
    const hashes = await Promise.all(
      Array.from({ length: count }, (_, i) => crypto.subtle.digest('SHA-256', encoder.encode(salt + (first + i)))),
    );
    // Four bytes tell nearly all of them apart.
    const found = hashes.findIndex((hash) => new DataView(hash).getUint32(0) === wanted && hex(hash) === challenge);
    if (found >= 0) return { type: 'altcha', algorithm, challenge, salt, signature, number: first + found };
    await nextTurn();
  }
  return undefined;
}

/** Chromium makes small hashes at once and lets nothing else run; and timers wait for 4 ms, in hidden pages for 1 s. */
const nextTurn = () =>
  new Promise<void>((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(0);
  });

const hex = (buffer: ArrayBuffer) =>
  [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, '0')).join('');

/** Loudness of each byte of A-law (ITU-T G.711), as a 16-bit sample. */
const LINEAR: readonly number[] = Array.from({ length: 256 }, (_, byte) => {
  const bits = byte ^ 0x55;
  const step = (bits >> 4) & 7;
  const low = (bits & 15) << 4;
  const size = step === 0 ? low + 8 : (low + 0x108) << (step - 1);
  return bits & 0x80 ? size : -size;
});

const FULL_SCALE = 32_768;

/** A sample, -1 to 1, as the byte that comes nearest to it. */
export function encode(sample: number): number {
  const wanted = sample * FULL_SCALE;
  let best = 0;
  for (let byte = 1; byte < 256; byte += 1) {
    if (Math.abs(LINEAR[byte]! - wanted) < Math.abs(LINEAR[best]! - wanted)) best = byte;
  }
  return best;
}

/** The sum of the squares of what is encoded, each -1 to 1. */
export function energy(bytes: Uint8Array): number {
  let sum = 0;
  for (const byte of bytes) sum += (LINEAR[byte]! / FULL_SCALE) ** 2;
  return sum;
}

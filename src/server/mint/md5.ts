/** Amounts of the rotations, by round (RFC 1321 section 3.4). */
const SHIFTS = [
  [7, 12, 17, 22],
  [5, 9, 14, 20],
  [4, 11, 16, 23],
  [6, 10, 15, 21],
] as const;

/** The table of sines of RFC 1321 section 3.4. */
const SINES = Array.from({ length: 64 }, (_, index) => Math.floor(Math.abs(Math.sin(index + 1)) * 2 ** 32) >>> 0);

/**
 * MD5 of a text, as 32 lower-case hexadecimal digits (RFC 1321). SIP digest is made of it (RFC 3261 section 22.4), and
 * the Web's own cryptography does not have it. Good for nothing else.
 */
export function md5(text: string): string {
  const state = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476];
  const words = padded(new TextEncoder().encode(text));
  for (let block = 0; block < words.length; block += 16) mix(state, words.subarray(block, block + 16));
  return state.map(hexOfWord).join('');
}

/** One block of 16 words. */
function mix(state: number[], words: Uint32Array): void {
  let [a, b, c, d] = state as [number, number, number, number];
  for (let step = 0; step < 64; step++) {
    const round = step >> 4;
    const [bits, index] = [
      () => [(b & c) | (~b & d), step],
      () => [(d & b) | (~d & c), 5 * step + 1],
      () => [b ^ c ^ d, 3 * step + 5],
      () => [c ^ (b | ~d), 7 * step],
    ][round]!() as [number, number];
    const sum = (a + bits + SINES[step]! + words[index % 16]!) | 0;
    const shift = SHIFTS[round]![step % 4]!;
    [a, d, c, b] = [d, c, b, (b + ((sum << shift) | (sum >>> (32 - shift)))) | 0];
  }
  for (const [index, value] of [a, b, c, d].entries()) state[index] = (state[index]! + value) | 0;
}

/** The text as little-endian words, with a one, zeros, and its length in bits at the end. */
function padded(bytes: Uint8Array): Uint32Array {
  const length = (((bytes.length + 8) >> 6) + 1) * 64;
  const view = new DataView(new ArrayBuffer(length));
  for (const [index, byte] of bytes.entries()) view.setUint8(index, byte);
  view.setUint8(bytes.length, 0x80);
  view.setBigUint64(length - 8, BigInt(bytes.length) * 8n, true);
  return Uint32Array.from({ length: length / 4 }, (_, index) => view.getUint32(index * 4, true));
}

function hexOfWord(word: number): string {
  return [0, 8, 16, 24].map((shift) => ((word >>> shift) & 255).toString(16).padStart(2, '0')).join('');
}

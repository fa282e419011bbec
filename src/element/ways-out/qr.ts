import { encode } from 'uqr';

/** Light modules around the code, without which readers do not find it (ISO/IEC 18004, section 6.3.8). */
const QUIET_ZONE = 4;

/** 97 modules, up to 858 characters: a larger one no camera reads off a panel. */
const MAX_VERSION = 20;

export interface QrCode {
  /** The dark modules, as the `d` of an SVG path. */
  path: string;
  /** Side of the square, with the quiet zone, in modules. */
  size: number;
}

/**
 * A QR code of a text, to be drawn dark on light also in a dark theme.
 *
 * @throws Error for a text that is too long
 */
export function qrCode(text: string): QrCode {
  const { data, size } = encode(text, { ecc: 'L', border: QUIET_ZONE, maxVersion: MAX_VERSION });
  let path = '';
  data.forEach((row, y) => {
    for (let x = 0; x < size; x++) {
      const start = x;
      while (row[x]) x++;
      if (x > start) path += `M${start} ${y}h${x - start}v1H${start}z`;
    }
  });
  return { path, size };
}

import { COLOURS, type Scheme, type Tokens } from './playground-tokens.js';

/** What text needs against its ground (WCAG 2.2, 1.4.3). */
export const ENOUGH = 4.5;

const PAIRS = [
  ['on-accent', 'accent', 'the button'],
  ['on-danger', 'danger', 'hang-up'],
  ['text', 'surface', 'the panel'],
  ['muted-text', 'surface', 'paler text'],
] as const;

/** Contrast of two colours such as `#0b6b50`, from 1 to 21 (WCAG 2.2, definition of contrast ratio). */
export function contrast(one: string, other: string): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: string): number {
  const [red, green, blue] = [1, 3, 5]
    .map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Contrast of each text with its ground. */
export function contrastsOf({ colours }: Tokens): { what: string; scheme: Scheme; ratio: number }[] {
  return (['light', 'dark'] as const).flatMap((scheme) => {
    const colour = (name: string) =>
      colours[scheme][name] ?? COLOURS.find((it) => it.name === name)?.[scheme] ?? '#000000';
    return PAIRS.map(([text, ground, what]) => ({ what, scheme, ratio: contrast(colour(text), colour(ground)) }));
  });
}

/** One sentence about whether the texts can be read. */
export function contrastText(tokens: Tokens): string {
  const all = contrastsOf(tokens);
  const weak = all.filter(({ ratio }) => ratio < ENOUGH);
  const number = (ratio: number) => (Math.floor(ratio * 10) / 10).toFixed(1);
  if (!weak.length)
    return `All texts can be read: their contrast is at least ${number(Math.min(...all.map((it) => it.ratio)))} to 1.`;
  const named = weak.map(({ what, scheme, ratio }) => `${what} in ${scheme} (${number(ratio)} to 1)`);
  return `Hard to read: ${named.join(', ')}. Text needs ${ENOUGH} to 1.`;
}

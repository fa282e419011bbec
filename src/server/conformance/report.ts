import type { CheckResult, Outcome } from './catalogue.js';

/** Paints a text for a terminal. */
export type Paint = (outcome: Outcome, text: string) => string;

const WORDS: Record<Outcome, string> = { pass: 'pass', warn: 'WARN', fail: 'FAIL', skip: 'skip' };
/** In characters: the widest word and the widest id, with the blanks after them. */
const INDENT = 26;
const WIDTH = 100;

/** One check as a row: what must hold, and, where it does not, what was seen and how to mend it. */
export function row({ id, outcome, rule, seen, mend }: CheckResult, paint: Paint = (_outcome, text) => text): string {
  const head = `${paint(outcome, WORDS[outcome])}  ${id.padEnd(INDENT - 6)}`;
  const details =
    outcome === 'pass' ? [] : [`seen: ${printable(seen)}`, ...(outcome === 'skip' ? [] : [`mend: ${mend}`])];
  return head + [rule, ...details].flatMap((text) => wrap(text, WIDTH - INDENT)).join(`\n${' '.repeat(INDENT)}`);
}

/** How many checks ended how, in one line. */
export function summary(results: readonly CheckResult[]): string {
  const count = (outcome: Outcome): number => results.filter((result) => result.outcome === outcome).length;
  const parts = [`${count('pass')} passed`, `${count('fail')} failed`];
  if (count('warn') > 0) parts.push(`${count('warn')} to better`);
  if (count('skip') > 0) parts.push(`${count('skip')} not judged`);
  return `${parts.join(', ')}.`;
}

/** Whether nothing failed. */
export function conforms(results: readonly CheckResult[]): boolean {
  return results.every(({ outcome }) => outcome !== 'fail');
}

/** A text in lines of at most `width` characters, where its words let it. */
export function wrap(text: string, width: number): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1)!;
    if (line !== '' && line.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines;
}

/** Whoever is judged must not command the terminal. */
export function printable(text: string): string {
  return [...text]
    .map((character) => (character < ' ' || /[\u007f-\u009f]/.test(character) ? '?' : character))
    .join('');
}

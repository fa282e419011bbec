import { printable, wrap } from '../conformance/report.js';
import type { Finding, Verdict } from './finding.js';

/** Paints a text for a terminal. */
export type Paint = (verdict: Verdict, text: string) => string;

const WORDS: Record<Verdict, string> = { ok: 'ok  ', warn: 'WARN', fail: 'FAIL' };
/** In characters: the widest word and the widest check, with the blanks after them. */
const INDENT = 32;
const WIDTH = 110;

/** One finding as a row: what was seen, and what is to be done. */
export function row({ check, verdict, seen, todo }: Finding, paint: Paint = (_verdict, text) => text): string {
  const head = `${paint(verdict, WORDS[verdict])}  ${check.padEnd(INDENT - 6)}`;
  const lines = [printable(seen), ...(todo === undefined ? [] : [`-> ${printable(todo)}`])];
  return head + lines.flatMap((line) => wrap(line, WIDTH - INDENT)).join(`\n${' '.repeat(INDENT)}`);
}

/** How many ended how, in one line. */
export function summary(findings: readonly Finding[]): string {
  const count = (verdict: Verdict): number => findings.filter((finding) => finding.verdict === verdict).length;
  if (count('fail') + count('warn') === 0) return `All is well: ${count('ok')} looks, nothing to do.`;
  return `${count('ok')} well, ${count('warn')} to better, ${count('fail')} to mend.`;
}

/** Whether calls can be had: nothing is to be mended. */
export function isWell(findings: readonly Finding[]): boolean {
  return findings.every(({ verdict }) => verdict !== 'fail');
}

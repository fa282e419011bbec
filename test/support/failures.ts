import { stripVTControlCharacters } from 'node:util';

/** What Node's reporter `spec` puts before its list of what failed, at the end of its report. */
const SUMMARY = /^✖ failing tests:$/m;

/** Where a failure begins: of that list, of the table of attacks, of Web Test Runner. ESLint only counts with its cross. */
const BEGINS = /^(?:test at |✖ (?!\d+ problem)|\s*❌ )/;

/** Where a stack leaves the tests, and tells nothing more. */
const FOREIGN = /^\s*at .*(?:\(node:|node:internal|node_modules)/;

/**
 * The failures in the output of a test step, cut so that each of them is named, with the beginning of its reason; the end
 * of the output where no failure can be told from the rest.
 */
export function failuresIn(output: string, most = 60): string {
  const text = stripVTControlCharacters(output).trimEnd();
  const from = text.search(SUMMARY);
  const lines = text
    .slice(from < 0 ? 0 : from)
    .replace(SUMMARY, '')
    .split('\n')
    .filter((line) => line.trim() !== '' && !FOREIGN.test(line));
  const starts = lines.flatMap((line, index) => (BEGINS.test(line) ? [index] : []));
  if (starts.length === 0) return lines.slice(-most / 2).join('\n');
  // Those of the list have their place on a line, and their name on the next.
  const each = Math.max(2, Math.floor(most / starts.length));
  const shown = starts.flatMap((start, index) =>
    lines.slice(start, Math.min(start + each, starts[index + 1] ?? Infinity)),
  );
  return shown.slice(0, Math.max(most, 2 * starts.length)).join('\n');
}

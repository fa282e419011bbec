import type { Met, Told } from './told.js';

const BROWSERS = ['chromium', 'firefox'] as const;

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
/** A bar would end the cell. */
const safe = (text: string): string => text.replaceAll('|', '\\|');

function cell(met: Met | undefined): string {
  if (!met) return '';
  const { outcome, code, noticedMs, recoverMs, gapMs } = met;
  return [
    outcome + (code ? ` (${code})` : ''),
    ...(noticedMs === undefined ? [] : [`noticed after ${seconds(noticedMs)}`]),
    ...(recoverMs === undefined ? [] : [`again after ${seconds(recoverMs)}`]),
    ...(gapMs ? [`silent ${seconds(gapMs.caller)} / ${seconds(gapMs.phone)}`] : []),
  ].join(', ');
}

/** All that was told, as a table of Markdown: a row for each fault, with what became of it in each browser. */
export function matrix(rows: readonly Told[]): string {
  const lines = ['| Fault | What the caller sees | Chromium | Firefox |', '| --- | --- | --- | --- |'];
  for (const group of [...new Set(rows.map((row) => row.group))].sort()) {
    lines.push(`| **${group}** | | | |`);
    const inGroup = rows.filter((row) => row.group === group);
    for (const fault of new Set(inGroup.map((row) => row.fault))) {
      const those = inGroup.filter((row) => row.fault === fault);
      const sees = those.find((row) => row.sees)?.sees ?? '';
      const cells = BROWSERS.map((browser) => cell(those.find((row) => row.browser === browser)));
      lines.push(`| ${[fault, sees, ...cells].map(safe).join(' | ')} |`);
    }
  }
  return lines.join('\n');
}

/** How it went on the whole, in a sentence. */
export function summary(rows: readonly Told[]): string {
  const count = (outcome: Met['outcome']) => rows.filter((row) => row.outcome === outcome).length;
  return `${rows.length} rows: ${count('survived')} survived, ${count('ended')} ended cleanly`;
}

/**
 * Makes every fault, or those of the files that are named, and prints the matrix: what became of the call in each browser.
 * With FAULTS=quick it makes the few that every run of the tests makes. `--write` keeps what was measured in results.json.
 */
import { writeFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { run } from 'node:test';
import type { TestEvent } from 'node:test/reporters';
import { inspect } from 'node:util';
import { format, resolveConfig } from 'prettier';
import { filesIn } from '../support/files.js';
import { TOLD, type Met, type Told } from './support/told.js';

const RESULTS = new URL('results.json', import.meta.url);
const BROWSERS = ['chromium', 'firefox'] as const;

const told: Told[] = [];
const reasons: string[] = [];

async function* tell(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  for await (const event of events) {
    if (event.type === 'test:diagnostic' && event.data.message.startsWith(TOLD)) {
      told.push(JSON.parse(event.data.message.slice(TOLD.length)) as Told);
    } else if (event.type === 'test:fail' && !failedByItsTests(event.data.details.error)) {
      process.exitCode = 1;
      reasons.push(`✖ ${event.data.name}\n${reasonOf(event.data.details.error)}\n\n`);
    } else if (event.type === 'test:stderr' || event.type === 'test:stdout') {
      yield event.data.message;
    }
  }
}

const failedByItsTests = (error: Error & { failureType?: string }): boolean => error.failureType === 'subtestsFailed';

function reasonOf({ cause, message }: Error): string {
  return cause instanceof Error
    ? (cause.stack ?? cause.message)
    : message + (cause === undefined ? '' : inspect(cause));
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

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

/** As a table of Markdown. */
function matrix(rows: readonly Told[]): string {
  const lines = ['| Fault | Chromium | Firefox |', '|---|---|---|'];
  for (const group of new Set(rows.map((row) => row.group))) {
    lines.push(`| **${group}** | | |`);
    const inGroup = rows.filter((row) => row.group === group);
    for (const fault of new Set(inGroup.map((row) => row.fault))) {
      const cells = BROWSERS.map((browser) =>
        cell(inGroup.find((row) => row.fault === fault && row.browser === browser)),
      );
      lines.push(`| ${fault} | ${cells.join(' | ')} |`);
    }
  }
  return lines.join('\n');
}

const words = process.argv.slice(2);
const named = words.filter((word) => !word.startsWith('--'));
const files = named.length > 0 ? named : filesIn('test/fault', '.test.ts');
for await (const text of tell(run({ files, concurrency: 2 }))) process.stdout.write(text);

console.log(`\n${matrix(told)}\n`);
for (const reason of reasons) process.stdout.write(reason);
const count = (outcome: Met['outcome']) => told.filter((row) => row.outcome === outcome).length;
console.log(
  `${told.length} rows: ${count('survived')} survived, ${count('ended')} ended cleanly, ${reasons.length} failed.`,
);
if (told.length === 0) process.exitCode = 1;

if (words.includes('--write') && reasons.length === 0) {
  const measured = { processors: cpus().length, load: loadavg()[0], rows: told };
  const options = { ...(await resolveConfig(RESULTS)), parser: 'json' };
  await writeFile(RESULTS, await format(JSON.stringify(measured), options));
}

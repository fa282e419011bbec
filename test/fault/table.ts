/**
 * Makes every fault, or those of the files that are named, and prints the matrix: what became of the call in each browser.
 * With FAULTS=quick it makes the few that every run of the tests makes. `--write` keeps what was measured in results.json and in
 * docs/resilience.md; of named files, beside what was measured before.
 */
import { run } from 'node:test';
import type { TestEvent } from 'node:test/reporters';
import { inspect } from 'node:util';
import { filesIn } from '../support/files.js';
import { ensureSystem } from '../support/system.js';
import { matrix, summary } from './support/matrix.js';
import { writeResults } from './support/results.js';
import { TOLD, type Told } from './support/told.js';

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

const words = process.argv.slice(2);
const named = words.filter((word) => !word.startsWith('--'));
const files = named.length > 0 ? named : filesIn('test/fault', '.test.ts');
// What no other test needs.
if (process.env['FAULTS'] !== 'quick') await ensureSystem({ need: ['nat64'] });
// The quick ones run beside other tests.
const concurrency = process.env['FAULTS'] === 'quick' ? 2 : 3;
for await (const text of tell(run({ files, concurrency }))) process.stdout.write(text);

console.log(`\n${matrix(told)}\n`);
for (const reason of reasons) process.stdout.write(reason);
console.log(`${summary(told)}, ${reasons.length} failed.`);
if (told.length === 0) process.exitCode = 1;
if (words.includes('--write')) await writeResults(told, named.length === 0 && reasons.length === 0);

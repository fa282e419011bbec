/**
 * Plays every attack, or those in the files that are named, and prints the table of them: what each met at each gateway,
 * and in full what was not held back.
 */
import { run } from 'node:test';
import type { TestEvent } from 'node:test/reporters';
import { inspect } from 'node:util';
import { filesIn } from '../support/files.js';
import { MET, type Met } from './support/met.js';

const COLUMNS = ['kamailio', 'embedded', 'http', 'turn'] as const;

async function* table(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const rows = new Map<string, Map<string, string>>();
  let tries = 0;
  const through: string[] = [];
  const reasons: string[] = [];
  /** Which group of attacks on which gateway a file is at. */
  const groups = new Map<string | undefined, string>();
  for await (const event of events) {
    if (event.type === 'test:diagnostic' && event.data.message.startsWith(MET)) {
      const { attack, target, met } = JSON.parse(event.data.message.slice(MET.length)) as Met;
      const row = rows.get(attack) ?? new Map<string, string>();
      rows.set(attack, row.set(target, met));
      tries += 1;
    } else if (event.type === 'test:start' && event.data.nesting === 0) {
      groups.set(event.data.file, event.data.name);
    } else if (event.type === 'test:fail' && !failedByItsTests(event.data.details.error)) {
      const { name, nesting, file } = event.data;
      const which = nesting === 0 ? name : `${groups.get(file) ?? ''}: ${name}`;
      through.push(which);
      process.exitCode = 1;
      reasons.push(`✖ ${which}\n${reasonOf(event.data.details.error)}\n\n`);
    } else if (event.type === 'test:stderr' || event.type === 'test:stdout') {
      yield event.data.message;
    }
  }
  yield* lines(rows);
  // Behind the table, of which nobody then has to look through all for them.
  yield* reasons;
  const none = `${tries} tries of ${rows.size} attacks: none through.`;
  yield `${through.length === 0 && tries > 0 ? none : `Not held: ${through.join('; ') || 'nothing was tried'}.`}\n`;
}

/** A group whose gateway did not start fails by itself, and its attacks only say that they were not played. */
function failedByItsTests(error: Error & { failureType?: string }): boolean {
  return error.failureType === 'subtestsFailed';
}

function reasonOf({ cause, message }: Error): string {
  return cause instanceof Error
    ? (cause.stack ?? cause.message)
    : message + (cause === undefined ? '' : inspect(cause));
}

/** One line for each attack: the same answer of both gateways is written once. */
function* lines(rows: Map<string, Map<string, string>>): Generator<string> {
  const width = Math.max(0, ...[...rows.keys()].map((name) => name.length));
  for (const [attack, row] of rows) {
    const mets = COLUMNS.flatMap((column) => (row.has(column) ? [`${column}: ${row.get(column)}`] : []));
    const all = new Set(row.values());
    const text = all.size === 1 && row.size > 1 ? `both: ${[...all][0]}` : mets.join('; ');
    yield `${attack.padEnd(width)}  ${text}\n`;
  }
}

const named = process.argv.slice(2);
const files = named.length > 0 ? named : filesIn('test/attack', '.test.ts');
for await (const text of table(run({ files, concurrency: 2 }))) process.stdout.write(text);

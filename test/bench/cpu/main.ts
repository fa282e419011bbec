/**
 * `npm run bench:cpu`: what an answered call costs the page, beside the same call with plain JsSIP, and what many calls in a row
 * leave behind in one page. Not a test: it asserts nothing, and other programs on the machine show in its figures.
 */
import { writeFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { format, resolveConfig } from 'prettier';
import { measureActive, printActive } from './active.js';
import { buttonInARow, plainInARow, printInARow } from './in-a-row.js';
import { interruption } from '../interruption.js';
import { readOptions, type Options } from './options.js';
import { startWorkbench, type Workbench } from './workbench.js';

async function main(): Promise<void> {
  const options = readOptions();
  const signal = interruption();
  let bench: Workbench | undefined;
  try {
    bench = await startWorkbench(signal);
    const { browser } = bench;
    // Whatever waits for a page fails with the browser.
    signal.addEventListener('abort', () => void browser.close());
    await measure(bench, options, signal);
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    await bench?.stop();
  }
}

async function measure(bench: Workbench, options: Options, signal: AbortSignal): Promise<void> {
  const { active, inARow, seconds, rounds, calls, plainCalls, warmUp, output } = options;
  const [cpu] = cpus();
  const machine = `${cpus().length} × ${cpu?.model.trim()}, Node.js ${process.version}, ${await bench.browser.version()}`;
  const busy = [load()];
  console.log(machine);
  const about = { machine, seconds, rounds, load: busy };
  const results: Record<string, unknown> = { about };
  /** After each part, so that a long run that is cut short was not for nothing. */
  const keep = async (name: string, part: unknown): Promise<void> => {
    busy.push(load());
    results[name] = part;
    const text = JSON.stringify(results, (_, value: unknown) => rounded(value));
    await writeFile(output, await format(text, { ...(await resolveConfig(output)), parser: 'json' }));
    signal.throwIfAborted();
  };
  if (active) {
    const found = await measureActive(bench, options, signal);
    printActive(found, options);
    await keep('active', found);
  }
  if (inARow) {
    const found = await buttonInARow(bench, calls, warmUp, signal);
    printInARow('The button', found);
    await keep('button', found);
  }
  if (inARow && plainCalls > 0) {
    const found = await plainInARow(bench, plainCalls, Math.min(warmUp, plainCalls - 1), signal);
    printInARow('Plain JsSIP', found);
    await keep('plain', found);
  }
  console.log(`\nload average before and after each part, this benchmark included: ${busy.join(', ')}`);
  console.log(`written to ${output}`);
}

/** What the machine did in the last minute, in processors' worth: where others are at work, times are longer than alone. */
const load = (): number => Math.round(loadavg()[0]! * 10) / 10;

const rounded = (value: unknown): unknown => (typeof value === 'number' ? Math.round(value * 10_000) / 10_000 : value);

await main();

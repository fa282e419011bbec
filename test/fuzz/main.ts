/**
 * The long fuzz: at least 100,000 inputs for each target. It prints its seed, with which it can be done again, and writes
 * its figures to `results.json`.
 *
 *     npm run fuzz -- [--seed 4711] [--only sip,grants] [--times 50] [--path 12:3] [--browser firefox]
 */
import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Figures } from './support/figures.js';
import { TARGETS, type Target } from './targets.js';

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    only: { type: 'string' },
    /** How many times as much as in `npm test`. */
    times: { type: 'string' },
    /** Where in the run of that seed; fast-check says it where something fails. */
    path: { type: 'string' },
    browser: { type: 'string', default: 'chromium' },
    /** Leaves `results.json` as it is. */
    'no-save': { type: 'boolean', default: false },
  },
});
const seed = Number(values.seed ?? randomInt(2 ** 31 - 1));
const only = values.only?.split(',');
const unknown = only?.filter((name) => !(name in TARGETS));
if (!Number.isInteger(seed) || unknown?.length) {
  console.error(`Targets: ${Object.keys(TARGETS).join(', ')}; a seed is a whole number.`);
  process.exit(2);
}
const folder = await mkdtemp(join(tmpdir(), 'sautikit-fuzz-'));
const told = join(folder, 'figures');

let stop = (): void => {};
let interrupted = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    interrupted = true;
    stop();
  });
}

function run({ file, where, times }: Target): Promise<boolean> {
  const [program, args] =
    where === 'page'
      ? ['npx', ['wtr', '--files', file]]
      : [process.execPath, ['--import', 'tsx', '--test', '--test-reporter=spec', file]];
  const child = spawn(program, args, {
    stdio: 'inherit',
    env: {
      ...process.env,
      BROWSERS: values.browser,
      TMPDIR: folder,
      FUZZ_SEED: String(seed),
      FUZZ_TIMES: values.times ?? String(times),
      FUZZ_FIGURES: told,
      ...(values.path !== undefined && { FUZZ_PATH: values.path }),
    },
  });
  stop = () => void child.kill('SIGINT');
  return new Promise((resolve) => {
    child.on('error', () => resolve(false));
    child.on('close', (code) => resolve(code === 0));
  });
}

console.log(`seed ${seed}`);
const began = new Date();
const failed: string[] = [];
for (const [name, target] of Object.entries(TARGETS)) {
  if (interrupted || (only && !only.includes(name))) continue;
  if (!(await run(target))) failed.push(name);
}
const lines = await readFile(told, 'utf8').catch(() => '');
const figures = lines
  .split('\n')
  .filter(Boolean)
  .map((line) => JSON.parse(line) as Figures);
await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });

console.table(Object.fromEntries(figures.map(({ target, ...more }) => [target, more])));
const complete = failed.length === 0 && !interrupted;
if (complete && !values['no-save']) await save();
console.log(
  complete
    ? `Nothing found with seed ${seed}.`
    : `Again: npm run fuzz -- --seed ${seed} --only ${failed.join(',')}${interrupted ? ' (interrupted)' : ''}`,
);
process.exitCode = complete ? 0 : 1;

/** Puts what was measured now into the place of what was measured before of the same targets. */
async function save(): Promise<void> {
  const file = new URL('results.json', import.meta.url);
  const before = JSON.parse(await readFile(file, 'utf8').catch(() => '{}')) as Record<string, object>;
  for (const { target, ...more } of figures) {
    const minutes = Math.round((Date.now() - began.getTime()) / 60_000);
    before[`${target} (${values.browser})`.replace(/^(hook.*) \(.*\)$/, '$1')] = {
      ...more,
      date: began.toISOString().slice(0, 10),
      minutesOfTheRun: minutes,
      processors: cpus().length,
    };
  }
  await writeFile(file, `${JSON.stringify(before, undefined, 2)}\n`);
}

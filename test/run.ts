/**
 * The test command. It looks for what the tests need, installs what it may, builds, and runs every kind of test; what
 * cannot be run for want of a program is said in one line, and with CI=true it fails.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { failuresIn } from './support/failures.js';
import { NEEDS, STEPS, type Step } from './steps.js';
import { ensureSystem } from './support/system.js';

/** Where browsers and gateways put what they need meanwhile; it goes with the run, also with an interrupted one. */
const folder = await mkdtemp(join(tmpdir(), 'sautikit-test-'));

/** How long what a step has begun may hold its output open when the step itself is over. */
const LINGER_MS = 2000;

/** Runs a step, whose output is kept, and passed on as it comes where it is to be heard at once. */
function run({ command, env }: Step, aloud: boolean): Promise<{ passed: boolean; output: string }> {
  const [program, ...args] = command;
  // A pipe is no terminal, so programs that would colour their output have to be told of ours.
  const colors = process.stdout.isTTY ? { FORCE_COLOR: '1' } : {};
  const child = spawn(program!, args, {
    stdio: ['inherit', 'pipe', 'pipe'],
    env: { ...process.env, ...colors, ...env, TMPDIR: folder },
  });
  let output = '';
  for (const [from, to] of [[child.stdout, process.stdout] as const, [child.stderr, process.stderr] as const]) {
    from.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      if (aloud) to.write(text);
    });
  }
  return new Promise((resolve) => {
    const end = (passed: boolean): void => {
      for (const stream of [child.stdout, child.stderr]) stream.destroy();
      resolve({ passed, output });
    };
    child.on('error', ({ message }) => {
      output += message;
      end(false);
    });
    child.on('close', (code) => end(code === 0));
    child.on('exit', (code) => setTimeout(() => end(code === 0), LINGER_MS).unref());
  });
}

// The whole process group hears an interruption; this process stays until the tests have cleaned up after themselves.
let interrupted = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => (interrupted = true));

const { missing } = await ensureSystem({ need: NEEDS });
const absent = new Set(missing.map(({ what }) => what));
/** Words of the steps that are wanted; all of them where there is none. What is tested is always built first. */
const only = process.argv.slice(2);
const wanted = ({ name }: Step) => only.length === 0 || name === 'build' || only.some((word) => name.includes(word));
const failed = new Map<string, string>();
const left: string[] = [];

/** Runs a step and tells of it; of one beside another, all at once when it is over. */
async function tell(step: Step, first: Promise<void> | undefined): Promise<void> {
  if (!first) console.log(`\n— ${step.name}`);
  const began = Date.now();
  const { passed, output } = await run(step, !first);
  await first;
  if (first) console.log(`\n— ${step.name}, beside the one before\n${output}`);
  console.log(`— ${step.name}: ${passed ? 'passed' : 'FAILED'} after ${Math.round((Date.now() - began) / 1000)} s`);
  if (!passed) failed.set(step.name, failuresIn(output));
}

const sets: Step[][] = [];
for (const [index, step] of STEPS.entries()) {
  if (!wanted(step)) continue;
  const last = sets.at(-1);
  if (step.need.some((what) => absent.has(what))) left.push(step.name);
  else if (step.beside && last?.includes(STEPS[index - 1]!)) last.push(step);
  else sets.push([step]);
}
for (const [step, ...beside] of sets) {
  if (interrupted) break;
  const first = tell(step!, undefined);
  await Promise.all([first, ...beside.map((other) => tell(other, first))]);
}

await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });

console.log('');
for (const { what, untested } of missing) console.log(`${what} is missing, so this is untested: ${untested}.`);
for (const name of left) console.log(`Not run: ${name}.`);
for (const name of failed.keys()) console.log(`Failed: ${name}.`);
const incomplete = left.length > 0 && process.env['CI'] === 'true';
if (incomplete) console.log('With CI=true nothing may be left untested.');
if (interrupted) console.log('Interrupted.');
process.exitCode = interrupted || failed.size > 0 || incomplete ? 1 : 0;
if (process.exitCode === 0) console.log('All tests passed.');
// Once more, at the very end: of a long log often no more than the end is kept.
for (const [name, why] of failed) console.log(`\nFailed: ${name}, since\n${why}`);

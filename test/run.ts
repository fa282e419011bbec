/**
 * The test command. It looks for what the tests need, installs what it may, builds, and runs every kind of test; what
 * cannot be run for want of a program is said in one line, and with CI=true it fails.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { failuresIn } from './support/failures.js';
import { filesIn } from './support/files.js';
import { ensureSystem, type Need } from './support/system.js';

interface Step {
  name: string;
  command: readonly string[];
  env?: Readonly<Record<string, string>>;
  /** Programs that it cannot do without. */
  need: readonly Need[];
}

const STACK: readonly Need[] = ['kamailio', 'rtpengine', 'baresip', 'coturn', 'redis'];
const BROWSERS: readonly Need[] = ['chromium', 'firefox'];

/** A browser that cannot call. */
const NO_CALLS: readonly Need[] = ['webkit'];

/** What the token endpoints in other languages run on. */
const LANGUAGES: readonly Need[] = ['fastapi', 'go', 'php'];

/** What the plugin is put into. */
const WORDPRESS: readonly Need[] = ['php', 'wordpress'];

/** What Firefox plays into on a machine without a sound card. */
const SOUND: readonly Need[] = ['pulseaudio'];

const node = (...args: string[]) => [process.execPath, '--import', 'tsx', ...args];
/** Node's own runner, one file after the other where they share the machine's two cores with browsers. */
const runner = (files: readonly string[], concurrency = 1) =>
  node('--test', `--test-concurrency=${concurrency}`, '--test-reporter=spec', ...files);
const testsIn = (folder: string) => filesIn(`test/${folder}`, '.test.ts');

/** What a network of its own behind a firewall is made with. */
const FIREWALL: readonly Need[] = ['firewall'];

/** The journeys that mostly wait: for a gateway that says nothing, for silence, for a time that runs out. */
const isPatient = (file: string) => /(failover|front-page|grace)\.test\.ts$/.test(file);
/** The journeys that not everybody may make: they take root. */
const isWalled = (file: string) => file.endsWith('firewall.test.ts');

const STEPS: readonly Step[] = [
  { name: 'types, lint and format', command: ['npm', 'run', '--silent', 'lint'], need: [] },
  { name: 'build', command: ['npm', 'run', '--silent', 'build'], need: [] },
  { name: 'unit and SIP tests', command: ['npx', 'wtr'], env: { TESTS: 'unit,sip' }, need: BROWSERS },
  { name: 'element tests', command: ['npx', 'wtr'], env: { TESTS: 'element' }, need: BROWSERS },
  { name: 'server and embedded gateway', command: runner(testsIn('server'), 2), need: ['redis', 'openssl'] },
  { name: 'recipes in other languages', command: runner(testsIn('recipes')), need: LANGUAGES },
  { name: 'what is built', command: runner(testsIn('dist')), need: ['chromium', ...STACK] },
  { name: 'packages', command: runner(testsIn('package'), 2), need: ['chromium'] },
  { name: 'documentation', command: runner(testsIn('docs'), 2), need: ['chromium'] },
  { name: 'the real stack by raw SIP', command: runner(testsIn('stack'), 2), need: STACK },
  { name: 'attacks', command: node('test/attack/table.ts'), need: STACK },
  { name: 'everybody can use it', command: runner(testsIn('a11y')), need: [...BROWSERS, ...NO_CALLS] },
  {
    name: 'journeys',
    command: runner(testsIn('journey').filter((file) => !isPatient(file) && !isWalled(file))),
    need: [...BROWSERS, ...STACK],
  },
  {
    name: 'journeys through a firewall',
    command: runner(testsIn('journey').filter(isWalled)),
    need: [...BROWSERS, ...STACK, ...FIREWALL],
  },
  {
    // The whole matrix: npm run test:faults.
    name: 'faults',
    command: node('test/fault/table.ts'),
    env: { FAULTS: 'quick' },
    need: [...BROWSERS, ...STACK, ...FIREWALL],
  },
  {
    // The rest of what is tried in a WordPress: npm run test:wordpress.
    name: 'a call from a page of WordPress',
    command: runner(['test/wordpress/journey.test.ts']),
    need: ['chromium', 'kamailio', 'rtpengine', 'baresip', ...WORDPRESS],
  },
  {
    name: 'journeys that mostly wait',
    command: runner(testsIn('journey').filter(isPatient), 2),
    need: [...BROWSERS, ...STACK, ...SOUND],
  },
];

/** Where browsers and gateways put what they need meanwhile; it goes with the run, also with an interrupted one. */
const folder = await mkdtemp(join(tmpdir(), 'sautikit-test-'));

/** How long what a step has begun may hold its output open when the step itself is over. */
const LINGER_MS = 2000;

/** Runs a step, whose output is passed on as it comes, and kept. */
function run({ command, env }: Step): Promise<{ passed: boolean; output: string }> {
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
      to.write(text);
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

const { missing } = await ensureSystem({
  need: [...BROWSERS, ...NO_CALLS, ...STACK, 'openssl', ...SOUND, ...LANGUAGES, ...WORDPRESS, ...FIREWALL],
});
const absent = new Set(missing.map(({ what }) => what));
/** Words of the steps that are wanted; all of them where there is none. What is tested is always built first. */
const only = process.argv.slice(2);
const wanted = ({ name }: Step) => only.length === 0 || name === 'build' || only.some((word) => name.includes(word));
const failed = new Map<string, string>();
const left: string[] = [];

for (const step of STEPS.filter(wanted)) {
  if (interrupted) break;
  if (step.need.some((what) => absent.has(what))) {
    left.push(step.name);
    continue;
  }
  console.log(`\n— ${step.name}`);
  const began = Date.now();
  const { passed, output } = await run(step);
  console.log(`— ${step.name}: ${passed ? 'passed' : 'FAILED'} after ${Math.round((Date.now() - began) / 1000)} s`);
  if (!passed) failed.set(step.name, failuresIn(output));
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

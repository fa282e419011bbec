import { filesIn } from './support/files.js';
import type { Need } from './support/system.js';

/** One of the runs that the test command is made of. */
export interface Step {
  name: string;
  command: readonly string[];
  env?: Readonly<Record<string, string>>;
  /** Programs that it cannot do without. */
  need: readonly Need[];
  /** It mostly waits, and so runs beside the step before it. */
  beside?: true;
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

export const STEPS: readonly Step[] = [
  { name: 'types, lint and format', command: ['npm', 'run', '--silent', 'lint'], need: [] },
  { name: 'build', command: ['npm', 'run', '--silent', 'build'], need: [] },
  // A short fuzz with them; the long one: npm run fuzz.
  { name: 'unit and SIP tests', command: ['npx', 'wtr'], env: { TESTS: 'unit,sip,fuzz/wire' }, need: BROWSERS },
  { name: 'element tests', command: ['npx', 'wtr'], env: { TESTS: 'element,fuzz/element' }, need: BROWSERS },
  {
    name: 'server and embedded gateway',
    command: runner([...testsIn('server'), ...testsIn('fuzz/server')], 2),
    need: ['redis', 'openssl'],
  },
  { name: 'recipes in other languages', command: runner(testsIn('recipes')), need: LANGUAGES },
  { name: 'what is built', command: runner(testsIn('dist')), need: ['chromium', ...STACK] },
  { name: 'packages', command: runner(testsIn('package'), 2), need: ['chromium'] },
  { name: 'documentation', command: runner(testsIn('docs'), 2), need: ['chromium'] },
  {
    name: 'the real stack by raw SIP',
    command: runner([...testsIn('stack'), ...testsIn('fuzz/gateway')], 2),
    need: STACK,
  },
  { name: 'attacks', command: node('test/attack/table.ts'), need: STACK },
  { name: 'everybody can use it', command: runner(testsIn('a11y')), need: [...BROWSERS, ...NO_CALLS] },
  {
    name: 'journeys',
    command: runner(
      testsIn('journey').filter((file) => !isPatient(file) && !isWalled(file)),
      2,
    ),
    need: [...BROWSERS, ...STACK],
  },
  {
    name: 'journeys through a firewall',
    command: runner(testsIn('journey').filter(isWalled)),
    need: [...BROWSERS, ...STACK, ...FIREWALL],
  },
  {
    // The rest of what is tried in a WordPress: npm run test:wordpress.
    name: 'a call from a page of WordPress',
    command: runner(['test/wordpress/journey.test.ts']),
    need: ['chromium', 'kamailio', 'rtpengine', 'baresip', ...WORDPRESS],
    beside: true,
  },
  {
    name: 'journeys that mostly wait',
    command: runner(testsIn('journey').filter(isPatient), 2),
    need: [...BROWSERS, ...STACK, ...SOUND],
  },
  {
    // The whole matrix: npm run test:faults.
    name: 'faults',
    command: node('test/fault/table.ts'),
    env: { FAULTS: 'quick' },
    need: [...BROWSERS, ...STACK, ...FIREWALL],
    beside: true,
  },
];

/** Everything that some step needs. */
export const NEEDS: readonly Need[] = [...new Set(STEPS.flatMap(({ need }) => need))];

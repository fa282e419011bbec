import { fileURLToPath } from 'node:url';
import { esbuildPlugin } from '@web/dev-server-esbuild';
import { chromeLauncher } from '@web/test-runner-chrome';
import { puppeteerLauncher } from '@web/test-runner-puppeteer';
import { register } from 'tsx/esm/api';

// What follows is TypeScript, as the rest of the repository.
register();
const { launchOptions } = await import('./test/support/browsers.ts');
const { buildJsSip } = await import('./test/support/build-jssip.ts');
const { runnerGateway } = await import('./test/support/runner-gateway.ts');
const { keep } = await import('./test/fuzz/support/told-by-node.ts');
/** Asked for by one file alone. */
const describedAttributes = async () =>
  (await import('./test/fuzz/support/described-attributes.ts')).describedAttributes();

/**
 * `JSSIP=plain` runs the same tests with an untrimmed JsSIP, `BROWSERS=chromium` in one browser only, and `TESTS=element`
 * or `TESTS=unit,sip` some of them.
 */
const { JSSIP = 'trimmed', BROWSERS = 'chromium,firefox', TESTS = 'unit,element,sip' } = process.env;

/** What FUZZ_SEED, FUZZ_TIMES and FUZZ_PATH say, for the pages. */
const fuzz = JSON.stringify(Object.fromEntries(Object.entries(process.env).filter(([name]) => /^FUZZ_/.test(name))));

const jssip = await buildJsSip(JSSIP);
const gateway = runnerGateway();
const launchers = { chromium: chromeLauncher, firefox: puppeteerLauncher };

export default {
  files: TESTS.split(',').map((kind) => `test/${kind}/**/*.test.ts`),
  rootDir: fileURLToPath(new URL('.', import.meta.url)),
  nodeResolve: { exportConditions: ['production'] },
  concurrency: 1,
  // In the tests of the element both browsers would register as the same desk.
  concurrentBrowsers: TESTS.includes('element') ? 1 : 2,
  browsers: BROWSERS.split(',').map((name) => launchers[name]({ launchOptions: launchOptions(name) })),
  // Real media on a busy machine: what fails once and passes at the next try is slow, what fails twice is broken.
  testFramework: { config: { timeout: 15_000, retries: 1 } },
  // A fuzz may be a long one.
  testsFinishTimeout: 300_000 * Number(process.env.FUZZ_TIMES ?? 1),
  middleware: [gateway.middleware],
  plugins: [
    gateway.plugin,
    {
      name: 'fuzz',
      executeCommand({ command, payload }) {
        if (command === 'fuzz-figures') return keep(payload).then(() => true);
        if (command === 'described-attributes') return describedAttributes();
      },
    },
    {
      // The page behind a link, and a window of its own, from the sources: Lit's own policy is left out by the build alone.
      name: 'other-windows',
      serve: ({ path }) =>
        path === '/sautikit-call-button.js' ? { body: "import '/src/cdn.ts';", type: 'js' } : undefined,
      transform: ({ path, body }) =>
        path === '/src/call-page/call.html' ? body.replace('trusted-types ', 'trusted-types lit-html ') : undefined,
    },
    {
      name: 'jssip',
      resolveImport({ source }) {
        return source === './jssip.js' ? jssip : undefined;
      },
    },
    esbuildPlugin({
      ts: true,
      target: 'es2022',
      tsconfig: fileURLToPath(new URL('tsconfig.json', import.meta.url)),
      define: { __ENTRY_FILE__: 'undefined', __FUZZ__: fuzz },
    }),
  ],
};

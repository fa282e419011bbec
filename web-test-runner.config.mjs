import { fileURLToPath } from 'node:url';
import { esbuildPlugin } from '@web/dev-server-esbuild';
import { chromeLauncher } from '@web/test-runner-chrome';
import { puppeteerLauncher } from '@web/test-runner-puppeteer';
import { browsers } from './test/support/browsers.mjs';
import { embeddedGateway } from './test/support/gateway-plugin.mjs';
import { buildJsSip } from './test/support/build-jssip.mjs';

/** `JSSIP=plain` runs the same tests with an untrimmed JsSIP. */
const jssip = await buildJsSip(process.env.JSSIP ?? 'trimmed');
const { chromium, firefox } = browsers();
const gateway = embeddedGateway();

/** `BROWSERS=chromium` runs in one browser only, for a quick look. */
const wanted = (process.env.BROWSERS ?? 'chromium,firefox').split(',');

const launchers = {
  chromium: chromeLauncher({ launchOptions: chromium }),
  firefox: puppeteerLauncher({ launchOptions: firefox }),
};

export default {
  files: ['test/{unit,element,sip}/**/*.test.ts'],
  rootDir: fileURLToPath(new URL('.', import.meta.url)),
  nodeResolve: { exportConditions: ['production'] },
  concurrency: 1,
  browsers: wanted.map((name) => launchers[name]),
  testFramework: { config: { timeout: 15_000 } },
  testsFinishTimeout: 300_000,
  middleware: [gateway.middleware],
  plugins: [
    gateway.plugin,
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
      define: { __ENGINE_FILE__: 'undefined' },
    }),
  ],
};

/** `npm run test:wordpress`: everything in a real WordPress. Needs `dist/cdn`; installs from the system what it may. */
import { spawn } from 'node:child_process';
import { filesIn } from '../support/files.js';
import { ensureSystem } from '../support/system.js';

const { missing } = await ensureSystem({
  need: ['chromium', 'php', 'wordpress', 'kamailio', 'rtpengine', 'baresip'],
});
for (const { what, untested } of missing) console.log(`${what} is missing, so this is untested: ${untested}.`);
if (missing.length > 0) process.exit(process.env['CI'] === 'true' ? 1 : 0);

// The group hears an interruption; this process stays until the tests have cleaned up after themselves.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);
const files = filesIn('test/wordpress', '.test.ts');
const test = spawn(
  process.execPath,
  ['--import', 'tsx', '--test', '--test-concurrency=1', '--test-reporter=spec', ...files],
  {
    stdio: 'inherit',
  },
);
test.on('exit', (code) => (process.exitCode = code ?? 1));

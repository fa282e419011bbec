/** `npm run test:wordpress`: everything in a real WordPress. Needs `dist/cdn`; brings from Debian what it may. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { filesIn } from '../support/files.js';
import { ensureSystem } from '../support/system.js';

const { missing } = await ensureSystem({
  need: ['chromium', 'php', 'wordpress', 'kamailio', 'rtpengine', 'baresip'],
});
for (const { what, untested } of missing) console.log(`${what} is missing, so this is untested: ${untested}.`);
if (missing.length > 0) process.exit(1);

// The whole group hears an interruption; this process stays until the tests are over, and removes what they leave then.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);
const folder = await mkdtemp(join(tmpdir(), 'sautikit-test-'));
const files = filesIn('test/wordpress', '.test.ts');
const test = spawn(
  process.execPath,
  ['--import', 'tsx', '--test', '--test-concurrency=1', '--test-reporter=spec', ...files],
  { stdio: 'inherit', env: { ...process.env, TMPDIR: folder } },
);
const [code] = (await once(test, 'exit')) as [number | null];
await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
process.exitCode = code ?? 1;

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const NAME = '@sautikit/call-button';

interface Manifest {
  bin: Record<string, string>;
  dependencies: Record<string, string>;
  exports: Record<string, unknown>;
  sideEffects: string[];
}

/** A project that has the package as npm would install it, and beside it what the package says that it depends on. */
async function install(folder: string): Promise<string> {
  await run('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], { cwd: ROOT });
  const [tarball] = (await readdir(folder)).filter((name) => name.endsWith('.tgz'));
  const modules = join(folder, 'node_modules');
  const unpacked = join(modules, NAME);
  await mkdir(dirname(unpacked), { recursive: true });
  await run('tar', ['xzf', join(folder, tarball!), '-C', folder]);
  await rename(join(folder, 'package'), unpacked);
  await mkdir(join(modules, '.bin'));
  const { bin, dependencies } = await manifestOf(unpacked);
  for (const [command, file] of Object.entries(bin)) {
    await chmod(join(unpacked, file), 0o755);
    await symlink(join(unpacked, file), join(modules, '.bin', command));
  }
  await mkdir(join(modules, '@types'));
  for (const name of [...Object.keys(dependencies), '@types/node'])
    await symlink(join(ROOT, 'node_modules', name), join(modules, name));
  await writeFile(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
  return unpacked;
}

async function manifestOf(folder: string): Promise<Manifest> {
  return JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Manifest;
}

describe('the package as it is published', () => {
  let folder: string;
  let unpacked: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sautikit-pack-'));
    unpacked = await install(folder);
  });

  after(() => rm(folder, { recursive: true }));

  it('has an entry for backends, with its types', async () => {
    const script = `
      import * as server from '${NAME}/server';
      const wanted = ['createTokenHandler', 'createHookHandler', 'createWebhook', 'verifyWebhook', 'toNodeListener'];
      console.log(wanted.map((name) => typeof server[name]).join());`;
    const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', script], { cwd: folder });
    assert.equal(stdout.trim(), Array(5).fill('function').join());

    await writeFile(
      join(folder, 'backend.ts'),
      `import { createSigner, type Lines } from '${NAME}/server';
      export const lines: Lines = { sales: { callee: 'sip:desk@pbx.example' } };
      export const mint = createSigner({ key: 'x'.repeat(32) });`,
    );
    const settings = ['--module', 'nodenext', '--target', 'es2022', '--strict', '--noEmit', '--types', 'node'];
    await run(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), ...settings, 'backend.ts'], {
      cwd: folder,
    });
  });

  it('runs as a command by its name', async () => {
    const config = {
      lines: { sales: { callee: 'sip:desk@pbx.example' } },
      domain: 'gateway.example',
      gatewayUrl: 'wss://gateway.example/',
      allowedOrigins: ['https://shop.example'],
      mint: { type: 'signer', keys: [{ id: 'a', key: { env: 'SIGNING_KEY' } }] },
      hook: { secret: { env: 'HOOK_SECRET' } },
    };
    await writeFile(join(folder, 'lines.json'), JSON.stringify(config));
    const env = { ...process.env, SIGNING_KEY: 'x'.repeat(32), HOOK_SECRET: 'y'.repeat(32) };
    const npx = ['--no-install', NAME, 'check', '--config', 'lines.json'];
    const { stdout } = await run('npx', npx, { cwd: folder, env });
    assert.equal(stdout, 'lines.json is fine\n');
    const help = await run('npx', ['--no-install', NAME, 'doctor', '--help'], { cwd: folder });
    assert.match(help.stdout, /^Usage: doctor <page-url>/);
  });

  it('keeps what servers need out of browsers, and what only servers need out of the other entries', async () => {
    for (const name of ['index.js', 'define.js', 'client.js']) {
      const text = await readFile(join(unpacked, 'dist', name), 'utf8');
      assert.doesNotMatch(text, /node:|ioredis|prom-client|pino/);
    }
    const server = await readFile(join(unpacked, 'dist/server/index.js'), 'utf8');
    assert.doesNotMatch(server, /ready\//);
  });

  it('names only files that exist as those that do something when they are imported', async () => {
    const { sideEffects } = await manifestOf(unpacked);
    for (const file of sideEffects.filter((name) => name.startsWith('./dist/') && !name.includes('*'))) {
      assert.ok((await readFile(join(unpacked, file), 'utf8')).length > 0, file);
    }
  });
});

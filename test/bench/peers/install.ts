import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('.', import.meta.url));

/** Where a bundler finds the peers' packages. */
export const PEERS = join(FOLDER, 'node_modules');

/** Installs exactly what package-lock.json of this folder names, unless it is there already. */
export async function installPeers(): Promise<void> {
  const wanted = JSON.parse(await readFile(join(FOLDER, 'package-lock.json'), 'utf8')) as Lock;
  const there = await readFile(join(PEERS, '.package-lock.json'), 'utf8').then(
    (text) => JSON.parse(text) as Lock,
    (): Lock => ({ packages: {} }),
  );
  const missing = Object.entries(wanted.packages).some(
    ([path, { version }]) => path !== '' && there.packages[path]?.version !== version,
  );
  if (!missing) return;
  // Nothing of theirs runs on this machine by being installed: they are for a browser.
  const npm = spawn('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: FOLDER, stdio: 'inherit' });
  const [code] = (await once(npm, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`npm ci in ${FOLDER} ended with ${code}`);
}

/** The version that is installed. */
export async function peerVersion(name: string): Promise<string> {
  const { version } = JSON.parse(await readFile(join(PEERS, name, 'package.json'), 'utf8')) as { version: string };
  return version;
}

interface Lock {
  packages: Record<string, { version?: string }>;
}

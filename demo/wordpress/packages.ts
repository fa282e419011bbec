import { execFile, execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { findProgram, requireProgram } from '../stack/processes.js';

const run = promisify(execFile);

/** What WordPress runs on, beside PHP itself. Nothing of it is installed: it is unpacked into a folder. */
const PACKAGES = [
  'wordpress',
  'wordpress-theme-twentytwentythree',
  'libjs-cropper',
  'libjs-underscore',
  'php-getid3',
  'mariadb-server-core',
  'libaio1',
  'libnuma1',
  'liburing2',
];

const CACHE = fileURLToPath(new URL('../../.cache/wordpress', import.meta.url));

/** Files below this folder are as they would be below `/`. */
export interface Packages {
  root: string;
  /** What PHP is started with so that it can talk to MariaDB. */
  phpArguments: readonly string[];
}

/** Where the packages are unpacked; undefined where they are not yet. */
export function unpackedRoot(): string | undefined {
  const php = findProgram('php');
  const root = php && rootOf(phpFacts(php).version);
  return root !== undefined && existsSync(root) ? root : undefined;
}

/** Downloads Debian's packages once, and unpacks them. Nothing of that takes root. */
export async function unpackedPackages(): Promise<Packages> {
  const { version, extensions } = phpFacts(requireProgram('php', 'php-cli'));
  const root = rootOf(version);
  if (!existsSync(root)) await unpack([...PACKAGES, `php${version}-mysql`], root);
  // They are unpacked where Debian has its own PHP look for them.
  const phpArguments = ['mysqlnd', 'mysqli'].flatMap((name) => ['-d', `extension=${join(root, extensions, name)}.so`]);
  return { root, phpArguments };
}

/** Extensions are of one release of PHP. */
const rootOf = (version: string): string => join(CACHE, `debian-php${version}`);

function phpFacts(php: string): { version: string; extensions: string } {
  const code = 'echo PHP_MAJOR_VERSION, ".", PHP_MINOR_VERSION, " ", PHP_EXTENSION_DIR;';
  const [version = '', extensions = ''] = execFileSync(php, ['-r', code], { encoding: 'utf8' }).split(' ');
  return { version, extensions };
}

async function unpack(packages: readonly string[], root: string): Promise<void> {
  await mkdir(CACHE, { recursive: true });
  const folder = await mkdtemp(join(CACHE, 'unpacking-'));
  try {
    // As root apt would hand over to a user of its own, who may not write here.
    const asWeAre = ['-o', 'APT::Sandbox::User=root'];
    const apt = requireProgram('apt-get', 'apt');
    const download = () => run(apt, [...asWeAre, 'download', ...packages], { cwd: folder });
    // A machine that has never asked what there is has to be told to; that takes root, and so the first error counts.
    await download().catch(async (error: Error) => {
      await run(apt, ['update', '-q']).catch(() => Promise.reject(error));
      await download();
    });
    const made = join(folder, 'root');
    for (const file of (await readdir(folder)).filter((name) => name.endsWith('.deb'))) {
      await run('dpkg-deb', ['-x', join(folder, file), made]);
    }
    // Whole, or not at all: a run that is interrupted leaves nothing that looks finished.
    await mkdir(dirname(root), { recursive: true });
    await rename(made, root);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

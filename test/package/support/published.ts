import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { PackageManifest } from '../../../build/package-entries.js';
import { lockFor, type Lock } from './lock.js';

export const run = promisify(execFile);
export const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
export const NAME = '@sautikit/call-button';

/** The package as it would be published. */
export interface Tarball {
  path: string;
  integrity: string;
  /** Paths of what is in it. */
  files: string[];
}

/** A project of somebody who has installed the package. */
export interface Project {
  folder: string;
  tarball: Tarball;
  /** Where the package is. */
  installed: string;
  /** Writes files into the project, by their paths. */
  write(files: Readonly<Record<string, string>>): Promise<void>;
  remove(): Promise<void>;
}

export const manifestOf = async (folder: string): Promise<PackageManifest> =>
  JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as PackageManifest;

async function pack(folder: string): Promise<Tarball> {
  const { stdout } = await run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], {
    cwd: ROOT,
    maxBuffer: 16 * 1024 * 1024,
  });
  const [packed] = JSON.parse(stdout) as { filename: string; integrity: string; files: { path: string }[] }[];
  const { filename, integrity, files } = packed!;
  return { path: join(folder, filename), integrity, files: files.map(({ path }) => path) };
}

/**
 * Makes an empty project and has npm install the packed package into it, with what the package depends on, at the
 * versions of our own lock file: those are in npm's cache already.
 *
 * @param also what else the project depends on, by names in our own lock file
 */
export async function freshProject(also: readonly string[] = []): Promise<Project> {
  const folder = await mkdtemp(join(tmpdir(), 'sautikit-project-'));
  try {
    const tarball = await pack(folder);
    const lock = JSON.parse(await readFile(join(ROOT, 'package-lock.json'), 'utf8')) as Lock;
    const { manifest, lock: own } = lockFor(await manifestOf(ROOT), tarball, lock, also);
    const project: Project = {
      folder,
      tarball,
      installed: join(folder, 'node_modules', NAME),
      async write(files) {
        for (const [path, text] of Object.entries(files)) {
          await mkdir(join(folder, path, '..'), { recursive: true });
          await writeFile(join(folder, path), text);
        }
      },
      remove: () => rm(folder, { recursive: true, force: true }),
    };
    await project.write({ 'package.json': JSON.stringify(manifest), 'package-lock.json': JSON.stringify(own) });
    await run('npm', ['ci', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts'], { cwd: folder });
    return project;
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

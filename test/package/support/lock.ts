import { basename } from 'node:path';
import type { PackageManifest } from '../../../build/package-entries.js';
import type { Tarball } from './published.js';

/** A package in a lock file. */
interface Locked {
  version?: string;
  resolved?: string;
  integrity?: string;
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  bin?: Record<string, string>;
  dev?: boolean;
  optional?: boolean;
}

/** npm's lock file, by the places in `node_modules`. */
export interface Lock {
  lockfileVersion: number;
  packages: Record<string, Locked>;
}

const inside = (place: string, name: string): string => `${place ? `${place}/` : ''}node_modules/${name}`;

/** Where a package that stands at `place` finds another one, as Node looks for it. */
function placeOf(name: string, place: string, { packages }: Lock): string | undefined {
  for (let at = place; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
    if (packages[inside(at, name)]) return inside(at, name);
    if (!at) return undefined;
  }
}

/** Every package that `names` need, as our own lock file has it. */
function closure(names: readonly string[], ours: Lock): Lock['packages'] {
  const found: Lock['packages'] = {};
  const visit = (name: string, from: string): void => {
    const place = placeOf(name, from, ours);
    if (!place || found[place]) return;
    const { dev: _dev, optional: _optional, ...locked } = ours.packages[place]!;
    found[place] = locked;
    const { dependencies, optionalDependencies } = locked;
    for (const next of Object.keys({ ...dependencies, ...optionalDependencies })) visit(next, place);
  };
  for (const name of names) visit(name, '');
  return found;
}

/** What `npm ci` needs to make a project with the packed package, and with what else is named, out of our own lock file. */
export function lockFor(
  { name, version, dependencies, bin }: PackageManifest,
  tarball: Tarball,
  ours: Lock,
  also: readonly string[],
): { manifest: object; lock: Lock } {
  const file = `file:${basename(tarball.path)}`;
  const versions = also.map((other) => [other, ours.packages[inside('', other)]!.version!] as const);
  const root = { dependencies: { [name]: file, ...Object.fromEntries(versions) } };
  return {
    manifest: { private: true, type: 'module', ...root },
    lock: {
      lockfileVersion: 3,
      packages: {
        '': root,
        [inside('', name)]: { version, resolved: file, integrity: tarball.integrity, dependencies, bin },
        ...closure([...Object.keys(dependencies), ...also], ours),
      },
    },
  };
}

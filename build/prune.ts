/**
 * Removes what nobody can reach who installs the package: the compiler writes a module and a declaration for each source,
 * also where one of the two has nothing in it.
 */
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { entriesOf, type PackageManifest } from './package-entries.js';
import { reachableFrom } from './reachable-files.js';

const { files, types } = entriesOf(JSON.parse(readFileSync('package.json', 'utf8')) as PackageManifest);
const needed = reachableFrom([...files, ...types]);
for (const name of readdirSync('dist', { recursive: true, encoding: 'utf8' })) {
  const file = join('dist', name);
  const isOurs = file.endsWith('.d.ts') || /^dist.server.+\.js$/.test(file);
  if (isOurs && !needed.has(file)) rmSync(file);
}

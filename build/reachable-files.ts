import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';

const DECLARATIONS = /\.d\.ts$/;

/** The file that a relative import leads to: declarations name the file that they describe. */
const target = (from: string, specifier: string): string => {
  const path = join(dirname(from), specifier);
  return DECLARATIONS.test(from) ? path.replace(/(\.d)?\.[jt]s$/, '.d.ts') : path;
};

/**
 * The entries, and every file that they import, directly or through others, sooner or later.
 *
 * @param entries modules or type declarations, as paths
 * @throws {Error} where one of them does not exist
 */
export function reachableFrom(entries: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (file: string, from: string): void => {
    if (found.has(file)) return;
    if (!existsSync(file)) throw new Error(`${file} does not exist, and ${from} needs it`);
    found.add(file);
    if (!/\.(js|d\.ts)$/.test(file)) return;
    for (const { fileName } of ts.preProcessFile(readFileSync(file, 'utf8'), true, true).importedFiles)
      if (fileName.startsWith('.')) visit(target(file, fileName), file);
  };
  for (const entry of entries) visit(join(entry), 'the package');
  return found;
}

import { readdirSync, readFileSync } from 'node:fs';
import { at } from '../shared-config.js';
import type { BuiltFile } from './script-tag-build.js';

/** The packages that are in the files, by name. */
export const packagesIn = (files: readonly Pick<BuiltFile, 'modules'>[]): string[] => [
  ...new Set(
    files.flatMap(({ modules }) =>
      Object.keys(modules).flatMap((path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []),
    ),
  ),
];

/** What the files for a page are made of, and on which terms each may be passed on: their licences ask to go along. */
export function licences(files: readonly BuiltFile[]): string {
  const texts = packagesIn(files)
    .sort()
    .map((name) => {
      const folder = at(`node_modules/${name}`);
      const file = readdirSync(folder).find((one) => /^licen[sc]e(\.\w+)?$/i.test(one));
      if (!file) throw new Error(`${name} has no licence to pass on`);
      return `${name}\n\n${readFileSync(`${folder}/${file}`, 'utf8').trim()}`;
    });
  const own = `Sautikit Call Button\n\n${readFileSync(at('LICENSE'), 'utf8').trim()}`;
  return `${[own, ...texts].join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}

import { fileURLToPath } from 'node:url';
import { cli } from '@custom-elements-manifest/analyzer/cli.js';

let attributes: Promise<string[]> | undefined;

/** The name of every attribute that the element's manifest describes; a test of the package holds that it leaves none out. */
export const describedAttributes = (): Promise<string[]> => (attributes ??= analyze());

async function analyze(): Promise<string[]> {
  const argv = ['analyze', '--config', 'test/fuzz/support/manifest.config.mjs'];
  const cwd = fileURLToPath(new URL('../../..', import.meta.url));
  const { modules } = await cli({ argv, cwd, noWrite: true });
  const declarations = modules.flatMap((module) => module.declarations ?? []);
  const names = declarations.flatMap((each) => ('attributes' in each && each.attributes ? each.attributes : []));
  // A property of the element's own has no attribute, whatever the analyzer takes it for.
  return names.map(({ name }) => name).filter((name) => !name.startsWith('_'));
}

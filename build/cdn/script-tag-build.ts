import { readFile } from 'node:fs/promises';
import { transform } from 'esbuild';
import { minify } from 'terser';
import { at } from '../shared-config.js';
import { bundle, type Bundle } from './bundle.js';
import { integrityOf } from './integrity.js';
import { banner, stable, versioned } from './names.js';
import { pinImports } from './pin-imports.js';

export interface BuiltFile extends Bundle {
  /** What the name says; `entry` where it says nothing. */
  part: string;
  /** By which it never changes again. */
  name: string;
  /** By which the newest version is found, where a page names the file itself. */
  alias?: string;
  integrity: string;
}

/** Parts by the file of their source, where that is called otherwise. */
const PARTS: Readonly<Record<string, string>> = { cdn: 'entry', 'user-agent': 'sip', call: 'call-page' };

/** What it knows of the file that a page loads: its name, beside whatever asks. */
const ENTRY = { __ENTRY_FILE__: JSON.stringify(`./${versioned()}`) };

/**
 * Makes the script-tag build: the entry, which a page loads; what the entry imports when it is needed, each in a file that
 * stands alone, so that none has a third to wait for; all of it in one file; and the loader.
 */
export async function buildScriptTag(): Promise<BuiltFile[]> {
  const modules = new Map<string, Promise<BuiltFile>>();
  const fileOf = (module: string): Promise<BuiltFile> => {
    const file = modules.get(module) ?? buildModule(module);
    modules.set(module, file);
    return file;
  };
  const buildModule = async (module: string): Promise<BuiltFile> => {
    const stem = /([\w-]+)\.ts$/.exec(module)![1]!;
    const made = await bundle(module, { plugins: [pinImports(fileOf)], define: ENTRY });
    return finish(PARTS[stem] ?? stem, made);
  };

  const entry = await fileOf('src/cdn.ts');
  const lazy = (await Promise.all(modules.values())).filter((file) => file !== entry);
  return [
    { ...entry, alias: stable() },
    { ...(await buildLoader(entry)), alias: stable('loader') },
    { ...finish('iife', sayVersion(await bundle('src/cdn.ts', { format: 'iife' }))), alias: stable('iife') },
    ...lazy.sort((a, b) => b.code.length - a.code.length),
    // Loaded by a page itself, so it is no part of what a call costs; the names that Matomo reads begin with an underscore.
    {
      ...finish('analytics', await bundle('src/analytics/analytics.ts', { mangle: false })),
      alias: stable('analytics'),
    },
    finish('call-page', await bundle('src/call-page/call.ts')),
    finish('call-page', await styles('src/call-page/call.css'), 'css'),
  ];
}

const finish = (part: string, made: Bundle, type = 'js'): BuiltFile => ({
  ...made,
  part,
  name: versioned(part === 'entry' ? undefined : part, type),
  integrity: integrityOf(made.code),
});

/** For the file that names no other, by whose name its version could be told. */
const sayVersion = (made: Bundle): Bundle => ({ ...made, code: `${banner}\n${made.code}` });

/** The loader imports nothing, and has to be read by what reads ES5 only, which no bundler writes. */
async function buildLoader(entry: BuiltFile): Promise<BuiltFile> {
  const source = await readFile(at('src/loader.ts'), 'utf8');
  const define = { ...ENTRY, __ENTRY_INTEGRITY__: JSON.stringify(entry.integrity) };
  const { code: plain } = await transform(source, { loader: 'ts', define });
  // Refuses what it cannot say in ES5.
  const { code } = await transform(plain, { target: 'es5' });
  const { code: small } = await minify(code, { ecma: 5, compress: { passes: 3 } });
  return finish('loader', { code: small!, modules: { 'src/loader.ts': code.length } });
}

async function styles(path: string): Promise<Bundle> {
  const { code } = await transform(await readFile(at(path), 'utf8'), {
    loader: 'css',
    minify: true,
    target: 'chrome111',
  });
  return { code, modules: { [path]: code.length } };
}

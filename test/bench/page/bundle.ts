import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';
import { build, loadConfigFromFile, type InlineConfig, type UserConfig } from 'vite';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

async function viteBuild(config: InlineConfig): Promise<string> {
  const outDir = await mkdtemp(join(tmpdir(), 'sautikit-bench-'));
  try {
    await build({
      ...config,
      configFile: false,
      root: ROOT,
      logLevel: 'error',
      build: { ...config.build, outDir, emptyOutDir: true, copyPublicDir: false },
    });
    return await readFile(join(outDir, 'entry.js'), 'utf8');
  } finally {
    await rm(outDir, { recursive: true });
  }
}

/** One file of an entry of ours, as Vite makes it for a site with no settings of its own. */
export const bundleForSite = (entry: string): Promise<string> =>
  viteBuild({
    // What is not beside the file that imports it is in the benchmarks' own folder.
    plugins: [
      {
        name: 'peers',
        enforce: 'pre',
        resolveId(source, importer) {
          const bare = /^@?[a-z]/.test(source) && importer?.startsWith(here('peers/'));
          return bare ? this.resolve(source, here('../peers/package.json'), { skipSelf: true }) : undefined;
        },
      },
    ],
    build: {
      modulePreload: false,
      rolldownOptions: {
        input: here(entry),
        output: { entryFileNames: 'entry.js', codeSplitting: false },
      },
    },
  });

/** One file of an entry of the product, with the settings of its script-tag build. */
export async function bundleAsShipped(entry: string): Promise<string> {
  const loaded = await loadConfigFromFile({ command: 'build', mode: 'cdn' }, join(ROOT, 'vite.config.ts'));
  const config: UserConfig = loaded!.config;
  return await viteBuild({
    ...config,
    build: { ...config.build, lib: { entry: join(ROOT, entry), formats: ['es'], fileName: () => 'entry.js' } },
  });
}

/** JsSIP as most of its users have it: bundled by esbuild, minified, nothing replaced. */
export async function bundlePlainJsSip(): Promise<string> {
  const { outputFiles } = await esbuild.build({
    entryPoints: [here('peers/jssip.js')],
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    define: { global: 'globalThis' },
    write: false,
    logLevel: 'error',
  });
  return outputFiles[0]!.text;
}

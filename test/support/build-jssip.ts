import { fileURLToPath } from 'node:url';
import { build, loadConfigFromFile } from 'vite';

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Makes one ES module of JsSIP for tests in a browser, since JsSIP is CommonJS: `trimmed` as it ships, or `plain` with
 * nothing but three of its requirements replaced.
 *
 * @returns its address on the test runner's server
 */
export async function buildJsSip(kind: 'trimmed' | 'plain'): Promise<string> {
  const loaded = await loadConfigFromFile({ command: 'build', mode: 'test' }, `${root}vite.config.ts`);
  const { resolve, plugins } = loaded!.config;
  await build({
    configFile: false,
    root,
    logLevel: 'warn',
    resolve: resolve!,
    plugins: kind === 'trimmed' ? plugins! : [],
    build: {
      outDir: `${root}.cache/jssip`,
      emptyOutDir: false,
      minify: false,
      target: 'es2022',
      lib: { entry: `${root}src/sip/jssip.ts`, formats: ['es'], fileName: () => `${kind}.js` },
    },
  });
  return `/.cache/jssip/${kind}.js`;
}

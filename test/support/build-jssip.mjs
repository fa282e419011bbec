import { fileURLToPath } from 'node:url';
import { build, loadConfigFromFile } from 'vite';

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Makes one ES module of JsSIP for tests in a browser, since JsSIP is CommonJS: `trimmed` as it ships, or `plain` with
 * nothing but the loggers replaced.
 */
export async function buildJsSip(kind = 'trimmed') {
  const { config } = await loadConfigFromFile({ command: 'build', mode: 'test' }, `${root}vite.config.ts`);
  await build({
    configFile: false,
    root,
    logLevel: 'warn',
    resolve: config.resolve,
    plugins: kind === 'trimmed' ? config.plugins : [],
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

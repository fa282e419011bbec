import { minifyTemplateLiterals } from 'rollup-plugin-minify-template-literals';
import { build, type Plugin } from 'vite';
import { minifyStyles } from '../minify-styles.js';
import { packCatalogues } from '../pack-messages.js';
import { at, sharedConfig } from '../shared-config.js';
import { trimJsSip } from '../trim-jssip.js';
import { trimLit } from '../trim-lit.js';
import { squeeze } from './squeeze.js';

export interface Bundle {
  code: string;
  /** Characters of each source module that stand in the file, by its path from the root, before names are shortened. */
  modules: Record<string, number>;
}

export interface BundleOptions {
  /** An ES module, or a classic script. */
  format?: 'es' | 'iife';
  plugins?: Plugin[];
  /** Whether members that begin with an underscore are nobody else's. Default: they are. */
  mangle?: boolean;
  /** What the sources know by these names. */
  define?: Record<string, string>;
}

/** Makes one file of a source module and of all that it imports. */
export async function bundle(
  module: string,
  { format = 'es', plugins = [], mangle = true, define = {} }: BundleOptions = {},
): Promise<Bundle> {
  const built = await build({
    ...sharedConfig,
    configFile: false,
    root: at(''),
    logLevel: 'warn',
    define: { ...sharedConfig.define, ...define },
    plugins: [
      ...plugins,
      trimJsSip(),
      trimLit(),
      packCatalogues(),
      minifyStyles(),
      minifyTemplateLiterals({ include: 'src/element/**' }),
      ...(mangle ? [squeeze(format === 'es')] : []),
    ],
    build: {
      ...sharedConfig.build,
      write: false,
      // A classic script needs a name for what it exports, which is nothing.
      lib: { entry: at(module), formats: [format], name: 'nothing', fileName: () => 'file.js' },
      // A file waits for those that it imports, so times tell nothing.
      rolldownOptions: { output: { minify: true }, checks: { pluginTimings: false } },
    },
  });
  const files = [built].flat().flatMap((result) => ('output' in result ? result.output : []));
  const [file, ...more] = files;
  if (file?.type !== 'chunk' || more.length > 0)
    throw new Error(`${module} became ${files.map(({ fileName }) => fileName).join(', ')} and not one file`);
  return {
    code: file.code,
    modules: Object.fromEntries(
      Object.entries(file.modules)
        .map(([id, { renderedLength }]) => [id.replace(at(''), '').replace(/^\0/, ''), renderedLength] as const)
        .filter(([, length]) => length > 0)
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    ),
  };
}

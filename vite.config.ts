import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { minifyTemplateLiterals } from 'rollup-plugin-minify-template-literals';
import { minify } from 'terser';
import { defineConfig, type Plugin, type UserConfig } from 'vite';
import { minifyStyles } from './build/minify-styles.js';
import { packCatalogues } from './build/pack-messages.js';
import { trimJsSip } from './build/trim-jssip.js';
import { trimLit } from './build/trim-lit.js';

const { version } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8')) as { version: string };
const engineFile = `sautikit-call-button.engine.${version}.js`;
const sipFile = `sautikit-call-button.sip.${version}.js`;
const beforeCallFile = `sautikit-call-button.before-call.${version}.js`;
const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** What JsSIP gets instead of four of its requirements, in every build and in the development server. */
export const standIns = [
  { find: /^debug$/, replacement: at('src/sip/stand-ins/debug.ts') },
  { find: /^events$/, replacement: at('src/sip/stand-ins/events.ts') },
  { find: /^sdp-transform$/, replacement: at('src/sip/stand-ins/sdp-transform.ts') },
  { find: /^\.\.\/package\.json$/, replacement: at('src/sip/stand-ins/package.json') },
];

/**
 * A second pass over what the bundler has minified: it drops the parser rules that nothing reaches any more, and shortens
 * the names of private members, JsSIP's and ours, which begin with an underscore. Each file stands alone, so no name is
 * shared between two of them.
 */
const squeeze: Plugin = {
  name: 'squeeze',
  renderChunk: {
    order: 'post',
    async handler(code) {
      const { code: smaller } = await minify(code, {
        module: true,
        ecma: 2020,
        compress: { passes: 3 },
        mangle: { properties: { regex: /^_[a-zA-Z]/ } },
      });
      return { code: smaller!, map: null };
    },
  },
};

const shared: UserConfig = {
  define: { __ENGINE_FILE__: 'undefined', __SIP_FILE__: 'undefined' },
  resolve: { alias: standIns },
  plugins: [trimJsSip()],
  build: { target: ['chrome111', 'firefox128', 'safari16.4'], modulePreload: false },
};

/**
 * Files that are built by themselves, in a pass of their own: each stands alone, so that none has a third to wait for, and
 * one that failed to load is loaded again without the others.
 */
const APART: Readonly<Record<string, string>> = {
  './before-call.js': beforeCallFile,
  '../sip/user-agent.js': sipFile,
};
const apart: Plugin = {
  name: 'apart',
  enforce: 'pre',
  resolveId: (source) => (source in APART ? { id: `./${APART[source]}`, external: true } : undefined),
};

const scriptTag = (entry: string, fileName: string, more: Plugin[], emptyOutDir: boolean): UserConfig => ({
  ...shared,
  define: { __ENGINE_FILE__: JSON.stringify(`./${engineFile}`), __SIP_FILE__: JSON.stringify(`./${sipFile}`) },
  plugins: [
    ...more,
    trimJsSip(),
    trimLit(),
    packCatalogues(),
    minifyStyles(),
    minifyTemplateLiterals({ include: 'src/element/**' }),
    squeeze,
  ],
  build: {
    ...shared.build,
    outDir: 'dist/cdn',
    emptyOutDir,
    lib: { entry: at(entry), formats: ['es'], fileName: () => fileName },
    rolldownOptions: {
      output: { minify: true, chunkFileNames: `sautikit-call-button.[name].${version}.js` },
    },
  },
});

/** The script-tag build: one entry that a page loads, two lazy files that a call loads, and one for each language. */
const cdn = scriptTag('src/cdn.ts', 'sautikit-call-button.js', [apart], true);
/** Its other passes; the languages come out the same. */
const cdnSip = scriptTag('src/sip/user-agent.ts', sipFile, [], false);
const cdnBeforeCall = scriptTag('src/element/before-call.ts', beforeCallFile, [], false);

/** The listener for analytics: a page loads it by itself, so it is no part of what a call costs. */
const cdnAnalytics: UserConfig = {
  ...shared,
  build: {
    ...shared.build,
    outDir: 'dist/cdn',
    emptyOutDir: false,
    lib: {
      entry: at('src/analytics/analytics.ts'),
      formats: ['es'],
      fileName: () => 'sautikit-call-button.analytics.js',
    },
    rolldownOptions: { output: { minify: true } },
  },
};

/** The npm build: only `lit` stays a bare import, so that a page has one Lit; JsSIP is inside. */
const npm: UserConfig = {
  ...shared,
  build: {
    ...shared.build,
    outDir: 'dist',
    // With what an earlier build left; the script-tag build comes after this one.
    emptyOutDir: true,
    lib: {
      entry: {
        index: at('src/index.ts'),
        define: at('src/define.ts'),
        client: at('src/client.ts'),
        doctor: at('src/doctor.ts'),
      },
      formats: ['es'],
    },
    rolldownOptions: {
      external: [/^lit(\/|$)/],
      output: { entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
    },
  },
};

export default defineConfig(
  ({ mode }) =>
    ({ cdn, 'cdn-sip': cdnSip, 'cdn-before-call': cdnBeforeCall, 'cdn-analytics': cdnAnalytics, npm })[mode] ?? shared,
);

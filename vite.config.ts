import { defineConfig, type UserConfig } from 'vite';
import { at, sharedConfig } from './build/shared-config.js';

/** The npm build: only `lit` stays a bare import, so that a page has one Lit; JsSIP is inside. For the other see `build/cdn`. */
const npm: UserConfig = {
  ...sharedConfig,
  build: {
    ...sharedConfig.build,
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

export default defineConfig(({ mode }) => (mode === 'npm' ? npm : sharedConfig));

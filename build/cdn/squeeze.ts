import { minify } from 'terser';
import type { Plugin } from 'vite';

/**
 * A second pass over what the bundler has minified: it drops the parser rules that nothing reaches any more, and shortens
 * the names of private members, JsSIP's and ours, which begin with an underscore. Each file stands alone, so no name is
 * shared between two of them.
 *
 * @param module false for a classic script
 */
export const squeeze = (module: boolean): Plugin => ({
  name: 'squeeze',
  renderChunk: {
    order: 'post',
    async handler(code) {
      const { code: smaller } = await minify(code, {
        module,
        ecma: 2020,
        compress: { passes: 3 },
        mangle: { properties: { regex: /^_[a-zA-Z]/ } },
      });
      return { code: smaller!, map: null };
    },
  },
});

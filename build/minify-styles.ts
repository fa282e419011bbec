import { transform } from 'esbuild';
import type { Plugin } from 'vite';

/** A style sheet as our files write it: an argument or a value, into which nothing is put. */
const SHEET = /([(=]\s*css)`((?:[^`$]|\$(?!\{))*)`/g;

/** Takes the white space out of the style sheets in `*.styles.ts`; they are plain text to the bundler. */
export function minifyStyles(): Plugin {
  return {
    name: 'minify-styles',
    enforce: 'pre',
    async transform(code, id) {
      if (!/\.styles\.ts$|\/styles\/[\w-]+\.ts$/.test(id)) return undefined;
      const sheets = [...code.matchAll(SHEET)];
      const minified = await Promise.all(
        sheets.map(([, , text]) => transform(text!, { loader: 'css', minify: true, target: 'chrome111' })),
      );
      let index = 0;
      return {
        code: code.replace(SHEET, (_, tag: string) => `${tag}\`${minified[index++]!.code.trim()}\``),
        map: null,
      };
    },
  };
}

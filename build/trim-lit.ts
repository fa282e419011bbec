import type { Plugin } from 'vite';

/** Lit's three packages: what each tells the page, and which helper for older browsers it asks the page for. */
const FILES: Readonly<Record<string, readonly RegExp[]>> = {
  'lit-html/lit-html.js': [/\(t\.litHtmlVersions\?\?=\[\]\)\.push\("[^"]*"\)/, /t\.litHtmlPolyfillSupport/],
  '@lit/reactive-element/reactive-element.js': [
    /\(a\.reactiveElementVersions\?\?=\[\]\)\.push\("[^"]*"\)/,
    /a\.reactiveElementPolyfillSupport/,
    // For decorators, which this package does not use.
    /a\.litPropertyMetadata\?\?=new WeakMap/,
    /if\(null!==t\)\{const s=litPropertyMetadata\.get\(t\);if\(void 0!==s\)[^}]*\}/,
  ],
  'lit-element/lit-element.js': [/\(s\.litElementVersions\?\?=\[\]\)\.push\("[^"]*"\)/, /s\.litElementPolyfillSupport/],
};

/**
 * For the script-tag build, where Lit belongs to us alone: it leaves no list of versions on `window`, and looks there for no
 * helper for browsers without shadow roots, which this build does not run in anyway.
 */
export function trimLit(): Plugin {
  return {
    name: 'trim-lit',
    enforce: 'pre',
    transform(code, id) {
      const file = Object.keys(FILES).find((name) => id.endsWith(name));
      if (!file) return undefined;
      const trimmed = FILES[file]!.reduce((text, pattern) => {
        if (!pattern.test(text)) throw new Error(`Lit has changed: nothing in ${file} matches ${pattern}`);
        // A statement goes; an expression leaves nothing in its place.
        return text.replace(pattern, (found) => (found.startsWith('if') ? '' : 'void 0'));
      }, code);
      return { code: trimmed, map: null };
    },
  };
}

import { customElementJetBrainsPlugin } from 'custom-element-jet-brains-integration';
import { customElementVsCodePlugin } from 'custom-element-vs-code-integration';
import { frameworkTypes } from './build/manifest/framework-types.js';
import { publishedManifest } from './build/manifest/published-manifest.js';

const editors = 'dist/editors';

/** What tools read about the element: the manifest itself, data for two editors, and types for four frameworks. */
export default {
  globs: ['src/element/call-button.ts'],
  outdir: 'dist',
  litelement: true,
  packagejson: false,
  plugins: [
    publishedManifest(),
    frameworkTypes('dist/jsx'),
    customElementVsCodePlugin({
      outdir: editors,
      htmlFileName: 'vscode.html-custom-data.json',
      cssFileName: 'vscode.css-custom-data.json',
      hideLogs: true,
    }),
    customElementJetBrainsPlugin({
      outdir: editors,
      webTypesFileName: 'web-types.json',
      packageJson: false,
      hideLogs: true,
    }),
  ],
};

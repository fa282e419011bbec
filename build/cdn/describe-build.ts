import { brotliCompressSync, gzipSync } from 'node:zlib';
import { stable, version, versioned } from './names.js';
import type { BuiltFile } from './script-tag-build.js';

/** When a browser asks for a part. The languages are one line together. */
const WHEN: Readonly<Record<string, string>> = {
  entry: 'at once, by the page',
  loader: 'at once, by a page that can only take a classic script; it loads the entry',
  iife: 'at once, by a page that wants a single file; nothing else is loaded then',
  engine: 'when a visitor shows intent',
  sip: 'when a visitor shows intent',
  'before-call': 'where the page names a `status-url`, or the browser cannot call',
  floating: 'in a browser without anchor positioning, when the panel opens',
  qr: 'where a way out is shown as a code',
  analytics: 'by a page that counts calls',
  'call-page': 'by `call.html`',
};

/** The README of `dist/cdn`: the lines for a page, its policies, and the exact bytes of each file. */
export function describeBuild(files: readonly BuiltFile[]): string {
  const hash = (part: string) => files.find((file) => file.part === part)!.integrity;
  const number = (bytes: number) => bytes.toLocaleString('en');
  const rows = files.map(({ part, name, code }) => {
    const bytes = Buffer.byteLength(code);
    const gzip = gzipSync(code, { level: 9 }).length;
    const brotli = brotliCompressSync(code).length;
    return `| ${name} | ${number(bytes)} | ${number(gzip)} | ${number(brotli)} | ${WHEN[part] ?? 'a language, when a panel shows it'} |`;
  });
  return `# Sautikit Call Button ${version}: the files for a page

Put all files into one folder. Whatever has a version in its name never changes; \`integrity.json\` has their hashes.

The module (what a page should use):

    <script type="module" crossorigin
      src="https://cdn.example/${versioned()}"
      integrity="${hash('entry')}"></script>
    <sautikit-call-button token-url="/api/sip-token" line="sales">Call us</sautikit-call-button>

The loader, where only a classic script can be pasted; it loads the module, with its hash, from its own folder:

    <script async crossorigin
      src="https://cdn.example/${versioned('loader')}"
      integrity="${hash('loader')}"></script>

One file with everything:

    <script async crossorigin
      src="https://cdn.example/${versioned('iife')}"
      integrity="${hash('iife')}"></script>

\`${stable()}\`, \`${stable('loader')}\` and \`${stable('iife')}\` are this version until there is a newer one: without \`integrity\`.

Content-Security-Policy, with your own origins:

    script-src https://cdn.example;
    connect-src https://shop.example wss://gateway.example;

No \`style-src\`, \`img-src\`, \`media-src\`, \`font-src\`, \`worker-src\` or \`unsafe-…\` is needed. With Trusted Types:

    require-trusted-types-for 'script';
    trusted-types sautikit-call-button sautikit-call-button-window sautikit-call-button-loader;

(the second for a call that moves into a window of its own, the third for the loader), and to let the page use the microphone:

    Permissions-Policy: microphone=(self)

| file | bytes | gzip | brotli | loaded |
| --- | ---: | ---: | ---: | --- |
${rows.join('\n')}
`;
}

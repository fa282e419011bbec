import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { PEERS, peerVersion } from '../peers/install.js';

/** What is compared, in the order of the tables. */
export const SYSTEMS = ['sautikit', 'jssip', 'sip.js'] as const;
export type System = (typeof SYSTEMS)[number];

/** How the tables call them. */
export const TITLES: Record<System, string> = {
  sautikit: 'this project',
  jssip: 'JsSIP as documented',
  'sip.js': 'SIP.js SimpleUser',
};

const SCRIPTS: Partial<Record<System, string>> = { jssip: 'jssip.js', 'sip.js': 'sip-js.js' };

/** The line that all of them call. */
export const LINE = 'bench';

/** The scripts of the peers' pages, bundled and minified as a site would, by the path that they are served under. */
export async function buildPeerScripts(): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>();
  for (const script of Object.values(SCRIPTS)) {
    const { outputFiles } = await build({
      entryPoints: [fileURLToPath(new URL(`pages/${script}`, import.meta.url))],
      nodePaths: [PEERS],
      // The same package may be a dependency of this project too, and would be found first.
      alias: { jssip: join(PEERS, 'jssip'), 'sip.js': join(PEERS, 'sip.js') },
      bundle: true,
      minify: true,
      format: 'esm',
      target: 'es2022',
      write: false,
      logLevel: 'warning',
    });
    files.set(`/${script}`, Buffer.from(outputFiles[0]!.contents));
  }
  return files;
}

/** The page of one system; all three know the gateway's address beforehand. */
export function pageOf(system: System, gatewayUrl: string): string {
  const script = SCRIPTS[system];
  const [source, body] =
    script === undefined
      ? [
          '/cdn/sautikit-call-button.js',
          `<sautikit-call-button data-call token-url="/api/sip-token" gateway-url="${gatewayUrl}" line="${LINE}">Call us</sautikit-call-button>`,
        ]
      : [`/${script}`, '<button data-call type="button">Call us</button><audio autoplay></audio>'];
  return `<!doctype html>
<html lang="en" data-gateway-url="${gatewayUrl}" data-line="${LINE}">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>${system}</title>
    <link rel="icon" href="data:," />
    <script type="module" src="${source}"></script>
  </head>
  <body style="margin: 100px">${body}</body>
</html>
`;
}

export async function versions(): Promise<Record<string, string>> {
  return { jssip: await peerVersion('jssip'), 'sip.js': await peerVersion('sip.js') };
}

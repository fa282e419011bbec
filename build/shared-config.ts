import { fileURLToPath } from 'node:url';
import type { UserConfig } from 'vite';
import { version } from './cdn/names.js';
import { trimJsSip } from './trim-jssip.js';

/** A file of the project, from its root. */
export const at = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));

/** What JsSIP gets instead of four of its requirements, in every build and in the development server. */
const standIns = [
  { find: /^debug$/, replacement: at('src/sip/stand-ins/debug.ts') },
  { find: /^events$/, replacement: at('src/sip/stand-ins/events.ts') },
  { find: /^sdp-transform$/, replacement: at('src/sip/stand-ins/sdp-transform.ts') },
  { find: /^\.\.\/package\.json$/, replacement: at('src/sip/stand-ins/package.json') },
];

/** What all builds have in common. */
export const sharedConfig: UserConfig = {
  define: { __ENTRY_FILE__: 'undefined', __VERSION__: JSON.stringify(version) },
  resolve: { alias: standIns },
  plugins: [trimJsSip()],
  build: { target: ['chrome111', 'firefox128', 'safari16.4'], modulePreload: false },
};

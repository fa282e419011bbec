import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PEERS } from '../peers/install.js';
import { bundleAsShipped, bundleForSite, bundlePlainJsSip } from './bundle.js';

const ROOT = new URL('../../../', import.meta.url);
const CDN = new URL('dist/cdn/', ROOT);
const read = (path: string, base = ROOT) => readFileSync(new URL(path, base), 'utf8');

export const OURS = 'sautikit-call-button';
export const LIT = 'trivial Lit button';
export const SIP_PART = 'JsSIP part of a call';
export const PLAIN_JSSIP = 'plain JsSIP';

/** What a page can carry. */
export interface Subject {
  name: string;
  /** What stands in the page's head; addresses of files begin with `/files/`. */
  head: string;
  /** One button. */
  button: string;
  /** The files, by name. */
  files: Record<string, string>;
}

const moduleTag = (file: string) => `<script type="module" src="/files/${file}"></script>`;

/** A peer without an element: the page's own buttons, and one script that its bundler made. */
async function bundled(name: string, entry: string): Promise<Subject> {
  const file = entry.replace(/^.*\//, '');
  return {
    name,
    head: moduleTag(file),
    button: '<button type="button" class="call">Call us</button>',
    files: { [file]: await bundleForSite(entry) },
  };
}

const script = (name: string, file: string, text: string): Subject => ({
  name,
  head: moduleTag(file),
  button: '',
  files: { [file]: text },
});

/** The page itself, which is in everybody's figures. */
export const PAGE_ALONE: Subject = {
  name: 'no script, plain buttons',
  head: '',
  button: '<button type="button" class="call">Call us</button>',
  files: {},
};

/** Peers that a page loads before anybody clicks, each as its documentation shows. */
const PEERS_OF_A_PAGE: Readonly<Record<string, (name: string) => Subject | Promise<Subject>>> = {
  '@twilio/voice-sdk': (name) => bundled(name, 'peers/twilio.js'),
  '@telnyx/webrtc': (name) => bundled(name, 'peers/telnyx.js'),
  '@signalwire/js': (name) => bundled(name, 'peers/signalwire.js'),
  'africastalking-client': (name) => bundled(name, 'peers/africastalking.js'),
  '@elevenlabs/convai-widget-embed': (name) => ({
    name,
    // One minified file already, which its documentation puts into the page as it is.
    head: '<script src="/files/elevenlabs.js" async type="text/javascript"></script>',
    button: '<elevenlabs-convai agent-id="agent"></elevenlabs-convai>',
    files: { 'elevenlabs.js': readFileSync(join(PEERS, `${name}/dist/index.js`), 'utf8') },
  }),
};

/** What a page carries before anybody clicks: ours, Lit's, and the peers with this text in their names. */
export async function pageSubjects(only: string): Promise<Subject[]> {
  const file = 'sautikit-call-button.js';
  const peers = Object.entries(PEERS_OF_A_PAGE).filter(([name]) => name.includes(only));
  return [
    {
      name: OURS,
      // As the README has it, with the style sheet of the snippet.
      head: `<style>\n${read('src/snippet.css')}</style>\n${moduleTag(file)}`,
      button: `<sautikit-call-button token-url="/api/sip-token" line="sales">Call us</sautikit-call-button>`,
      files: { [file]: read(file, CDN) },
    },
    {
      name: LIT,
      head: moduleTag('lit-button.js'),
      button: '<lit-button label="Call us"></lit-button>',
      files: { 'lit-button.js': await bundleForSite('lit-button.ts') },
    },
    ...(await Promise.all(peers.map(([name, make]) => make(name)))),
  ];
}

/** What a call loads, each file by itself, and JsSIP as most have it. */
export async function lazySubjects(): Promise<Subject[]> {
  const files = readdirSync(CDN).filter((name) => name.endsWith('.js'));
  const find = (part: string) => files.find((name) => name.startsWith(`sautikit-call-button.${part}.`));
  const sip = find('sip');
  const engine = find('engine');
  return [
    // A build that has everything in one file shows its JsSIP part only when that is built alone.
    script(SIP_PART, 'sip.js', sip ? read(sip, CDN) : await bundleAsShipped('src/sip/user-agent.ts')),
    script(PLAIN_JSSIP, 'jssip.js', await bundlePlainJsSip()),
    ...(engine
      ? [script(sip ? 'the rest of a call (engine)' : 'engine, JsSIP in it', 'engine.js', read(engine, CDN))]
      : []),
  ];
}

import { createHash } from 'node:crypto';
import { fail, ok, unseen, warn, type Finding } from '../finding.js';
import type { Markup, Tag } from '../markup.js';
import { bytesOf, reason, type Fetch } from '../web.js';

/** The files that a page may load, with the version in the name or without. */
const NAME = /\/sautikit-call-button(?:\.(?:loader|iife))?(?:\.\d+\.\d+\.\d+[\w.-]*?)?(?:\.(?:loader|iife))?\.js$/;
/** As it stands in file names, and in the names of the files that the first one loads. */
const VERSION = /sautikit-call-button(?:\.[a-z-]+)*[.@](\d+\.\d+\.\d+(?:-[\w.]+?)?)(?=\.(?:[a-z]+\.)?js|\/)/;
/** What the file that loads no other begins with. */
const BANNER = /^\/\*! sautikit-call-button (\S+) \*\//;
/** In bytes; the largest file has some hundred thousand. */
const SIZE_LIMIT = 2_000_000;
/** In milliseconds. */
const TIME_LIMIT = 15_000;

/** The script of the button in a page. */
export interface ButtonScript {
  url: URL;
  tag: Tag;
}

export function findScript({ scripts, base }: Markup): ButtonScript | undefined {
  for (const tag of scripts) {
    const src = tag.attributes.get('src');
    if (src === undefined || !URL.canParse(src, base)) continue;
    const url = new URL(src, base);
    if (NAME.test(url.pathname)) return { url, tag };
  }
  return undefined;
}

export interface ScriptSurroundings {
  page: URL;
  /** The newest version that this command knows: its own. */
  newest: string;
  /** A file of that version by its name, where it is at hand. */
  published: (name: string) => Buffer | undefined;
  fetch: Fetch;
}

export interface ScriptLook {
  findings: Finding[];
  /** What stands in the script, where it came. */
  text?: string;
}

/** Whether the script comes, is the newest, and is what its hash says. */
export async function checkScript(script: ButtonScript | undefined, around: ScriptSurroundings): Promise<ScriptLook> {
  if (!script) {
    const what =
      'Nothing, where the button is in a bundle of your own; else put its <script type="module"> into the page.';
    return {
      findings: [ok('script', 'no script tag of the button: it is in a bundle, or comes by another script', what)],
    };
  }
  const { url, tag } = script;
  const elsewhere = url.origin !== around.page.origin;
  const headers = { Origin: around.page.origin };
  let bytes: Buffer;
  try {
    const signal = AbortSignal.timeout(TIME_LIMIT);
    const response = await around.fetch(new Request(url, { headers, signal }));
    bytes = await bytesOf(response, SIZE_LIMIT);
    const fault = faultOf(response, elsewhere && needsCors(tag), around.page.origin);
    if (fault) return lost(`${url.href}: ${fault.seen}`, fault.todo);
  } catch (error) {
    const what = 'Correct the address in src, or put the files of dist/cdn/ there.';
    return lost(`${url.href}: ${reason(error)}`, what);
  }
  const text = bytes.toString('utf8');
  return { findings: [checkVersion(url, bytes, around), checkIntegrity(script, bytes, elsewhere)], text };
}

function lost(seen: string, todo: string): ScriptLook {
  return { findings: [fail('script', seen, todo), unseen('integrity', 'no script came')] };
}

function faultOf(response: Response, cors: boolean, origin: string): { seen: string; todo: string } | undefined {
  const type = response.headers.get('Content-Type') ?? 'none';
  if (response.status !== 200) {
    return {
      seen: `HTTP ${response.status}`,
      todo: 'Correct the address in src, or put the files of dist/cdn/ there.',
    };
  }
  if (!/javascript|ecmascript/i.test(type)) {
    return {
      seen: `Content-Type: ${type}`,
      todo: 'Send it as text/javascript: browsers run no module of another type.',
    };
  }
  const allowed = response.headers.get('Access-Control-Allow-Origin');
  if (cors && allowed !== '*' && allowed !== origin) {
    return {
      seen: `Access-Control-Allow-Origin: ${allowed ?? 'none'}`,
      todo: 'Send "Access-Control-Allow-Origin: *" with the files: a module from another site does not load without.',
    };
  }
  return undefined;
}

/** Modules always do, and every script that has `crossorigin`, which a hash needs (HTML standard, "fetch a script"). */
function needsCors({ attributes }: Tag): boolean {
  return attributes.get('type')?.toLowerCase() === 'module' || attributes.has('crossorigin');
}

function checkVersion(url: URL, bytes: Buffer, { newest, published }: ScriptSurroundings): Finding {
  const text = bytes.toString('utf8');
  const version = (VERSION.exec(url.pathname) ?? BANNER.exec(text) ?? VERSION.exec(text))?.[1];
  if (version === undefined) {
    const name = url.pathname.split('/').at(-1) ?? '';
    if (published(name)?.equals(bytes)) return ok('script', `version ${newest}, byte for byte`);
    const what = `Take the file with the version in its name, of version ${newest}, as it is.`;
    return warn('script', 'its version cannot be told', what);
  }
  const order = compareVersions(version, newest);
  if (order < 0) {
    const what = `Take version ${newest}: CHANGELOG.md says what has changed. Its hash changes with it.`;
    return warn('script', `version ${version}; ${newest} is out`, what);
  }
  if (order > 0) {
    return ok('script', `version ${version}`, `Ask a newer doctor: this one is of version ${newest}.`);
  }
  return ok('script', `version ${version}`);
}

/** By the three numbers; what stands behind a hyphen comes before the version without (SemVer 2.0, section 11). */
export function compareVersions(one: string, other: string): number {
  const read = (text: string): { numbers: number[]; final: boolean } => {
    const [numbers = '', pre] = text.split('-', 2);
    return { numbers: numbers.split('.').map(Number), final: pre === undefined };
  };
  const [a, b] = [read(one), read(other)];
  for (let index = 0; index < 3; index++) {
    const difference = (a.numbers[index] ?? 0) - (b.numbers[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return Number(a.final) - Number(b.final);
}

/** In order of strength: only the strongest that is named counts (Subresource Integrity, section 3.3.4). */
const ALGORITHMS = ['sha512', 'sha384', 'sha256'] as const;

function checkIntegrity({ url, tag }: ButtonScript, bytes: Buffer, elsewhere: boolean): Finding {
  const integrity = tag.attributes.get('integrity')?.trim();
  const versioned = VERSION.test(url.pathname);
  const right = `sha384-${createHash('sha384').update(bytes).digest('base64')}`;
  if (!integrity) {
    if (!elsewhere) return ok('integrity', 'none, and none is needed for a file of your own');
    if (!versioned) return ok('integrity', 'none; an address without a version changes with each release');
    const what = `Add integrity="${right}" crossorigin to the script, so that nobody else can change it.`;
    return warn('integrity', 'none, for a script of another site', what);
  }
  const hashes = integrity.split(/\s+/).map((hash) => hash.split('?')[0]!);
  const algorithm = ALGORITHMS.find((name) => hashes.some((hash) => hash.startsWith(`${name}-`)));
  if (!algorithm) {
    return warn('integrity', `${integrity.slice(0, 40)} is no hash that browsers know`, `Write integrity="${right}".`);
  }
  const real = `${algorithm}-${createHash(algorithm).update(bytes).digest('base64')}`;
  if (!hashes.includes(real)) {
    const what = `Browsers do not run it. If the file is as it should be, write integrity="${right}".`;
    return fail('integrity', 'the hash in the page is not that of the file', what);
  }
  if (elsewhere && !needsCors(tag)) {
    const what = 'Add crossorigin to the script: without, browsers cannot compare the hash, and do not run it.';
    return fail('integrity', 'a hash, but no crossorigin', what);
  }
  if (!versioned && elsewhere) {
    const what =
      'Take the file with the version in its name: this one changes with the next release, and then its hash is wrong.';
    return warn('integrity', 'right, for an address that has no version', what);
  }
  return ok('integrity', `${algorithm}, and right`);
}

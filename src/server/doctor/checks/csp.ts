import { allowsUrl, sourcesFor, type Policy } from '../csp-match.js';
import { fail, ok, warn, type Finding } from '../finding.js';
import type { ButtonScript } from './script.js';

/** What the page has to let through. */
export interface Needs {
  page: URL;
  script: ButtonScript | undefined;
  /** What stands in the script, where it is known. */
  text: string | undefined;
  /** What the button fetches, and sends: grants, whether the line is open, reports. */
  requests: readonly URL[];
  gateways: readonly URL[];
}

/** Names of Trusted Types policies, as the scripts make them. */
const LIT = 'lit-html';
const ELEMENT = 'sautikit-call-button';
const LOADER = `${ELEMENT}-loader`;
const OWN_WINDOW = `${ELEMENT}-window`;

/**
 * What the policies lack. Styles and sound need nothing: the element adopts its style sheets, plays the call as a
 * `MediaStream` and makes its tones itself.
 */
export function checkPolicies(policies: readonly Policy[], needs: Needs): Finding {
  if (policies.length === 0) {
    const lines = [...new Set([...needs.requests, ...needs.gateways].map(sourceFor))].filter(
      (one) => one !== needs.page.origin,
    );
    const what = `Nothing. Where you want one: connect-src 'self' ${lines.join(' ')}; script-src ${scriptSource(needs)}.`;
    return ok('csp', 'none', what.replace(/\s+/g, ' '));
  }
  const lacks = [...new Set(policies.flatMap((policy) => lackOf(policy, needs)))];
  if (lacks.length > 0)
    return fail('csp', lacks.map(({ seen }) => seen).join('; '), lacks.map(({ add }) => add).join(' '));
  if (policies.some((policy) => !allowsType(policy, OWN_WINDOW))) {
    const what = `Add "${OWN_WINDOW}" to trusted-types: without it the call cannot move to a window of its own.`;
    return warn('csp', `trusted-types does not name ${OWN_WINDOW}`, what);
  }
  return ok('csp', 'lets script, token endpoint and gateway through');
}

interface Lack {
  seen: string;
  add: string;
}

function lackOf(policy: Policy, { page, script, text, requests, gateways }: Needs): Lack[] {
  const lacks: Lack[] = [];
  const scripts = sourcesFor(policy, 'script-src-elem', 'script-src');
  for (const url of script && scripts ? refusedScripts(scripts, script, text, page) : []) {
    lacks.push({ seen: `script-src does not allow ${url.href}`, add: `Add ${sourceFor(url)} to script-src.` });
  }
  const connections = sourcesFor(policy, 'connect-src');
  for (const url of connections ? [...requests, ...gateways] : []) {
    if (allowsUrl(connections!, url, page)) continue;
    lacks.push({ seen: `connect-src does not allow ${url.href}`, add: `Add ${sourceFor(url)} to connect-src.` });
  }
  for (const name of typesOf(script, text).filter((type) => !allowsType(policy, type))) {
    lacks.push({ seen: `trusted-types does not name ${name}`, add: `Add "${name}" to trusted-types.` });
  }
  if (policy.get('webrtc')?.some((source) => source.toLowerCase() === "'block'")) {
    lacks.push({ seen: "webrtc 'block'", add: 'Take webrtc out: a call is WebRTC.' });
  }
  return lacks;
}

/**
 * CSP 3, section 6.7.1.1: by nonce, by hash, and else by address, unless `strict-dynamic` takes addresses away. What a
 * script imports comes with its nonce, or with the trust of `strict-dynamic`; a hash is one file's alone.
 */
function refusedScripts(sources: readonly string[], { url, tag }: ButtonScript, text = '', page: URL): URL[] {
  const nonce = tag.attributes.get('nonce');
  if (nonce && sources.includes(`'nonce-${nonce}'`)) return [];
  const hashes = tag.attributes.get('integrity')?.trim().split(/\s+/) ?? [];
  const hashed = hashes.length > 0 && hashes.every((hash) => sources.includes(`'${hash}'`));
  if (sources.includes("'strict-dynamic'")) return hashed ? [] : [url];
  const next = /sautikit-call-button\.[\w.-]+\.js/.exec(text)?.[0];
  const imported = next === undefined ? [] : [new URL(next, url)];
  return [...(hashed ? [] : [url]), ...imported].filter((one) => !allowsUrl(sources, one, page));
}

/** The policies that a script makes before anything is drawn. */
function typesOf(script: ButtonScript | undefined, text: string | undefined): string[] {
  // A bundle of the page's own has Lit as it is.
  if (!script || text === undefined) return [LIT];
  if (script.url.pathname.includes('.loader.')) return [LOADER, ELEMENT];
  return [/["'`]lit-html["'`]/.test(text) ? LIT : ELEMENT];
}

function allowsType(policy: Policy, name: string): boolean {
  const names = policy.get('trusted-types');
  return names === undefined || names.includes(name) || names.includes('*');
}

/** How a policy names where an address leads. */
function sourceFor({ protocol, host }: URL): string {
  return `${protocol}//${host}`;
}

function scriptSource({ script, page }: Needs): string {
  return !script || script.url.origin === page.origin ? "'self'" : sourceFor(script.url);
}

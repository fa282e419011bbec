import { allowsUrl, sourcesFor, type Policy } from '../csp-match.js';
import { fail, ok, warn, type Finding } from '../finding.js';
import type { ButtonScript } from './script.js';

/** What the page has to let through. */
export interface Needs {
  page: URL;
  script: ButtonScript | undefined;
  /** What the button fetches: grants, and whether the line is open. */
  requests: readonly URL[];
  gateways: readonly URL[];
}

/** Lit makes the first of these as the button draws itself, the element the second for a window of its own. */
const TRUSTED_TYPES = ['lit-html', 'sautikit-call-button'] as const;

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
  const later = policies.some((policy) => !allowsType(policy, TRUSTED_TYPES[1]));
  if (later) {
    const what = `Add "${TRUSTED_TYPES[1]}" to trusted-types: without it the call cannot move to a window of its own.`;
    return warn('csp', `trusted-types does not name ${TRUSTED_TYPES[1]}`, what);
  }
  return ok('csp', 'lets script, token endpoint and gateway through');
}

interface Lack {
  seen: string;
  add: string;
}

function lackOf(policy: Policy, { page, script, requests, gateways }: Needs): Lack[] {
  const lacks: Lack[] = [];
  const scripts = sourcesFor(policy, 'script-src-elem', 'script-src');
  if (script && scripts && !allowsScript(scripts, script, page)) {
    lacks.push({
      seen: `script-src does not allow ${script.url.href}`,
      add: `Add ${sourceFor(script.url)} to script-src.`,
    });
  }
  const connections = sourcesFor(policy, 'connect-src');
  for (const url of connections ? [...requests, ...gateways] : []) {
    if (allowsUrl(connections!, url, page)) continue;
    lacks.push({ seen: `connect-src does not allow ${url.href}`, add: `Add ${sourceFor(url)} to connect-src.` });
  }
  if (!allowsType(policy, TRUSTED_TYPES[0])) {
    lacks.push({
      seen: `trusted-types does not name ${TRUSTED_TYPES[0]}`,
      add: `Add "${TRUSTED_TYPES.join(' ')}" to trusted-types.`,
    });
  }
  if (policy.get('webrtc')?.some((source) => source.toLowerCase() === "'block'")) {
    lacks.push({ seen: "webrtc 'block'", add: 'Take webrtc out: a call is WebRTC.' });
  }
  return lacks;
}

/** CSP 3, section 6.7.1.1: by nonce, by hash, and else by address, unless `strict-dynamic` takes addresses away. */
function allowsScript(sources: readonly string[], { url, tag }: ButtonScript, page: URL): boolean {
  const nonce = tag.attributes.get('nonce');
  if (nonce && sources.includes(`'nonce-${nonce}'`)) return true;
  const hashes = tag.attributes.get('integrity')?.trim().split(/\s+/) ?? [];
  if (hashes.length > 0 && hashes.every((hash) => sources.includes(`'${hash}'`))) return true;
  return !sources.includes("'strict-dynamic'") && allowsUrl(sources, url, page);
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

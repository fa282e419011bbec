import parsePolicy from 'content-security-policy-parser';

/** A Content-Security-Policy: sources by directive. */
export type Policy = ReadonlyMap<string, readonly string[]>;

/** All policies of a page; each of them must allow what is to be loaded (CSP 3, section 4.1.2). */
export function readPolicies(headers: Headers, inPage: readonly string[]): Policy[] {
  const header = headers.get('Content-Security-Policy');
  // Several headers are one list, and a policy has no comma of its own.
  return [...(header?.split(',') ?? []), ...inPage].map((text) => parsePolicy(text)).filter(({ size }) => size > 0);
}

/** The sources that a kind of request is measured by: those of the first directive that is there, or undefined. */
export function sourcesFor(policy: Policy, ...directives: string[]): readonly string[] | undefined {
  const found = [...directives, 'default-src'].find((name) => policy.has(name));
  return found === undefined ? undefined : policy.get(found);
}

/** Whether sources let a URL pass (CSP 3, section 6.7.2.7 and following), by address alone. */
export function allowsUrl(sources: readonly string[], url: URL, page: URL): boolean {
  return sources.some((source) => matches(source, url, page));
}

const HOST_SOURCE =
  /^(?:([a-z][a-z0-9+.-]*):\/\/)?(\*|(?:\*\.)?[a-z0-9_.-]+|\[[0-9a-f:.]+\])(?::(\d+|\*))?(\/[^?#]*)?$/i;

function matches(source: string, url: URL, page: URL): boolean {
  const word = source.toLowerCase();
  if (word === '*') return /^(?:https?|wss?):$/.test(url.protocol) || url.protocol === page.protocol;
  if (word === "'self'") return isSelf(url, page);
  const [, scheme] = /^([a-z][a-z0-9+.-]*):$/.exec(word) ?? [];
  if (scheme !== undefined) return schemeMatches(`${scheme}:`, url.protocol);
  const [, wanted, host = '', port, path] = HOST_SOURCE.exec(source) ?? [];
  if (host === '') return false;
  if (!schemeMatches(wanted === undefined ? page.protocol : `${wanted.toLowerCase()}:`, url.protocol)) return false;
  return hostMatches(host.toLowerCase(), url.hostname) && portMatches(port, url) && pathMatches(path, url.pathname);
}

/** Section 6.7.2.8: the page's own host, also by WebSocket, and also where that is more secure than the page. */
function isSelf(url: URL, page: URL): boolean {
  if (url.origin === page.origin && /^https?:$/.test(url.protocol)) return true;
  if (url.hostname !== page.hostname) return false;
  const samePort = portOf(url) === portOf(page) || (url.port === '' && page.port === '');
  return samePort && (/^(?:https|wss):$/.test(url.protocol) || (page.protocol === 'http:' && url.protocol === 'ws:'));
}

/** Section 6.7.2.9: the same, or the secure one of it. `https:` is not enough for `wss:`. */
function schemeMatches(wanted: string, found: string): boolean {
  const upgrades: Readonly<Record<string, readonly string[]>> = {
    'http:': ['https:'],
    'ws:': ['wss:', 'http:', 'https:'],
    'wss:': ['https:'],
  };
  return wanted === found || (upgrades[wanted]?.includes(found) ?? false);
}

/** Section 6.7.2.10: of addresses in numbers only one can be named. */
function hostMatches(wanted: string, found: string): boolean {
  if (wanted === '*') return true;
  if (wanted.startsWith('*.')) return found.endsWith(wanted.slice(1));
  if (/^\d+(?:\.\d+){3}$|^\[/.test(wanted) && wanted !== '127.0.0.1') return false;
  return wanted === found;
}

function portMatches(wanted: string | undefined, url: URL): boolean {
  if (wanted === '*') return true;
  if (wanted === undefined) return url.port === '';
  return wanted === portOf(url) || (wanted === '80' && portOf(url) === '443');
}

function pathMatches(wanted: string | undefined, found: string): boolean {
  if (wanted === undefined || wanted === '' || wanted === '/') return true;
  return wanted.endsWith('/') ? found.startsWith(wanted) : wanted === found;
}

/** A URL has none where it is the one that its scheme stands for. */
function portOf({ port, protocol }: URL): string {
  return port !== '' ? port : /^(?:https|wss):$/.test(protocol) ? '443' : '80';
}

/** What can be wrong with a grant, as faults in words that repeat nothing secret; no fault, an empty list. */
import { readJwt } from './jwt.js';
import { isNumber, tells, textsIn } from './telling.js';

type Json = Record<string, unknown>;

/** In seconds. */
const LONGEST = 300;
/** How far clocks and ways may put two statements of the same end apart, in seconds. */
const TOLERANCE = 10;
/** A TURN credential that ends later than this is as good as one that never ends, in seconds. */
const LONGEST_TURN = 86_400;

/** Fields whose texts are judged by checks of their own. */
const JUDGED_ELSEWHERE: readonly string[] = [
  ...['token', 'username', 'password', 'expires_in', 'expires_at', 'max_duration'],
  ...['gateway_url', 'sip_uri', 'callee', 'ice_servers', 'register', 'available', 'opens_at', 'message_code'],
  'ice_transport_policy',
];

export function credentialFaults(grant: Json): string[] {
  const faults: string[] = [];
  if (grant.token != null && grant.password != null) faults.push('both a token and a password');
  if (grant.token != null && (typeof grant.token !== 'string' || !/^[A-Za-z0-9\-._~+/]+=*$/.test(grant.token))) {
    faults.push('the token is no text that an Authorization header can hold');
  }
  if (grant.password != null && typeof grant.username !== 'string') faults.push('a password without a user name');
  return faults;
}

/** @param now by the server's clock, in seconds since 1970 */
export function lifetimeFaults(grant: Json, now: number): string[] {
  if (grant.token == null) return [];
  const { expires_in: expiresIn, expires_at: expiresAt } = grant;
  const jwt = typeof grant.token === 'string' ? readJwt(grant.token) : undefined;
  const [iat, exp] = [jwt?.claims.iat, jwt?.claims.exp];
  const faults: string[] = [];
  const ends: [string, number][] = [];

  if (expiresIn == null && expiresAt == null) faults.push('neither expires_in nor expires_at');
  if (expiresIn != null) {
    if (typeof expiresIn === 'number' && expiresIn > 0) ends.push(['expires_in', now + expiresIn]);
    else faults.push('expires_in is no number above 0');
  }
  if (expiresAt != null) {
    const time = rfc3339(expiresAt);
    if (time === undefined) faults.push('expires_at is no RFC 3339 time');
    else ends.push(['expires_at', time]);
  }
  if (typeof exp === 'number') ends.push(['the claim exp', exp]);
  else if (jwt) faults.push('the token has no claim exp');

  for (const [name, end] of ends) {
    if (end - now > LONGEST + TOLERANCE) faults.push(`${name} is ${Math.round(end - now)} s away`);
    if (end <= now) faults.push(`${name} is over already`);
  }
  if (typeof iat === 'number' && typeof exp === 'number' && exp - iat > LONGEST)
    faults.push(`exp - iat is ${exp - iat} s`);
  const times = ends.map(([, end]) => end);
  if (Math.max(...times) - Math.min(...times) > TOLERANCE) {
    faults.push(`${ends.map(([name]) => name).join(', ')} do not agree`);
  }
  return faults;
}

export function secretFaults(grant: Json, line: string | undefined): string[] {
  const faults: string[] = [];
  for (const field of ['callee', 'sip_uri']) {
    const value = grant[field];
    if (typeof value === 'string' && isNumber(value.replace(/^sips?:|@.*$/gi, ''))) faults.push(`${field} is a number`);
  }
  const others = Object.entries(grant).filter(([name]) => !JUDGED_ELSEWHERE.includes(name));
  for (const [name, value] of others) {
    // A field named "secret" tells by its name, whatever is in it.
    const texts = typeof value === 'boolean' ? [] : textsIn(value, name);
    faults.push(...texts.flatMap((found) => tells(found, line) ?? []));
  }
  return faults;
}

export function fieldFaults(grant: Json): string[] {
  const faults: string[] = [];
  const check = (field: string, holds: (value: unknown) => boolean, what: string): void => {
    if (grant[field] != null && !holds(grant[field])) faults.push(`${field} is no ${what}`);
  };
  check('register', (value) => value === 'auto' || value === 'never', '"auto" or "never"');
  check('max_duration', (value) => typeof value === 'number' && value > 0, 'number of seconds');
  check('sip_uri', isSipUri, 'address such as sip:id@domain');
  check('callee', isSipUri, 'address such as sip:call@domain');
  check('available', (value) => value === true, 'true, although there is a credential');
  check('ice_servers', (value) => Array.isArray(value) && value.every(isIceServer), 'list of RTCIceServer');
  check('ice_transport_policy', (value) => value === 'all' || value === 'relay', '"all" or "relay"');
  return faults;
}

export function gatewayFaults(value: unknown): string[] {
  const urls: unknown[] = Array.isArray(value) ? value : [value];
  if (urls.length === 0) return ['an empty list'];
  return urls.flatMap((url) => {
    if (typeof url !== 'string' || !URL.canParse(url)) return ['no address'];
    const { protocol, hostname } = new URL(url);
    return protocol === 'wss:' || (protocol === 'ws:' && isLocal(hostname)) ? [] : [`${protocol}//${hostname}`];
  });
}

/** @param now by the server's clock, in seconds since 1970 */
export function turnFaults(first: Json, second: Json | undefined, now: number): string[] {
  const before = turnServers(second);
  return turnServers(first).flatMap(({ username, credential }) => {
    if (typeof username !== 'string' || typeof credential !== 'string') return ['a TURN server without a credential'];
    // The common form begins with the end of the credential in seconds since 1970.
    const end = /^(\d{9,11})(?::|$)/.exec(username)?.[1];
    if (end !== undefined) {
      if (Number(end) <= now) return ['a TURN credential that is over already'];
      return Number(end) - now > LONGEST_TURN ? ['a TURN credential that lives for more than a day'] : [];
    }
    const same = before.some((other) => other.username === username && other.credential === credential);
    return same ? ['the same TURN credential in two grants, with no end in its user name'] : [];
  });
}

/** Whether an address is this machine's own, where TLS protects from nobody. */
export function isLocal(hostname: string): boolean {
  return /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname) || hostname.endsWith('.localhost');
}

/** In seconds since 1970; undefined for what is no time. */
export function rfc3339(value: unknown): number | undefined {
  if (typeof value !== 'string') return undefined;
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/i.test(value)) return undefined;
  const time = Date.parse(value);
  return Number.isNaN(time) ? undefined : time / 1000;
}

function isSipUri(value: unknown): boolean {
  return typeof value === 'string' && /^sip:[^\s@<>"]+@[^\s@<>"]+$/.test(value);
}

function isIceServer(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { urls } = value as { urls?: unknown };
  const list: unknown[] = Array.isArray(urls) ? urls : [urls];
  return list.length > 0 && list.every((url) => typeof url === 'string' && /^(?:stuns?|turns?):\S+$/i.test(url));
}

function turnServers(grant: Json | undefined): Json[] {
  const list: unknown[] = Array.isArray(grant?.ice_servers) ? grant.ice_servers : [];
  return list.filter((server): server is Json => {
    const { urls } = (server ?? {}) as { urls?: unknown };
    return [urls].flat().some((url) => typeof url === 'string' && /^turns?:/i.test(url));
  });
}

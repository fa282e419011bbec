import { SautikitError } from '../errors.js';

/** How the browser proves itself to the gateway: a Bearer token (RFC 8898) or SIP digest (RFC 3261 section 22). */
export type Credential = { kind: 'bearer'; token: string } | { kind: 'digest'; username: string; password: string };

/** A validated grant: what a token endpoint answered, with every default filled in. */
export interface Grant {
  credential: Credential;
  /** Seconds of life left when the grant was received; a digest grant without a limit lives an hour. */
  lifetime: number;
  /** WebSocket addresses of the gateway, in order of preference; never empty. */
  gatewayUrls: string[];
  /** The caller's own address of record. */
  sipUri: string;
  /** What to dial where the application names nothing; the gateway replaces it. */
  callee: string;
  register: 'auto' | 'never';
  iceServers: RTCIceServer[];
  /** `relay`: by the TURN servers among them and no other way. */
  iceTransportPolicy: RTCIceTransportPolicy;
  /** Seconds after which the gateway ends the call. */
  maxDuration: number | undefined;
}

/** `expires_at` is compared with a clock that may be hours off, so it is never trusted for longer than this (seconds). */
const LONGEST_TRUSTED_LIFETIME = 300;
/** A digest grant is session-scoped by the server; this only bounds how long the browser keeps it unused (seconds). */
const DIGEST_LIFETIME = 3600;
const MAX_TOKEN_LENGTH = 8192;
const MAX_GATEWAYS = 8;
const MAX_ICE_SERVERS = 16;

/** `b64token` of RFC 6750 section 2.1: nothing in it can end a header. */
const B64TOKEN = /^[A-Za-z0-9\-._~+/]+=*$/;
/** User names and passwords travel in quoted header parameters. */
const PRINTABLE = /^[\x21\x23-\x5b\x5d-\x7e]{1,256}$/;
/** `sip:user@host[:port]` of RFC 3261 section 25.1, without parameters, headers or a password. */
const SIP_URI = /^sip:[\w\-.!~*'()&=+$,;?/%]{1,128}@(?:[A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?$/;
const RFC3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/i;

const malformed = (field: string) => new SautikitError('token-malformed', { field });

type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A string field that may be absent; `null` counts as absent, since serialisers in several languages write it so. */
function text(json: Json, field: string, pattern: RegExp): string | undefined {
  const value = json[field] ?? undefined;
  if (value === undefined) return undefined;
  if (typeof value !== 'string' || !pattern.test(value)) throw malformed(field);
  return value;
}

function seconds(json: Json, field: string): number | undefined {
  const value = json[field] ?? undefined;
  if (value === undefined) return undefined;
  if (typeof value !== 'number' || !Number.isFinite(value) || value <= 0) throw malformed(field);
  return value;
}

function date(json: Json, field: string): Date | undefined {
  const value = text(json, field, RFC3339);
  if (value === undefined) return undefined;
  // Firefox reads no lower-case `t` and `z`; and browsers make 2 March of 30 February.
  const parsed = new Date(value.toUpperCase());
  const day = new Date(value.slice(0, 10));
  const exists = !Number.isNaN(day.getTime()) && day.toISOString().startsWith(value.slice(0, 10));
  if (Number.isNaN(parsed.getTime()) || !exists) throw malformed(field);
  return parsed;
}

const isLocal = (host: string) => /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(host) || host.endsWith('.localhost');

/**
 * Checks one gateway address: `wss:`, or `ws:` on this machine.
 * @throws {SautikitError} `token-malformed` with field `gateway_url`
 */
export function checkGatewayUrl(value: unknown): string {
  let url: URL;
  try {
    url = new URL(String(value));
  } catch {
    throw malformed('gateway_url');
  }
  const secure = url.protocol === 'wss:' || (url.protocol === 'ws:' && isLocal(url.hostname));
  // The URL parser would drop line ends in silence.
  const whole = typeof value === 'string' && !/\s/.test(value);
  if (!whole || !secure || url.username || url.password || url.hash) throw malformed('gateway_url');
  return url.href;
}

function gatewayUrls(json: Json, fromAttribute: string | string[] | undefined): string[] {
  const value = json['gateway_url'] ?? fromAttribute;
  const list = Array.isArray(value) ? value : [value];
  if (list.length === 0 || list.length > MAX_GATEWAYS) throw malformed('gateway_url');
  return list.map(checkGatewayUrl);
}

function iceServers(json: Json): RTCIceServer[] {
  const value = json['ice_servers'] ?? [];
  if (!Array.isArray(value) || value.length > MAX_ICE_SERVERS) throw malformed('ice_servers');
  return value.map((server: unknown) => {
    if (!isObject(server)) throw malformed('ice_servers');
    const { urls, username, credential } = server;
    const list: unknown[] = Array.isArray(urls) ? urls : [urls];
    const ok =
      list.length > 0 &&
      list.every((url) => typeof url === 'string' && /^(?:stuns?|turns?):[^\s]+$/i.test(url)) &&
      [username, credential].every((part) => part == null || (typeof part === 'string' && !/[\r\n\0]/.test(part)));
    if (!ok) throw malformed('ice_servers');
    return {
      urls: list as string[],
      ...(typeof username === 'string' && { username }),
      ...(typeof credential === 'string' && { credential }),
    };
  });
}

/** The `sub` claim as the user part of an address, read without verification: the gateway judges the token. */
function subject(token: string): string | undefined {
  try {
    const payload = token.split('.')[1] ?? '';
    const bytes = Uint8Array.from(atob(payload.replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0));
    const claims: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return isObject(claims) && typeof claims['sub'] === 'string' ? encodeURIComponent(claims['sub']) : undefined;
  } catch {
    // No JWT, or a subject that is no well-formed text.
    return undefined;
  }
}

function credential(json: Json): Credential {
  const token = text(json, 'token', B64TOKEN);
  const password = text(json, 'password', PRINTABLE);
  if (token !== undefined && password !== undefined) throw malformed('password');
  if (token !== undefined) {
    if (token.length > MAX_TOKEN_LENGTH) throw malformed('token');
    return { kind: 'bearer', token };
  }
  if (password === undefined) throw malformed('token');
  const username = text(json, 'username', PRINTABLE);
  if (username === undefined) throw malformed('username');
  return { kind: 'digest', username, password };
}

/** `expires_in` wins: it needs no clock. With a date alone, a phone's clock may be hours off, hence the ceiling. */
function lifetime(json: Json, kind: Credential['kind'], wallClock: number): number {
  const expiresIn = seconds(json, 'expires_in');
  const expiresAt = date(json, 'expires_at');
  if (expiresIn !== undefined) return expiresIn;
  if (expiresAt === undefined) {
    if (kind === 'digest') return DIGEST_LIFETIME;
    throw malformed('expires_in');
  }
  const left = (expiresAt.getTime() - wallClock) / 1000;
  // A clock that runs ahead makes a fresh grant look stale; it was received now, so it is tried all the same.
  return left > 0 ? Math.min(left, LONGEST_TRUSTED_LIFETIME) : LONGEST_TRUSTED_LIFETIME;
}

function sipAddress(json: Json, field: string): string | undefined {
  return text(json, field, SIP_URI);
}

function ownAddress(json: Json, credential: Credential, gatewayUrl: string): string {
  const given = sipAddress(json, 'sip_uri');
  if (given) return given;
  const user = credential.kind === 'digest' ? encodeURIComponent(credential.username) : subject(credential.token);
  const address = `sip:${user}@${new URL(gatewayUrl).hostname}`;
  if (!user || !SIP_URI.test(address)) throw malformed('sip_uri');
  return address;
}

/** The host part of a SIP address, with its port. */
export const sipDomain = (sipUri: string): string => sipUri.slice(sipUri.indexOf('@') + 1);

/**
 * Validates what a token endpoint answered (design: the grant).
 *
 * @param json the parsed body
 * @param gatewayUrl the attribute `gateway-url`, used where the grant names none
 * @param wallClock now in milliseconds since the epoch
 * @throws {SautikitError} `token-malformed`, with the field at fault; `line-closed`, with the opening time
 */
export function parseGrant(json: unknown, gatewayUrl?: string | string[], wallClock = Date.now()): Grant {
  if (!isObject(json)) throw malformed('body');
  const available = json['available'] ?? true;
  if (typeof available !== 'boolean') throw malformed('available');
  if (!available) {
    const opensAt = date(json, 'opens_at');
    throw new SautikitError('line-closed', opensAt ? { opensAt } : {});
  }
  const proof = credential(json);
  const gateways = gatewayUrls(json, gatewayUrl);
  const sipUri = ownAddress(json, proof, gateways[0]!);
  const register = json['register'] ?? 'auto';
  if (register !== 'auto' && register !== 'never') throw malformed('register');
  const iceTransportPolicy = json['ice_transport_policy'] ?? 'all';
  if (iceTransportPolicy !== 'all' && iceTransportPolicy !== 'relay') throw malformed('ice_transport_policy');
  return {
    credential: proof,
    lifetime: lifetime(json, proof.kind, wallClock),
    gatewayUrls: gateways,
    sipUri,
    callee: sipAddress(json, 'callee') ?? `sip:call@${sipDomain(sipUri)}`,
    register,
    iceServers: iceServers(json),
    iceTransportPolicy,
    maxDuration: seconds(json, 'max_duration'),
  };
}

import { readJwt } from '../conformance/jwt.js';
import type { IceServer } from '../ice-server.js';

/** What a grant proves the caller with. */
export type Credential = { kind: 'bearer'; token: string } | { kind: 'digest'; username: string; password: string };

/** A grant as far as it takes to call with it. */
export interface Grant {
  credential: Credential;
  gateways: string[];
  /** The caller's own address, `sip:user@host`. */
  sipUri: string;
  /** Whom the grant's holder asks for: an alias that the gateway replaces. */
  callee: string;
  /** Whether pages register with it. */
  registers: boolean;
  iceServers: IceServer[];
}

type Json = Record<string, unknown>;

/** @returns the grant, or what is wrong with it */
export function readGrant(json: Json, gatewayAttribute: string | undefined): Grant | string {
  const credential = credentialOf(json);
  if (!credential) return 'a grant with neither a token nor a user name with a password';
  const named = json.gateway_url ?? gatewayAttribute?.split(/\s+/).filter(Boolean);
  const gateways = [named].flat().filter((url): url is string => typeof url === 'string' && URL.canParse(url));
  if (gateways.length === 0) return 'a grant that names no gateway, and no attribute gateway-url either';
  const user = credential.kind === 'digest' ? credential.username : readJwt(credential.token)?.claims.sub;
  const host = new URL(gateways[0]!).hostname;
  const sipUri =
    typeof json.sip_uri === 'string' ? json.sip_uri : `sip:${encodeURIComponent(String(user ?? ''))}@${host}`;
  if (!/^sip:[^\s@<>"]+@[^\s@<>"]+$/.test(sipUri)) return "a grant without the caller's address (sip_uri)";
  const { callee = `sip:call@${domainOf(sipUri)}` } = json;
  if (typeof callee !== 'string' || !/^sips?:[^\s<>"]+$/.test(callee)) return 'a grant whose callee is no SIP address';
  const iceServers = Array.isArray(json.ice_servers) ? (json.ice_servers as IceServer[]) : [];
  return { credential, gateways, sipUri, callee, registers: json.register !== 'never', iceServers };
}

function credentialOf({ token, username, password }: Json): Credential | undefined {
  // Nothing in it may end a header.
  if (typeof token === 'string' && /^[\x21-\x7e]+$/.test(token)) return { kind: 'bearer', token };
  const texts = [username, password].every((text) => typeof text === 'string' && /^[\x20-\x7e]+$/.test(text));
  return texts ? { kind: 'digest', username: username as string, password: password as string } : undefined;
}

export function domainOf(sipUri: string): string {
  return sipUri.slice(sipUri.indexOf('@') + 1);
}

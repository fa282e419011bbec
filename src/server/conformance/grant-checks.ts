import { judge, result, type CheckId, type CheckResult } from './catalogue.js';
import { describe, isGranted, type Answer, type Endpoint } from './endpoint.js';
import {
  credentialFaults,
  fieldFaults,
  gatewayFaults,
  lifetimeFaults,
  secretFaults,
  turnFaults,
} from './grant-faults.js';
import { knownKey, readJwt, type Jwt } from './jwt.js';
import { claimFaults, unknownClaims } from './token-faults.js';

/** What can only be judged by a grant. */
const OF_A_GRANT: readonly CheckId[] = [
  'no-store',
  'content-type',
  'one-credential',
  'lifetime',
  'jwt-algorithm',
  'jwt-key',
  'jwt-claims',
  'no-callee',
  'field-types',
  'gateway-url',
  'fresh-grants',
  'turn-credentials',
  'renewal',
];

/** Asks for grants as a page that may, and judges what they are. */
export async function* checkGrants(endpoint: Endpoint): AsyncGenerator<CheckResult> {
  const first = await endpoint.grant({ context: { campaign: 'conformance' } });
  const grant = first.json;
  if (first.status !== 200 || !grant || !isGranted(first)) {
    yield result('answers', 'fail', grant?.available === false ? 'the line is closed now' : describe(first));
    for (const id of OF_A_GRANT) yield result(id, 'skip', 'no grant was given');
    return;
  }
  yield result('answers', 'pass', '200 with a grant');
  yield noStore(first);
  yield contentType(first);
  yield judge('one-credential', credentialFaults(grant), grant.token == null ? 'user name and password' : 'a token');
  yield judge('lifetime', lifetimeFaults(grant, first.time), `ends in ${String(grant.expires_in ?? 'some')} s`);
  yield* await checkToken(endpoint, grant);
  yield judge('no-callee', secretFaults(grant, endpoint.line), Object.keys(grant).join(', '));
  yield judge('field-types', fieldFaults(grant), 'well-formed');
  yield grant.gateway_url == null
    ? result('gateway-url', 'warn', 'not named; pages need the attribute gateway-url')
    : judge('gateway-url', gatewayFaults(grant.gateway_url), 'wss');

  const second = (await endpoint.grant()).json;
  yield freshGrants(grant, second);
  yield grant.ice_servers == null
    ? result('turn-credentials', 'skip', 'no ICE servers in the grant')
    : judge('turn-credentials', turnFaults(grant, second, first.time), 'none, or time-limited');
  yield await checkRenewal(endpoint, grant);
}

function noStore({ headers }: Answer): CheckResult {
  const value = headers.get('Cache-Control');
  const kept = !/\bno-store\b/i.test(value ?? '');
  return judge('no-store', kept ? [`Cache-Control: ${value ?? 'none'}`] : [], 'no-store');
}

function contentType({ headers }: Answer): CheckResult {
  const value = headers.get('Content-Type') ?? 'none';
  return judge('content-type', /^application\/json\b/i.test(value) ? [] : [value], value);
}

async function checkToken(endpoint: Endpoint, grant: Record<string, unknown>): Promise<CheckResult[]> {
  const ids = ['jwt-algorithm', 'jwt-key', 'jwt-claims'] as const;
  if (typeof grant.token !== 'string') return ids.map((id) => result(id, 'skip', 'the credential is no token'));
  const jwt = readJwt(grant.token);
  if (!jwt) return ids.map((id) => result(id, 'warn', 'the token is no JWT: only your gateway can judge it'));
  const known = jwt.header.alg === 'HS256' ? await knownKey(grant.token) : undefined;
  return [
    algorithm(jwt),
    judge('jwt-key', known === undefined ? [] : [`signed with the word "${known}"`], 'with none of the usual ones'),
    claims(jwt, endpoint.line),
  ];
}

function algorithm({ header, signature }: Jwt): CheckResult {
  const { alg } = header;
  if (typeof alg !== 'string' || alg.toLowerCase() === 'none' || signature === '') {
    return result(
      'jwt-algorithm',
      'fail',
      `alg is ${JSON.stringify(alg)}, ${signature === '' ? 'not signed' : 'signed'}`,
    );
  }
  return result('jwt-algorithm', alg === 'HS256' ? 'pass' : 'warn', alg.slice(0, 20));
}

function claims(jwt: Jwt, line: string | undefined): CheckResult {
  const faults = claimFaults(jwt.claims, line);
  const unknown = unknownClaims(jwt.claims);
  if (faults.length === 0 && unknown.length > 0) {
    return result('jwt-claims', 'warn', `also ${unknown.join(', ')}: make sure that it is opaque`);
  }
  return judge('jwt-claims', faults, Object.keys(jwt.claims).join(', '));
}

function freshGrants(first: Record<string, unknown>, second: Record<string, unknown> | undefined): CheckResult {
  if (!second) return result('fresh-grants', 'fail', 'a second grant was refused');
  const faults: string[] = [];
  for (const field of ['token', 'password', 'sip_uri']) {
    if (first[field] != null && first[field] === second[field]) faults.push(`the same ${field} twice`);
  }
  const [one, other] = [subjectOf(first), subjectOf(second)];
  if (faults.length === 0 && first.sip_uri == null && one !== undefined && one === other) {
    return result('fresh-grants', 'warn', 'the same "sub" twice, and no sip_uri: callers share an address');
  }
  return judge('fresh-grants', faults, 'different');
}

async function checkRenewal(endpoint: Endpoint, grant: Record<string, unknown>): Promise<CheckResult> {
  if (typeof grant.token !== 'string') return result('renewal', 'skip', 'the credential is no token');
  if (endpoint.method === 'GET') return result('renewal', 'skip', 'a GET carries no token');
  const renewed = await endpoint.ask('a renewal', { body: { ...endpoint.wish, renew: grant.token } });
  if (!isGranted(renewed)) return result('renewal', 'warn', describe(renewed));
  const faults: string[] = [];
  if (renewed.json?.token === grant.token) faults.push('the same token again');
  if (renewed.json?.sip_uri !== grant.sip_uri) faults.push('another sip_uri');
  const [sid, before] = [claimOf(renewed.json, 'sid'), claimOf(grant, 'sid')];
  if (sid === undefined || sid !== before) faults.push('no "sid", or another one');
  return judge('renewal', faults, 'the same session', 'warn');
}

function subjectOf(grant: Record<string, unknown>): unknown {
  return claimOf(grant, 'sub');
}

function claimOf(grant: Record<string, unknown> | undefined, claim: string): unknown {
  return typeof grant?.token === 'string' ? readJwt(grant.token)?.claims[claim] : undefined;
}

import { randomUUID } from 'node:crypto';
import type { CheckId } from '../../../src/server/conformance/catalogue.js';
import {
  answers,
  challenging,
  grants,
  headers,
  letsIn,
  limited,
  refusals,
  shop,
  signed,
  takesForAWish,
  type Handler,
  type Json,
} from './altered-endpoint.js';

/** What a wrong endpoint is made of. */
export interface Parts {
  /** The right one. */
  right: Handler;
  /** The right one, but for its limits. */
  unlimited: Handler;
}

/** What it does wrong, the checks that must fail (these and no others), and the endpoint. */
export type WrongEndpoint = readonly [what: string, fails: readonly CheckId[], make: (parts: Parts) => Handler];

/** Most are the right one behind something that spoils it. */
const spoilt =
  (spoil: (right: Handler) => Handler) =>
  ({ right }: Parts): Handler =>
    spoil(right);

const having = (more: Json) => spoilt(grants((grant) => ({ ...grant, ...more })));
const claims = (more: Json, key?: string) => spoilt(grants((grant) => ({ ...grant, token: signed(grant, more, key) })));
const now = (): number => Math.floor(Date.now() / 1000);
const isGrant = ({ status }: Response): boolean => status === 200;
const isRefusal = ({ status }: Response): boolean => status >= 400;
const turn = (username: string) => having({ ice_servers: [{ urls: 'turn:turn.example', username, credential: 'c' }] });
const foreignOnly = (origin: string): boolean => origin === 'https://foreign.example';

/** The first grant, to everybody. */
function cached(): (right: Handler) => Handler {
  let first: Json | undefined;
  return grants((grant) => (first ??= grant));
}

const digest = (): { username: string; password: string } => ({ username: randomUUID(), password: randomUUID() });

/** Lives for an hour, and says so everywhere. */
const hourLong = grants((grant) => {
  const exp = now() + 3600;
  const expires_at = new Date(exp * 1000).toISOString();
  return { ...grant, token: signed(grant, { exp }), expires_in: 3600, expires_at };
});

const opaque = grants((grant) => ({ ...grant, token: randomUUID() }));

/** As the Sautikit API answers: the claims name the workspace, and nothing names a session. */
const workspace = grants((grant) => ({
  token: signed(grant, { sub: '6f9619ff-8b86-d011-b42d-00c04fc964ff', sid: undefined }),
  expires_at: grant.expires_at,
  gateway_url: grant.gateway_url,
}));

const unsigned = grants((grant) => {
  const header = Buffer.from('{"alg":"none"}').toString('base64url');
  return { ...grant, token: `${header}.${String(grant.token).split('.')[1] ?? ''}.` };
});

const html = '<!doctype html><title>Not Found</title>';
const trace = '{"error":"server-error","stack":"Error: no\\n    at handle (file:///srv/app/index.js:12:7)"}';

export const wrongEndpoints: readonly WrongEndpoint[] = [
  ['may be cached', ['no-store'], spoilt(headers((all) => all.set('Cache-Control', 'max-age=60'), isGrant))],
  ['has refusals cached', ['refusal-shape'], spoilt(headers((all) => all.delete('Cache-Control'), isRefusal))],
  ['says text/html', ['content-type'], spoilt(headers((all) => all.set('Content-Type', 'text/html'), isGrant))],
  ['gives both credentials', ['one-credential'], spoilt(grants((grant) => ({ ...grant, ...digest() })))],
  ['gives a password alone', ['one-credential'], spoilt(grants(() => ({ password: digest().password })))],
  ['gives tokens of an hour', ['lifetime'], spoilt(hourLong)],
  ['gives tokens of an hour, calling them short', ['lifetime'], claims({ exp: now() + 3600 })],
  ['never says when a token ends', ['lifetime'], having({ expires_in: undefined, expires_at: undefined })],
  ['says a date that is none', ['lifetime'], having({ expires_at: 'tomorrow' })],
  ['gives what is over already', ['lifetime'], claims({ exp: now() - 5, iat: now() - 305 })],
  ['does not sign', ['jwt-algorithm'], spoilt(unsigned)],
  ['signs with a word', ['jwt-key'], claims({}, 'secret')],
  ['has the callee in the JWT', ['jwt-claims'], claims({ callee: 'sip:desk@office.example' })],
  ['has a number in the JWT', ['jwt-claims'], claims({ sub: '+254722000001' })],
  ['has an address of a person in the JWT', ['jwt-claims'], claims({ user: { who: 'ann@shop.example' } })],
  ['has the line in the JWT', ['jwt-claims'], claims({ aim: 'sales' })],
  ['dials a number openly', ['no-callee'], having({ callee: 'sip:+254722000001@gateway.example' })],
  ['tells the number aside', ['no-callee'], having({ display: '+254 722 000 001' })],
  ['gives the refresh token away', ['no-callee'], having({ refresh_token: 'long' })],
  ['invents a register mode', ['field-types'], having({ register: true })],
  ['sends ICE servers as a text', ['field-types'], having({ ice_servers: 'stun:stun.example' })],
  ['invents an ICE policy', ['field-types'], having({ ice_transport_policy: 'nohost' })],
  ['connects without TLS', ['gateway-url'], having({ gateway_url: ['wss://a.example', 'ws://b.example'] })],
  ['gives one token to all', ['fresh-grants'], ({ right }) => cached()(right)],
  ['gives one address to all', ['fresh-grants'], having({ sip_uri: 'sip:web@gateway.example' })],
  ['gives TURN away for good', ['turn-credentials'], turn('shared')],
  ['gives TURN away for a year', ['turn-credentials'], turn(`${now() + 31_536_000}:id`)],
  [
    'lets every page read',
    ['cors', 'cors-foreign', 'preflight'],
    spoilt(headers((all) => all.set('Access-Control-Allow-Origin', '*'))),
  ],
  [
    'knows no CORS',
    ['cors', 'preflight', 'readable-refusals'],
    spoilt(headers((all) => all.delete('Access-Control-Allow-Origin'))),
  ],
  ['forgets Vary', ['vary'], spoilt(headers((all) => all.delete('Vary')))],
  [
    'answers no preflight',
    ['preflight'],
    spoilt(answers((response, { method }) => (method === 'OPTIONS' ? new Response(null, { status: 405 }) : response))),
  ],
  [
    'lets refused pages guess',
    ['readable-refusals'],
    spoilt(headers((all) => all.delete('Access-Control-Allow-Origin'), isRefusal)),
  ],
  [
    'reflects every origin',
    ['foreign-origin', 'lookalike-origin', 'null-origin', 'cors-foreign'],
    spoilt(letsIn((origin) => origin !== '')),
  ],
  ['asks for no origin', ['foreign-origin'], spoilt(letsIn(foreignOnly, false))],
  [
    'compares how origins begin',
    ['lookalike-origin', 'cors-foreign'],
    spoilt(letsIn((origin) => origin.startsWith(shop))),
  ],
  [
    'compares how origins end',
    ['lookalike-origin', 'cors-foreign'],
    spoilt(letsIn((origin) => origin.endsWith('shop.example'))),
  ],
  [
    'compares hosts only',
    ['lookalike-origin', 'cors-foreign'],
    spoilt(letsIn((origin) => URL.canParse(origin) && new URL(origin).hostname === 'shop.example')),
  ],
  ['takes sandboxes in', ['null-origin', 'cors-foreign'], spoilt(letsIn((origin) => origin === 'null'))],
  ['takes programs in', ['missing-origin', 'same-origin-get'], spoilt(letsIn((origin) => origin === '', false))],
  ['knows every line', ['unknown-line'], spoilt(takesForAWish(/no-such-line/))],
  ['knows the lines of every object', ['unknown-line'], spoilt(takesForAWish(/constructor/))],
  ['breaks on odd lines', ['unknown-line'], spoilt(refusals(404, '{"error":"server-error"}', undefined, 500))],
  ['takes whatever is sent', ['bad-request'], spoilt(takesForAWish(/^.$|^\[|^"|"line":[7{]/))],
  ['breaks on odd bodies', ['bad-request'], spoilt(refusals(400, '{"error":"server-error"}', undefined, 500))],
  ['reads on and on', ['oversized'], spoilt(takesForAWish(/x{5000}/))],
  ['hides its methods', ['wrong-method'], spoilt(headers((all) => all.delete('Allow')))],
  ['refuses in HTML', ['refusal-shape', 'no-details'], spoilt(refusals(404, html, 'text/html'))],
  ['refuses in words of its own', ['refusal-shape'], spoilt(refusals(403, '{"error":"Forbidden"}'))],
  ['refuses in plain text', ['refusal-shape'], spoilt(refusals(400, 'Bad Request', 'text/plain'))],
  ['shows stack traces', ['no-details'], spoilt(refusals(400, trace))],
  ['sets cookies', ['no-cookies'], spoilt(headers((all) => all.append('Set-Cookie', 'session=1')))],
  [
    'leads to a log-in page',
    [
      ...(['answers', 'preflight', 'unknown-line', 'bad-request', 'oversized', 'wrong-method'] as const),
      ...(['closed-line', 'refusal-shape', 'limits'] as const),
    ],
    () => async () => new Response(null, { status: 302, headers: { Location: '/login' } }),
  ],
  ['knows no limits', ['limits'], ({ unlimited }) => unlimited],
  [
    'believes X-Forwarded-For',
    ['forged-address'],
    ({ unlimited }) => limited(unlimited, (request) => request.headers.get('X-Forwarded-For') ?? ''),
  ],
  [
    'never says for how long',
    ['limit-shape'],
    ({ unlimited }) => limited(unlimited, undefined, { retry_after: undefined }),
  ],
  ['challenges without a type', ['limit-shape'], ({ unlimited }) => challenging(unlimited, { challenge: {} })],
  [
    'challenges with what no page can do',
    ['limit-shape'],
    ({ unlimited }) => challenging(unlimited, { challenge: { type: 'altcha', algorithm: 'SHA-1', challenge: 'x' } }),
  ],
  ['takes any solution', ['challenge-answer'], ({ unlimited }) => challenging(unlimited, { unchecked: true })],
  ['takes a solution twice', ['challenge-answer'], ({ unlimited }) => challenging(unlimited, { reusable: true })],
  ['takes no solution', ['challenge-answer'], ({ unlimited }) => challenging(unlimited, { unsolvable: true })],
  ['gives grants of closed lines', ['closed-line'], spoilt(takesForAWish(/"night"/))],
];

/** Endpoints that work but could be better, and the checks that must warn of it. */
export const wantingEndpoints: readonly WrongEndpoint[] = [
  ['renews nothing', ['renewal'], spoilt(takesForAWish(/"renew"/))],
  ['names no gateway', ['gateway-url'], having({ gateway_url: undefined })],
  ['gives tokens that are no JWT', ['jwt-algorithm', 'jwt-key', 'jwt-claims', 'renewal'], spoilt(opaque)],
  ['has a claim that nobody knows', ['jwt-claims', 'renewal'], claims({ tier: 'b' })],
  ['gives one address to all, by the token alone', ['fresh-grants', 'renewal'], spoilt(workspace)],
  [
    'calls foreign pages unauthorized',
    ['foreign-origin', 'lookalike-origin', 'null-origin', 'missing-origin'],
    spoilt(refusals(403, '{"error":"unauthorized"}', undefined, 401)),
  ],
  ['calls a bad body unprocessable', ['bad-request'], spoilt(refusals(400, '{"error":"bad-request"}', undefined, 422))],
  ['calls a long body bad', ['oversized'], spoilt(refusals(413, '{"error":"bad-request"}', undefined, 400))],
  [
    'knows no page of its own',
    ['same-origin-get'],
    spoilt(
      answers((response, request) =>
        request.method === 'GET'
          ? new Response('{"error":"token-denied"}', { status: 403, headers: response.headers })
          : response,
      ),
    ),
  ],
];

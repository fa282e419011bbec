import { Admission } from './admission.js';
import type { HumanCheck } from './challenge/human-check.js';
import { createClientAddress, type ClientAddress } from './client-address.js';
import { allowedContext, fieldsOf } from './context.js';
import { correlationIdOf } from './correlation-id.js';
import { GrantIssuer, type GrantFacts, type Issued } from './grant-issuer.js';
import type { GrantStore, Scope } from './grants.js';
import { isOpen } from './hours.js';
import {
  handlerOf,
  json,
  noContent,
  optionalString,
  readJsonObject,
  Refusal,
  refusalAnswer,
  type Answer,
  type Handler,
} from './http.js';
import type { IceServer } from './ice-server.js';
import type { TokenLimits } from './limits/limits.js';
import { closedLine } from './line-closed.js';
import { findLine, type Line, type Lines } from './line.js';
import { checkLines } from './lines-schema.js';
import type { MintProvider } from './mint/mint-provider.js';
import { corsHeaders, OriginCheck, preflightHeaders } from './origins.js';
import { randomId } from './secrets.js';

export interface TokenHandlerOptions {
  lines: Lines;
  /** Makes the credentials: `createSigner`, `createSautikitProvider`, `createDigestProvider`, `createRefreshProvider`. */
  mint: MintProvider;
  grants: GrantStore;
  /** Where the browser connects to, `wss://…`; several in order of preference; or a function of the request. */
  gatewayUrl: string | string[] | ((request: Request) => string | string[]);
  /** Host of the SIP addresses that are given out. */
  domain: string;
  /** Origins of the pages that may call, compared exactly. Default: the origin that the request itself goes to. */
  allowedOrigins?: readonly string[];
  /** Sent along with every grant; a function is asked anew each time, for time-limited TURN credentials. */
  iceServers?: IceServer[] | ((context: { sid: string }) => IceServer[] | Promise<IceServer[]>);
  /**
   * `relay`: the browser sends and takes sound by the TURN servers of `iceServers` and no other way, so that neither end
   * learns the other's address. Default: `all`, which is not sent.
   */
  iceTransportPolicy?: 'all' | 'relay';
  /** `never`: the browser need not register. Default: `auto`, which is not sent. */
  register?: 'auto' | 'never';
  /** What a grant is good for. Default: `['call']`. */
  scope?: readonly Scope[];
  /**
   * User part of the holder's SIP address, for somebody who is signed in; also asked at each renewal, where another one
   * than before gets a new grant. Where nobody is signed in, throw `new Refusal(401, 'unauthorized')`. Default: an opaque
   * id, new for each grant.
   */
  subject?: (request: Request) => string | Promise<string>;
  /** Names of the fields of the page's `context` that are kept with every grant, beside those of `contextHeaders`. */
  context?: readonly string[];
  /** How many grants may be had, from `createLimits`. Default: any number. */
  limits?: TokenLimits;
  /** Asked for above the soft limit of an address; without `limits`, for every new grant. Default: none. */
  challenge?: HumanCheck;
  /** Tells who asks. Default: the other end of the socket, which `toNodeListener` knows; behind a proxy that is the proxy. */
  clientAddress?: ClientAddress;
  /** The clock by which lines open and close, in milliseconds since 1970. Default: `Date.now`. */
  now?: () => number;
  /** Told of what went wrong on the server's side (5xx), for a log; the page learns nothing of it. */
  onError?: (error: unknown) => void;
}

/** In bytes. A request holds a line, 1 kB of context and at most one token, or the answer to a challenge. */
const BODY_LIMIT = 4096;

/** What logs and metrics are told of an answer. */
type About = Pick<Answer, 'line' | 'outcome' | 'correlationId'>;

/** What a page asks for. */
interface Asked {
  line: string | undefined;
  context: unknown;
  renew: string | undefined;
  /** The answer to a challenge. */
  challenge: unknown;
  /** For the log alone. */
  correlationId: string | undefined;
}

/** The endpoint that the element asks for a grant: the element's `token-url`. */
export function createTokenHandler(options: TokenHandlerOptions): Handler {
  const { lines, mint, grants, domain, scope = ['call'], context: allowedFields = [], now = Date.now } = options;
  checkLines(lines);
  const origins = new OriginCheck(options.allowedOrigins);
  const issuer = new GrantIssuer({ mint, grants, domain, scope });
  const admission = new Admission(options);
  const clientAddress = options.clientAddress ?? createClientAddress();

  const handle = async (
    request: Request,
    origin: string | undefined,
    about: About,
  ): Promise<Record<string, unknown>> => {
    const asked = await readAsked(request);
    if (asked.correlationId !== undefined) about.correlationId = asked.correlationId;
    const found = findLine(lines, asked.line);
    if (found) about.line = found.name;
    // Who only receives or dials needs no line; who names one must name one that exists.
    if (!found && (asked.line !== undefined || scope.includes('call'))) throw new Refusal(404, 'not-found');

    const context = allowedContext(asked.context, fieldsOf(allowedFields, found?.line));
    const facts: GrantFacts = {};
    if (found) facts.line = found.name;
    if (origin !== undefined) facts.origin = origin;
    if (context) facts.context = context;
    const renewed = asked.renew === undefined ? undefined : await renewal(request, asked.renew, facts);
    about.outcome = renewed ? 'renewed' : 'minted';
    if (renewed) return await answer(request, renewed, found?.line);

    const at = new Date(now());
    if (found && scope.includes('call') && !isOpen(found.line, at)) {
      about.outcome = 'closed';
      return closedLine(found.line, at);
    }
    return await answer(request, await fresh(request, asked, found, facts), found?.line);
  };

  const renewal = async (request: Request, token: string, facts: GrantFacts): Promise<Issued | undefined> => {
    const old = await issuer.renewable(token, facts, await options.subject?.(request));
    if (!old) return undefined;
    await admission.admitRenewal(old.sid);
    return await issuer.renew(token, old);
  };

  const fresh = async (
    request: Request,
    { challenge }: Asked,
    found: ReturnType<typeof findLine>,
    facts: GrantFacts,
  ): Promise<Issued> => {
    const line = scope.includes('call') ? found : undefined;
    await admission.admit({ address: clientAddress(request), line, answer: challenge });
    return await issuer.fresh((await options.subject?.(request)) ?? randomId(), facts, line?.line.hours !== undefined);
  };

  const answer = async (
    request: Request,
    { minted, grant }: Issued,
    line: Line | undefined,
  ): Promise<Record<string, unknown>> => {
    const { iceServers, iceTransportPolicy, register } = options;
    const gatewayUrl = minted.gatewayUrl ?? options.gatewayUrl;
    const ice = typeof iceServers === 'function' ? await iceServers({ sid: grant.sid }) : iceServers;
    // What is undefined here is not in the JSON.
    return {
      expires_in: minted.expiresIn,
      expires_at: minted.expiresAt.toISOString(),
      gateway_url: typeof gatewayUrl === 'function' ? gatewayUrl(request) : gatewayUrl,
      sip_uri: grant.sub,
      ice_servers: ice,
      ice_transport_policy: iceTransportPolicy,
      register,
      max_duration: scope.includes('call') ? line?.maxDuration : undefined,
      ...minted.answer,
    };
  };

  return handlerOf(async (request) => {
    let cors = corsHeaders(undefined);
    const about: About = {};
    try {
      const origin = origins.check(request);
      cors = corsHeaders(origin);
      if (request.method === 'OPTIONS') return noContent({ ...cors, ...preflightHeaders });
      if (request.method !== 'POST' && request.method !== 'GET') throw new Refusal(405, 'method-not-allowed');
      return Object.assign(json(200, await handle(request, origin, about), cors), about);
    } catch (error) {
      if (!(error instanceof Refusal) || error.status >= 500) options.onError?.(error);
      const allow = error instanceof Refusal && error.status === 405 ? { Allow: 'POST, GET, OPTIONS' } : {};
      return { ...about, ...refusalAnswer(error, { ...cors, ...allow }) };
    }
  });
}

async function readAsked(request: Request): Promise<Asked> {
  if (request.method === 'GET') {
    const line = new URL(request.url).searchParams.get('line');
    return {
      line: line ?? undefined,
      context: undefined,
      renew: undefined,
      challenge: undefined,
      correlationId: undefined,
    };
  }
  const body = await readJsonObject(request, BODY_LIMIT);
  return {
    line: optionalString(body, 'line', 128),
    context: body.context,
    renew: optionalString(body, 'renew', BODY_LIMIT),
    challenge: body.challenge,
    correlationId: correlationIdOf(body.correlation_id),
  };
}

import { allowedContext } from './context.js';
import type { Grant, GrantStore, Scope } from './grants.js';
import { json, noContent, optionalString, readJsonObject, Refusal, refusalResponse } from './http.js';
import { checkLines, findLine, type Line, type Lines } from './line.js';
import { corsHeaders, OriginCheck, preflightHeaders } from './origins.js';
import { randomId, sha256Hex } from './secrets.js';
import type { MintedToken, Signer } from './signer.js';

/** A STUN or TURN server as `RTCPeerConnection` takes it. */
export interface IceServer {
  urls: string | string[];
  username?: string;
  credential?: string;
}

export interface TokenHandlerOptions {
  lines: Lines;
  signer: Signer;
  grants: GrantStore;
  /** Where the browser connects to, `wss://…`; several in order of preference; or a function of the request. */
  gatewayUrl: string | string[] | ((request: Request) => string | string[]);
  /** Host of the SIP addresses that are given out. */
  domain: string;
  /** Origins of the pages that may call, compared exactly. Default: the origin that the request itself goes to. */
  allowedOrigins?: readonly string[];
  /** Sent along with every grant; a function is asked anew each time, for time-limited TURN credentials. */
  iceServers?: IceServer[] | (() => IceServer[] | Promise<IceServer[]>);
  /** `never`: the browser need not register. Default: `auto`, which is not sent. */
  register?: 'auto' | 'never';
  /** What a grant is good for. Default: `['call']`. */
  scope?: readonly Scope[];
  /** User part of the holder's SIP address, for somebody who is signed in. Default: an opaque id, new for each grant. */
  subject?: (request: Request) => string | Promise<string>;
  /** Names of the fields of the page's `context` that are kept with the grant. Default: none. */
  context?: readonly string[];
}

/** In bytes. A request holds a line, 1 kB of context and at most one token. */
const BODY_LIMIT = 4096;

/** What a page asks for. */
interface Asked {
  line: string | undefined;
  context: unknown;
  renew: string | undefined;
}

/** The endpoint that the element asks for a grant: the element's `token-url`. */
export function createTokenHandler(options: TokenHandlerOptions): (request: Request) => Promise<Response> {
  const { lines, signer, grants, domain, scope = ['call'], context: allowedFields = [] } = options;
  checkLines(lines);
  const origins = new OriginCheck(options.allowedOrigins);

  const mintFresh = async (request: Request, facts: Partial<Grant>): Promise<{ minted: MintedToken; grant: Grant }> => {
    const subject = (await options.subject?.(request)) ?? randomId();
    const sid = randomId();
    const minted = await signer.mint(subject, sid);
    const grant: Grant = { ...facts, sid, scope, sub: `sip:${subject}@${domain}`, exp: seconds(minted.expiresAt) };
    await grants.put(await sha256Hex(minted.token), grant);
    return { minted, grant };
  };

  /** A further token for a session that goes on; undefined when `token` is none that could be renewed here. */
  const renew = async (
    token: string,
    facts: Partial<Grant>,
  ): Promise<{ minted: MintedToken; grant: Grant } | undefined> => {
    const oldKey = await sha256Hex(token);
    const old = await grants.get(oldKey);
    if (!old || !sameRights(old, { ...facts, scope })) return undefined;
    const minted = await signer.mint(userOf(old.sub), old.sid);
    const grant: Grant = { ...old, exp: seconds(minted.expiresAt) };
    return (await grants.renew(oldKey, await sha256Hex(minted.token), grant)) ? { minted, grant } : undefined;
  };

  const handle = async (request: Request, origin: string | undefined): Promise<Record<string, unknown>> => {
    const asked = await readAsked(request);
    const found = findLine(lines, asked.line);
    // Who only receives or dials needs no line; who names one must name one that exists.
    if (!found && (asked.line !== undefined || scope.includes('call'))) throw new Refusal(404, 'not-found');

    const context = allowedContext(asked.context, allowedFields);
    const facts: Partial<Grant> = {
      ...(found && { line: found.name }),
      ...(origin !== undefined && { origin }),
      ...(context && { context }),
    };
    const renewed = asked.renew === undefined ? undefined : await renew(asked.renew, facts);
    const { minted, grant } = renewed ?? (await mintFresh(request, facts));
    return await answer(request, minted, grant, found?.line);
  };

  const answer = async (
    request: Request,
    minted: MintedToken,
    grant: Grant,
    line: Line | undefined,
  ): Promise<Record<string, unknown>> => {
    const { gatewayUrl, iceServers, register } = options;
    const ice = typeof iceServers === 'function' ? await iceServers() : iceServers;
    return {
      token: minted.token,
      expires_in: minted.expiresIn,
      expires_at: minted.expiresAt.toISOString(),
      gateway_url: typeof gatewayUrl === 'function' ? gatewayUrl(request) : gatewayUrl,
      sip_uri: grant.sub,
      ...(ice && { ice_servers: ice }),
      ...(register && { register }),
      ...(line?.maxDuration !== undefined && scope.includes('call') && { max_duration: line.maxDuration }),
    };
  };

  return async (request) => {
    let cors = corsHeaders(undefined);
    try {
      const origin = origins.check(request);
      cors = corsHeaders(origin);
      if (request.method === 'OPTIONS') return noContent({ ...cors, ...preflightHeaders });
      if (request.method !== 'POST' && request.method !== 'GET') throw new Refusal(405, 'method-not-allowed');
      return json(200, await handle(request, origin), cors);
    } catch (error) {
      const allow = error instanceof Refusal && error.status === 405 ? { Allow: 'POST, GET, OPTIONS' } : {};
      return refusalResponse(error, { ...cors, ...allow });
    }
  };
}

async function readAsked(request: Request): Promise<Asked> {
  if (request.method === 'GET') {
    const line = new URL(request.url).searchParams.get('line');
    return { line: line ?? undefined, context: undefined, renew: undefined };
  }
  const body = await readJsonObject(request, BODY_LIMIT);
  return {
    line: optionalString(body, 'line', 128),
    context: body.context,
    renew: optionalString(body, 'renew', BODY_LIMIT),
  };
}

/** A renewal never widens anything: what is asked for now must be what the old grant was for. */
function sameRights(old: Grant, asked: Partial<Grant>): boolean {
  const sameScope = old.scope.length === asked.scope?.length && old.scope.every((one) => asked.scope?.includes(one));
  const sameOrigin = old.origin === undefined || asked.origin === undefined || old.origin === asked.origin;
  return old.line === asked.line && sameScope && sameOrigin;
}

function userOf(sipUri: string): string {
  return sipUri.slice(sipUri.indexOf(':') + 1, sipUri.lastIndexOf('@'));
}

function seconds(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}

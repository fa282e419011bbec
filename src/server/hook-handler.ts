import { Admission } from './admission.js';
import { AnswerMemory, type Answers } from './answer-memory.js';
import { callEvent, type CallEvent } from './call-event.js';
import { callAnswer, callTarget } from './call-target.js';
import type { HumanCheck } from './challenge/human-check.js';
import type { DialRules } from './dialing.js';
import { correlationIdOf } from './correlation-id.js';
import { rememberForeignGrant } from './foreign-grant.js';
import type { Grant, GrantStore } from './grants.js';
import {
  handlerOf,
  json,
  noContent,
  optionalString,
  readJsonObject,
  Refusal,
  refusalAnswer,
  requiredString,
  type Answer,
  type Handler,
} from './http.js';
import { dialSchema, numbersSchema } from './hook-schema.js';
import { routeIncoming } from './incoming.js';
import type { Limits } from './limits/limits.js';
import type { Lines } from './line.js';
import { checkLines } from './lines-schema.js';
import type { Numbers } from './numbers.js';
import { bearerOf, equalSecrets, sha256Hex } from './secrets.js';
import { validate } from './validation.js';

export interface HookHandlerOptions {
  lines: Lines;
  grants: GrantStore;
  /** What the gateway proves itself with, as `Authorization: Bearer <secret>`. */
  secret: string;
  /** If set, the only name that a gateway may give itself. */
  gatewayName?: string;
  /** What scope `dial` may dial. Default: nothing. */
  dial?: DialRules;
  /** The owner's numbers, and whom a call to each of them rings. Default: none; every call from outside is refused. */
  numbers?: Numbers;
  /** Host of the SIP addresses of those who receive. Needed with `numbers`. */
  domain?: string;
  /** How many calls may be made, and grants be had by `/grant`, from `createLimits`. Default: any number. */
  limits?: Limits;
  /** What `/grant` asks for above the soft limit of an address; without `limits`, every time. Default: none. */
  challenge?: HumanCheck;
  /** Names of the fields of `context` that `/grant` keeps, beside those of `contextHeaders`. Default: none. */
  context?: readonly string[];
  /** Remembers answers to repeated questions. Default: in memory; `createRedisAnswers` for several servers. */
  answers?: Answers;
  /** The clock by which lines open and close, in milliseconds since 1970. Default: `Date.now`. */
  now?: () => number;
  /**
   * Told of calls that were let through, answered, and ended. If it fails, the gateway gets 500 and may report again; a
   * call that was let through waits for nobody.
   */
  onEvent?: (event: CallEvent) => void | Promise<void>;
  /** Told of what went wrong on the server's side (5xx), for a log; the gateway learns nothing of it. */
  onError?: (error: unknown) => void;
}

/** In bytes. */
const BODY_LIMIT = 16_384;

type Body = Record<string, unknown>;
type Action = (body: Body) => Promise<Answer>;

/**
 * The questions of the gateway: `POST …/connect` before a registration, `/call` before a call, `/answered` and `/ended`
 * as reports, `/incoming` before a call from outside; and `/grant` of a backend that mints by itself. The last segment of
 * the path says which. Everything that is not allowed by a grant's record is refused.
 */
export function createHookHandler(options: HookHandlerOptions): Handler {
  const { lines, grants, secret, gatewayName, limits, answers = new AnswerMemory() } = options;
  const { numbers = {}, domain = '', context = [], now = Date.now } = options;
  if (secret === '') throw new TypeError('The secret of the hook is empty');
  checkLines(lines);
  validate(numbersSchema, numbers, 'numbers');
  if (Object.keys(numbers).length > 0 && domain === '') throw new TypeError('domain is missing: the numbers need one');
  if (options.dial) validate(dialSchema, options.dial, 'dial');
  const admission = new Admission(options);

  const grantOf = async (body: Body): Promise<{ key: string; grant: Grant }> => {
    const key = await grantKey(body);
    const grant = key === undefined ? undefined : await grants.get(key);
    if (key === undefined || !grant) throw new Refusal(403, 'token-unknown');
    const origin = optionalString(body, 'origin');
    // A token that was copied into another site's page is worth nothing there.
    if (grant.origin !== undefined && origin && grant.origin !== origin) throw new Refusal(403, 'token-denied');
    return { key, grant };
  };

  const connect: Action = async (body) => {
    const { grant } = await grantOf(body);
    const aor = optionalString(body, 'aor');
    if (aor !== undefined && aor !== grant.sub) throw new Refusal(403, 'token-denied');
    return json(200, {
      aor: grant.sub,
      sid: grant.sid,
      bind: grant.scope.includes('receive'),
      expires: secondsLeft(grant, now()),
    });
  };

  const call: Action = async (body) => {
    const callId = requiredString(body, 'call_id');
    const fromTag = requiredString(body, 'from_tag');
    const { key, grant } = await grantOf(body);
    const reservation = await grants.reserve(key, callId, fromTag);
    if (reservation === 'refused') throw new Refusal(403, 'token-denied');
    let booked = false;
    try {
      const wish = { requestUri: optionalString(body, 'request_uri') ?? '', from: optionalString(body, 'from_uri') };
      const target = callTarget(grant, wish, { lines, dial: options.dial, now: now() });
      await limits?.admitCall(target, callId, fromTag);
      // What is asked a second time was booked with the first question, and that call may be running.
      booked = reservation === 'reserved';
      if (!(await grants.spend(key, callId, fromTag))) {
        // Asked twice, and refused or over by the first question meanwhile: what is booked now is no running call's.
        booked = true;
        throw new Refusal(403, 'token-denied');
      }
      void tellStarted(callEvent('started', body, { callId, fromTag }, grant));
      // With the session, so that the gateway knows whose dialog this is when the caller comes back on another connection.
      return json(200, { ...callAnswer(target.line, grant), sid: grant.sid, expires: secondsLeft(grant, now()) });
    } catch (error) {
      await grants.release(key, callId, fromTag);
      if (booked) await limits?.settleCall(callId, fromTag, undefined);
      throw error;
    }
  };

  const tellStarted = async (event: CallEvent): Promise<void> => {
    try {
      await options.onEvent?.(event);
    } catch (error) {
      options.onError?.(error);
    }
  };

  const report =
    (type: 'answered' | 'ended'): Action =>
    async (body) => {
      const callId = requiredString(body, 'call_id');
      const fromTag = requiredString(body, 'from_tag');
      const grant = await grants.findByCall(callId, fromTag);
      const event = callEvent(type, body, { callId, fromTag }, grant);
      // First, since it may be said twice: a webhook that fails must not keep a line busy.
      if (type === 'ended') await limits?.settleCall(callId, fromTag, event.duration);
      await options.onEvent?.(event);
      if (type === 'ended') await grants.close(callId, fromTag);
      return noContent();
    };

  const actions: Record<string, Action> = {
    connect,
    call,
    answered: report('answered'),
    ended: report('ended'),
    incoming: (body) => routeIncoming(body, { numbers, domain, grants, now }),
    grant: (body) => rememberForeignGrant(body, { lines, grants, admission, context, now }),
  };

  const failed = (error: unknown): Answer => {
    if (!(error instanceof Refusal) || error.status >= 500) options.onError?.(error);
    return refusalAnswer(error);
  };

  const handle = async (request: Request): Promise<Answer> => {
    const given = bearerOf(request.headers.get('Authorization'));
    if (given === undefined || !(await equalSecrets(given, secret))) throw new Refusal(401, 'unauthorized');
    const name = new URL(request.url).pathname.split('/').at(-1) ?? '';
    const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
    if (!action) throw new Refusal(404, 'not-found');
    if (request.method !== 'POST') throw new Refusal(405, 'method-not-allowed');
    const body = await readJsonObject(request, BODY_LIMIT);
    const eventId = requiredString(body, 'event_id', 256);
    const gateway = optionalString(body, 'gateway');
    // Grants come from a backend, which is no gateway.
    if (name !== 'grant' && gatewayName !== undefined && gateway !== gatewayName)
      throw new Refusal(403, 'unauthorized');
    const answer = await answers.once(`${name} ${gateway ?? ''} ${eventId}`, () => action(body).catch(failed));
    const correlationId = correlationIdOf(body.call_id);
    return correlationId === undefined ? answer : { ...answer, correlationId };
  };

  return handlerOf((request) => handle(request).catch(failed));
}

/** By what the grant's record is found: the SHA-256 of the token, or the user name of a digest credential. */
async function grantKey(body: Body): Promise<string | undefined> {
  const token = optionalString(body, 'token', 8192);
  if (token) return await sha256Hex(token);
  const hash = optionalString(body, 'token_sha256', 64)?.toLowerCase();
  if (hash) return hash;
  const username = optionalString(body, 'username', 256);
  // Whoever has read the hash of somebody's token could otherwise call himself that.
  return username !== undefined && /^[0-9a-f]{64}$/i.test(username) ? undefined : username;
}

/** @param now in milliseconds since 1970 */
function secondsLeft(grant: Grant, now: number): number {
  return Math.max(0, Math.floor(grant.exp - now / 1000));
}

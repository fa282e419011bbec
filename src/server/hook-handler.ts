import { AnswerMemory, type Answers } from './answer-memory.js';
import { dial, numberOf, type DialRules } from './dialing.js';
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
import type { CallLimits } from './limits/limits.js';
import { findLine, type Line, type Lines } from './line.js';
import { checkLines } from './lines-schema.js';
import { bearerOf, equalSecrets, sha256Hex } from './secrets.js';

/** Something that happened to a call, as the gateway reports it. */
export interface CallEvent {
  type: 'answered' | 'ended';
  /** The same for every repeat of the same report. */
  eventId: string;
  gateway?: string;
  callId: string;
  fromTag: string;
  /** Session and line of the caller's grant, where it is still known. */
  sid?: string;
  line?: string;
  context?: Readonly<Record<string, string>>;
  /** Of an ended call: how long it was answered, in seconds. */
  duration?: number;
  /** Of an ended call: why, in one word of the gateway. */
  reason?: string;
}

export interface HookHandlerOptions {
  lines: Lines;
  grants: GrantStore;
  /** What the gateway proves itself with, as `Authorization: Bearer <secret>`. */
  secret: string;
  /** If set, the only name that a gateway may give itself. */
  gatewayName?: string;
  /** What scope `dial` may dial. Default: nothing. */
  dial?: DialRules;
  /** How many calls may be made, from `createLimits`. Default: any number. */
  limits?: CallLimits;
  /** Remembers answers to repeated questions. Default: in memory; `createRedisAnswers` for several servers. */
  answers?: Answers;
  /** Told of answered and ended calls. If it fails, the gateway gets 500 and may report again. */
  onEvent?: (event: CallEvent) => void | Promise<void>;
}

/** In bytes. */
const BODY_LIMIT = 16_384;

type Body = Record<string, unknown>;
type Action = (body: Body) => Promise<Answer>;

/**
 * The questions of the gateway: `POST …/connect` before a registration, `/call` before a call, `/answered` and `/ended`
 * as reports. The last segment of the path says which. Everything that is not allowed by a grant's record is refused.
 */
export function createHookHandler(options: HookHandlerOptions): Handler {
  const { lines, grants, secret, gatewayName, limits, answers = new AnswerMemory() } = options;
  if (secret === '') throw new TypeError('The secret of the hook is empty');
  checkLines(lines);

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
      expires: secondsLeft(grant),
    });
  };

  const call: Action = async (body) => {
    const callId = requiredString(body, 'call_id');
    const fromTag = requiredString(body, 'from_tag');
    const { key, grant } = await grantOf(body);
    if ((await grants.reserve(key, callId, fromTag)) === 'refused') throw new Refusal(403, 'token-denied');
    try {
      const target = targetOf(grant, optionalString(body, 'request_uri') ?? '', options);
      await limits?.admitCall(target, callId, fromTag);
      await grants.spend(key, callId, fromTag);
      return json(200, callAnswer(target.line, grant));
    } catch (error) {
      await grants.release(key, callId, fromTag);
      throw error;
    }
  };

  const report =
    (type: CallEvent['type']): Action =>
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

  const actions: Record<string, Action> = { connect, call, answered: report('answered'), ended: report('ended') };

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
    if (gatewayName !== undefined && gateway !== gatewayName) throw new Refusal(403, 'unauthorized');
    return await answers.once(`${name} ${gateway ?? ''} ${eventId}`, () => action(body).catch(refusalAnswer));
  };

  return handlerOf((request) => handle(request).catch((error: unknown) => refusalAnswer(error)));
}

/** By what the grant's record is found: the SHA-256 of the token, or the user name of a digest credential. */
async function grantKey(body: Body): Promise<string | undefined> {
  const token = optionalString(body, 'token', 8192);
  if (token) return await sha256Hex(token);
  const hash = optionalString(body, 'token_sha256', 64)?.toLowerCase();
  if (hash) return hash;
  return optionalString(body, 'username', 256);
}

/**
 * Where the call goes, and the name that it is counted under. What the caller asked for matters only if the grant allows
 * dialing, and then by the rules.
 */
function targetOf(
  grant: Grant,
  requestUri: string,
  { lines, dial: rules }: HookHandlerOptions,
): { name: string; line: Line } {
  const asked = grant.scope.includes('dial') ? numberOf(requestUri) : undefined;
  if (asked) {
    const dialed = rules && dial(rules, asked);
    if (!dialed) throw new Refusal(403, 'token-denied');
    return { name: `dial ${grant.sub}`, line: dialed };
  }
  if (!grant.scope.includes('call')) throw new Refusal(403, 'token-denied');
  const found = findLine(lines, grant.line);
  if (!found) throw new Refusal(403, 'not-found');
  return found;
}

function callAnswer(target: Line, grant: Grant): Record<string, unknown> {
  return {
    callee: target.callee,
    ...(target.callerId !== undefined && { caller_id: target.callerId }),
    ...(target.maxDuration !== undefined && { max_duration: target.maxDuration }),
    ...(target.dtmf !== undefined && { dtmf: target.dtmf }),
    ...(target.headers && { headers: target.headers }),
    // So that the gateway knows whose dialog this is when the caller comes back from another connection.
    sid: grant.sid,
    expires: secondsLeft(grant),
  };
}

function callEvent(
  type: CallEvent['type'],
  body: Body,
  call: { callId: string; fromTag: string },
  grant: Grant | undefined,
): CallEvent {
  const gateway = optionalString(body, 'gateway');
  const reason = optionalString(body, 'reason', 64);
  return {
    type,
    eventId: requiredString(body, 'event_id'),
    ...call,
    ...(gateway !== undefined && { gateway }),
    ...(grant && { sid: grant.sid }),
    ...(grant?.line !== undefined && { line: grant.line }),
    ...(grant?.context && { context: grant.context }),
    ...(typeof body.duration === 'number' && { duration: body.duration }),
    ...(reason !== undefined && { reason }),
  };
}

function secondsLeft(grant: Grant): number {
  return Math.max(0, Math.floor(grant.exp - Date.now() / 1000));
}

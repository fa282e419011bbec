import type { Grant, GrantStore } from './grants.js';
import { json, optionalString, Refusal, requiredString, type Answer } from './http.js';
import { callerNumber, findNumber, type Numbers } from './numbers.js';
import { randomId, sha256Hex } from './secrets.js';

/** How long receivers ring where nothing is said, in seconds. */
const RING_SECONDS = 25;

/** How long a call from outside is remembered, in seconds: a day, for the report of its end. */
const MEMORY = 86_400;

export interface IncomingOptions {
  numbers: Numbers;
  /** Host of the receivers' SIP addresses. */
  domain: string;
  grants: GrantStore;
  now: () => number;
}

/** Answers the gateway's question whom a call from the trunk is for. */
export async function routeIncoming(
  body: Record<string, unknown>,
  { numbers, domain, grants, now }: IncomingOptions,
): Promise<Answer> {
  const callId = requiredString(body, 'call_id');
  const fromTag = requiredString(body, 'from_tag');
  const found = findNumber(numbers, requiredString(body, 'called'));
  if (!found) throw new Refusal(404, 'not-found');
  const { number, owned } = found;
  const caller = callerNumber(optionalString(body, 'caller'));

  const remembered = await grants.findByCall(callId, fromTag);
  const grant = remembered ?? {
    sid: randomId(),
    scope: [],
    sub: `sip:${number}@${domain}`,
    called: number,
    exp: Math.floor(now() / 1000) + MEMORY,
  };
  if (!remembered) await remember(grants, grant, callId, fromTag);
  return json(200, {
    targets: owned.ring.map((user) => `sip:${user}@${domain}`),
    ...(caller !== undefined && { caller_id: caller }),
    ring_seconds: owned.ringSeconds ?? RING_SECONDS,
    ...(owned.fallback !== undefined && { fallback: owned.fallback }),
    ...(owned.maxDuration !== undefined && { max_duration: owned.maxDuration }),
    sid: grant.sid,
  });
}

/** Keeps the call as if it had been made with a grant that nobody holds, so that its reports find session and number. */
async function remember(grants: GrantStore, grant: Grant, callId: string, fromTag: string): Promise<void> {
  const key = await sha256Hex(randomId());
  await grants.put(key, grant);
  await grants.reserve(key, callId, fromTag);
  await grants.spend(key, callId, fromTag);
}

import type { Admission } from './admission.js';
import { allowedContext, fieldsOf } from './context.js';
import type { Grant, GrantStore, Scope } from './grants.js';
import { isOpen } from './hours.js';
import { json, noContent, optionalString, Refusal, requiredString, type Answer } from './http.js';
import { findLine, type Lines } from './line.js';
import { closedLine } from './line-closed.js';

const SCOPES: readonly string[] = ['call', 'dial', 'receive'] satisfies Scope[];

/** The longest life of a grant, in seconds. */
const LONGEST_LIFE = 3600;

export interface ForeignGrantOptions {
  lines: Lines;
  grants: GrantStore;
  admission: Admission;
  /** Names of the fields of `context` that are kept, beside those that a line puts into headers. */
  context: readonly string[];
  now: () => number;
}

/**
 * Remembers a grant whose token somebody else has made: a backend that is not written in JavaScript. It sends the
 * SHA-256 of the token and what the token is good for, never the token. 204: the token is good now. Every other answer
 * is fit for the page as it is.
 */
export async function rememberForeignGrant(
  body: Record<string, unknown>,
  { lines, grants, admission, context: allowedFields, now }: ForeignGrantOptions,
): Promise<Answer> {
  const key = hashIn(body, 'token_sha256');
  const renewed = body.renew_sha256 == null ? undefined : hashIn(body, 'renew_sha256');
  if (key === undefined || (body.renew_sha256 != null && renewed === undefined)) throw new Refusal(400, 'bad-request');
  const scope = scopeIn(body);
  const asked = optionalString(body, 'line', 128);
  const found = findLine(lines, asked);
  if (!found && (asked !== undefined || scope.includes('call'))) throw new Refusal(404, 'not-found');

  const exp = Math.floor(now() / 1000) + lifeIn(body);
  const origin = optionalString(body, 'origin', 512);
  const context = allowedContext(body.context, fieldsOf(allowedFields, found?.line));
  const grant: Grant = {
    ...(found && { line: found.name }),
    ...(origin !== undefined && { origin }),
    ...(context && { context }),
    sid: matching(body, 'sid', /^[\w.~-]{1,128}$/),
    sub: matching(body, 'sub', /^sips?:[\w.~+-]{1,128}@[A-Za-z0-9.-]{1,253}(?::[0-9]{1,5})?$/),
    scope,
    exp,
    ...(found?.line.hours && { openUntil: exp }),
  };

  const old = renewed === undefined ? undefined : await grants.get(renewed);
  if (renewed !== undefined && old && sameSession(old, grant)) {
    // A call goes on, whatever the time; and the record that was kept says what the session may do.
    await admission.admitRenewal(old.sid);
    if (await grants.renew(renewed, key, { ...old, exp })) return noContent();
  }
  const at = new Date(now());
  const line = scope.includes('call') ? found : undefined;
  if (line && !isOpen(line.line, at)) return json(200, closedLine(line.line, at));
  await admission.admit({ address: optionalString(body, 'remote_ip', 64), line, answer: body.challenge });
  if (!(await grants.put(key, grant))) throw new Refusal(403, 'token-denied');
  return noContent();
}

function hashIn(body: Record<string, unknown>, field: string): string | undefined {
  const hash = optionalString(body, field, 64)?.toLowerCase();
  return hash !== undefined && /^[0-9a-f]{64}$/.test(hash) ? hash : undefined;
}

function scopeIn({ scope = ['call'] }: Record<string, unknown>): Scope[] {
  const fits = Array.isArray(scope) && scope.length > 0 && scope.every((one) => SCOPES.includes(one as string));
  if (!fits) throw new Refusal(400, 'bad-request');
  return scope as Scope[];
}

function lifeIn({ expires_in: life }: Record<string, unknown>): number {
  if (typeof life !== 'number' || !(life >= 1) || life > LONGEST_LIFE) throw new Refusal(400, 'bad-request');
  return Math.floor(life);
}

function matching(body: Record<string, unknown>, field: string, pattern: RegExp): string {
  const value = requiredString(body, field, 512);
  if (!pattern.test(value)) throw new Refusal(400, 'bad-request');
  return value;
}

function sameSession(old: Grant, next: Grant): boolean {
  return old.sid === next.sid && old.sub === next.sub && old.line === next.line;
}

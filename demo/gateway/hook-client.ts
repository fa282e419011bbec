import { randomUUID } from 'node:crypto';
import { correlationIdOf } from '../../src/server/index.js';
import type { Connection } from './connection.js';
import type { EndReason } from './dialog.js';
import { aorOf, type SipRequest } from './sip-message.js';

/** In milliseconds. */
const TIMEOUT = 2000;

/** Who calls when the hook does not say (RFC 3323 section 4.1.1.3). */
const ANONYMOUS = '"Anonymous" <sip:anonymous@anonymous.invalid>';

export interface HookClientOptions {
  hook: (request: Request) => Promise<Response>;
  secret: string;
  /** What this gateway calls itself. */
  name: string;
  domain: string;
  /** Gets one line for each answer of the hook about a call that a page of ours knows by its id. Default: nobody. */
  log?: (line: string) => void;
}

/** A registration that is allowed. */
export interface RegisterVerdict {
  aor: string;
  sid: string;
  /** Whether calls to this address may ring here. */
  bind: boolean;
  /** How long the token still lives, in seconds. */
  expires: number;
}

/** A call that is allowed. */
export interface CallVerdict {
  /** Address of record of whom to ring. */
  callee: string;
  /** Whom the callee sees calling. */
  caller: string;
  /** In seconds. */
  maxDuration: number | undefined;
  dtmf: boolean;
  headers: Record<string, string>;
  session: { sid: string; expires: number } | undefined;
}

/** What the hook allows, or the SIP status to refuse with. */
export type Answer<T> = { allowed: T } | { refused: 401 | 403 | 486 | 503 };

type Body = Record<string, unknown>;

/** What a refusal of the hook is to the browser; 403 where it is not here. A line that is busy is no fault of the caller's. */
const REFUSALS: ReadonlyMap<unknown, 401 | 486> = new Map([
  ['token-unknown', 401],
  ['busy', 486],
]);

/** Asks the hook, with a time limit, and believes nothing of its answer that could not be so. Every doubt is a refusal. */
export class HookClient {
  readonly #options: HookClientOptions;

  constructor(options: HookClientOptions) {
    this.#options = options;
  }

  async connect(connection: Connection, request: SipRequest, token: string): Promise<Answer<RegisterVerdict>> {
    const facts = { ...factsOf(connection, request), aor: request.to.aor, token };
    return await this.#ask('connect', facts, ({ aor, sid, bind, expires }) =>
      isAor(aor) && typeof sid === 'string' && typeof bind === 'boolean' && isSeconds(expires)
        ? { aor, sid, bind, expires }
        : undefined,
    );
  }

  async call(connection: Connection, request: SipRequest, token: string): Promise<Answer<CallVerdict>> {
    return await this.#ask(
      'call',
      { ...factsOf(connection, request), from_uri: wishedCaller(request), token },
      (body) => this.#callVerdict(body),
    );
  }

  /** Reports what became of a call; a hook that does not listen changes nothing. */
  async report(
    event: 'answered' | 'ended',
    connection: Connection,
    request: SipRequest,
    facts: { reason?: EndReason; duration?: number } = {},
  ): Promise<void> {
    await this.#post(event, { ...factsOf(connection, request), ...facts }).catch(() => undefined);
  }

  async #ask<T>(action: string, facts: Body, read: (body: Body) => T | undefined): Promise<Answer<T>> {
    try {
      const response = await this.#post(action, facts);
      const body = (await response.json()) as Body;
      if (response.status === 403) return { refused: REFUSALS.get(body.error) ?? 403 };
      const allowed = response.status === 200 ? read(body) : undefined;
      return allowed === undefined ? { refused: 503 } : { allowed };
    } catch {
      return { refused: 503 };
    }
  }

  async #post(action: string, facts: Body): Promise<Response> {
    const { hook, secret, name, log } = this.#options;
    const request = new Request(`http://hook.invalid/${action}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${secret}` },
      body: JSON.stringify({ event_id: randomUUID(), gateway: name, ...facts }),
    });
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error('The hook does not answer')), TIMEOUT);
    });
    const id = correlationIdOf(facts.call_id);
    const tell = (what: string): void => void (id !== undefined && log?.(`call ${id}: hook ${action} ${what}`));
    try {
      const response = await Promise.race([hook(request), late]);
      tell(`answered ${response.status}`);
      return response;
    } catch (error) {
      tell('failed');
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  #callVerdict(body: Body): CallVerdict | undefined {
    const callee = typeof body.callee === 'string' ? aorOf(body.callee) : undefined;
    const caller = this.#callerOf(body.caller_id);
    const headers = headersOf(body.headers);
    const { max_duration: maxDuration, dtmf = true, sid, expires } = body;
    if (!callee || !caller || !headers || typeof dtmf !== 'boolean') return undefined;
    if (maxDuration !== undefined && !isSeconds(maxDuration)) return undefined;
    const session = typeof sid === 'string' && isSeconds(expires) ? { sid, expires } : undefined;
    return { callee, caller, maxDuration, dtmf, headers, session };
  }

  #callerOf(callerId: unknown): string | undefined {
    if (callerId === undefined) return ANONYMOUS;
    if (typeof callerId !== 'string') return undefined;
    const uri = /^\+?[0-9]+$/.test(callerId) ? `sip:${callerId}@${this.#options.domain}` : callerId;
    return aorOf(uri) === undefined ? undefined : `<${uri}>`;
  }
}

function factsOf(connection: Connection, request: SipRequest): Body {
  return {
    conn_id: connection.id,
    remote_ip: connection.remoteIp,
    ...(connection.origin !== undefined && { origin: connection.origin }),
    call_id: request.callId,
    from_tag: request.from.tag,
    request_uri: request.requestUri,
  };
}

/** Whom a caller who may dial numbers would like to call as (RFC 3325 section 9.2). */
function wishedCaller(request: SipRequest): string {
  const [wish] = request.headers('P-Preferred-Identity');
  return (wish && aorOf(wish.replace(/^.*<|>.*$/g, ''))) ?? request.from.aor;
}

/** An address of record, in the form in which {@link SipRequest} has it, too. */
function isAor(value: unknown): value is string {
  return typeof value === 'string' && aorOf(value) === value;
}

function isSeconds(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

/** Extension headers and nothing else: one that SIP itself knows could redirect or identify. */
function headersOf(value: unknown): Record<string, string> | undefined {
  if (value === undefined) return {};
  if (typeof value !== 'object' || value === null) return undefined;
  const entries: [string, unknown][] = Object.entries(value);
  const fit = entries.every(
    ([name, text]) =>
      /^X-[A-Za-z0-9-]{1,60}$/i.test(name) && typeof text === 'string' && /^[^\p{Cc}]{0,256}$/u.test(text),
  );
  return fit && entries.length <= 10 ? (Object.fromEntries(entries) as Record<string, string>) : undefined;
}

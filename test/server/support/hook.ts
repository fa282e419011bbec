import {
  createHookHandler,
  createMemoryGrantStore,
  type CallEvent,
  type Grant,
  type HookHandlerOptions,
} from '../../../src/server/index.js';
import { sha256Hex } from '../../../src/server/secrets.js';
import { lines, secret } from './world.js';

export type Json = Record<string, unknown>;

export interface HookAnswer {
  status: number;
  body: Json;
}

/** A hook with a store and a clock of its own, asked as a gateway asks. */
export function hookWorld(options: Partial<HookHandlerOptions> = {}, now: () => number = Date.now) {
  const grants = createMemoryGrantStore({ now });
  const events: CallEvent[] = [];
  const onEvent = (event: CallEvent): void => void events.push(event);
  const hook = createHookHandler({ lines, grants, secret, onEvent, now, ...options });
  let count = 0;

  const ask = async (action: string, body: Json): Promise<HookAnswer> => {
    const response = await hook(
      new Request(`http://hook.test/sip/${action}`, {
        method: 'POST',
        headers: { Authorization: `Bearer ${secret}` },
        body: JSON.stringify({ event_id: `event-${++count}`, ...body }),
      }),
    );
    return { status: response.status, body: response.status === 204 ? {} : ((await response.json()) as Json) };
  };

  const remember = async (token: string, facts: Partial<Grant> = {}): Promise<void> => {
    const exp = Math.floor(now() / 1000) + 300;
    const sub = 'sip:caller@example.test';
    await grants.put(await sha256Hex(token), { line: 'sales', sid: 'session', scope: ['call'], sub, exp, ...facts });
  };

  const call = (token: string, facts: Json = {}): Promise<HookAnswer> =>
    ask('call', { token, call_id: 'call', from_tag: 'tag', request_uri: 'sip:call@example.test', ...facts });

  return { hook, grants, events, ask, remember, call };
}

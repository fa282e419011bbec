import { after, afterEach, before } from 'node:test';
import { startStack, type Stack, type StackOptions } from '../../demo/stack/stack.js';
import type { CallEvent } from '../../src/server/index.js';
import { eventually, SipClient } from './sip-client.js';

/** A stack, and the browsers that speak to it; the stack is there while the tests of a file run, each browser for one of them. */
export interface StackInUse {
  stack: Stack;
  /** What the owner was told of calls. */
  events: CallEvent[];
  /** @param at where it connects and what page it is on; default: the stack's */
  connect(at?: Parameters<typeof SipClient.open>[0]): Promise<SipClient>;
  /** Waits until the owner is told that a call is over. */
  ended(callId: string): Promise<CallEvent>;
}

export function useStack(options: StackOptions = {}): StackInUse {
  const open: SipClient[] = [];
  const events: CallEvent[] = [];
  const use = {
    events,
    async connect(at = use.stack) {
      const client = await SipClient.open(at);
      open.push(client);
      return client;
    },
    ended: (callId) =>
      eventually(() => events.find((event) => event.type === 'ended' && event.callId === callId), 8000),
  } as StackInUse;
  before(async () => {
    use.stack = await startStack({ onEvent: (event) => events.push(event), ...options });
  });
  afterEach(() => {
    for (const client of open.splice(0)) client.close();
  });
  after(() => use.stack?.stop());
  return use;
}

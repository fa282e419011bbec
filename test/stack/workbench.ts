import assert from 'node:assert/strict';
import { after, afterEach, before } from 'node:test';
import { startStack, type Stack, type StackOptions } from '../../demo/stack/stack.js';
import { within as withinDialog, type Within } from './answered-call.js';
import { FarPhone } from './far-phone.js';
import { startHook, type CallAnswer, type HookStandIn } from './hook-stand-in.js';
import { SipClient, webrtcOffer, type SipMessage } from './sip-client.js';

/** A call that was answered, as its caller knows it. */
export interface Established {
  client: SipClient;
  callId: string;
  /** What reached the phone. */
  invite: SipMessage;
  answer: SipMessage;
  /** What each further request of the caller needs. */
  within: Within & { contact: string };
}

/** The gateway between a hook and a phone of which the test says what they do. */
export interface Workbench {
  stack: Stack;
  hook: HookStandIn;
  phone: FarPhone;
  connect(headers?: Record<string, string>): Promise<SipClient>;
  /** What the hook answers so that a call reaches the phone. */
  allow(more?: Record<string, unknown>): CallAnswer;
  /** Calls, and the phone takes the call with this description. */
  establish(description: string, more?: Record<string, unknown>): Promise<Established>;
}

/** Sets up and clears away a workbench for the tests of one file. */
export function workbench(
  settings: Record<string, string | number> = {},
  options: Pick<StackOptions, 'allowedOrigins' | 'ports'> = {},
): Workbench {
  const open: SipClient[] = [];
  const bench = {
    async connect(headers) {
      const client = await SipClient.open(bench.stack, headers);
      open.push(client);
      return client;
    },
    allow: (more = {}) => ({
      status: 200,
      body: { callee: bench.phone.address('agent'), caller_id: '+254700000001', sid: 'session', expires: 300, ...more },
    }),
    async establish(description, more) {
      const client = await bench.connect();
      bench.hook.onCall = () => bench.allow(more);
      const { callId, fromTag } = client.request('INVITE', { token: 'token', body: webrtcOffer() });
      const invite = await bench.phone.gets('INVITE', callId);
      bench.phone.answer(invite, 200, { body: description });
      const answer = await client.final(callId, '1 INVITE');
      assert.equal(answer.status, 200);
      const within = { ...withinDialog(answer, callId, fromTag), contact: '' };
      client.request('ACK', within);
      await bench.phone.gets('ACK', callId);
      return { client, callId, invite, answer, within };
    },
  } as Workbench;

  before(async () => {
    bench.hook = await startHook();
    bench.phone = await FarPhone.open();
    bench.stack = await startStack({ ...options, settings: { HOOK_URL: `"${bench.hook.url}"`, ...settings } });
  });
  afterEach(() => {
    for (const client of open.splice(0)) client.close();
  });
  after(async () => {
    await bench.stack.stop();
    await bench.hook.stop();
    bench.phone.close();
  });
  return bench;
}

import assert from 'node:assert/strict';
import type { Stack } from '../../demo/stack/stack.js';
import {
  fetchGrant,
  headerOf,
  headersOf,
  webrtcOffer,
  type Grant,
  type SipClient,
  type SipMessage,
} from './sip-client.js';

/** What each further request of a caller needs. */
export interface Within {
  uri: string;
  to: string;
  callId: string;
  fromTag: string;
  /** RFC 3261 section 12.1.2: the Record-Route of the answer, from the last to the first. */
  headers: string[];
}

export interface AnsweredCall {
  client: SipClient;
  grant: Grant;
  callId: string;
  fromTag: string;
  answer: SipMessage;
  within: Within;
}

export function within(answer: SipMessage, callId: string, fromTag: string): Within {
  const routes = headersOf(answer, 'record-route').map((route) => `Route: ${route}`);
  const uri = /<([^>]+)>/.exec(headerOf(answer, 'contact'))?.[1] ?? '';
  return { uri, to: headerOf(answer, 'to'), callId, fromTag, headers: routes.reverse() };
}

/** Calls a line with a grant of its own, and takes the answer. */
export async function callLine(stack: Stack, client: SipClient, line: string): Promise<AnsweredCall> {
  const grant = await fetchGrant(stack, line);
  const { callId, fromTag } = client.request('INVITE', { token: grant.token, body: webrtcOffer() });
  const answer = await client.final(callId, '1 INVITE');
  assert.equal(answer.status, 200);
  const dialog = within(answer, callId, fromTag);
  client.request('ACK', { ...dialog, contact: '' });
  return { client, grant, callId, fromTag, answer, within: dialog };
}

/** Registers under the address of a grant. */
export async function register(client: SipClient, grant: Grant): Promise<void> {
  const address = `<${grant.sip_uri}>`;
  const { callId } = client.request('REGISTER', { token: grant.token, from: address, to: address });
  assert.equal((await client.final(callId, '1 REGISTER')).status, 200);
}

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SipClient } from './sip-client.js';
import { eventually, headerOf, webrtcOffer, type Grant } from './sip-client.js';
import { useStack } from './use-stack.js';

interface SpreadGrant extends Grant {
  gateway_url: string[];
}

/** One shop with two backends behind one name, as behind a balancer. */
const SHOP = 'https://shop.example';

const use = useStack({
  gateways: 2,
  redis: true,
  allowedOrigins: [SHOP],
});
const { events } = use;

/** A grant of one of the backends. */
async function grantOf(page: string, line: string, renew?: string): Promise<SpreadGrant> {
  const response = await fetch(`${page}api/sip-token`, {
    method: 'POST',
    headers: { Origin: SHOP },
    body: JSON.stringify({ line, ...(renew !== undefined && { renew }) }),
  });
  assert.equal(response.status, 200);
  return (await response.json()) as SpreadGrant;
}

/** A browser at one of the gateways. */
const connect = (gateway_url: string): Promise<SipClient> =>
  use.connect({ addresses: { page: SHOP, gateway_url, token_url: '' } });

async function outcome(client: SipClient, grant: Grant): Promise<number | undefined> {
  const { callId } = client.request('INVITE', { token: grant.token, body: webrtcOffer() });
  return (await client.final(callId, '1 INVITE')).status;
}

test('calls are spread: each gateway comes first in every other grant, and each grant names both', async () => {
  const urls = use.stack.gateways.map(({ url }) => url);
  const grants = await Promise.all(
    Array.from({ length: 20 }, (_, index) => grantOf(use.stack.pages[index % 2]!, 'busy')),
  );
  for (const { gateway_url } of grants) assert.deepEqual([...gateway_url].sort(), [...urls].sort());
  const counts = urls.map((url) => grants.filter(({ gateway_url }) => gateway_url[0] === url).length);
  assert.deepEqual(counts, [10, 10]);

  // And each takes the calls that come to it, whichever backend the grant is from.
  const began = events.length;
  for (const grant of grants.slice(0, 8)) {
    const client = await connect(grant.gateway_url[0]!);
    assert.equal(await outcome(client, grant), 486);
  }
  const ended = await eventually(() => {
    const found = events.slice(began).filter(({ type }) => type === 'ended');
    return found.length === 8 ? found : undefined;
  });
  const names = [...new Set(ended.map(({ gateway }) => gateway))];
  assert.deepEqual(
    names.map((name) => ended.filter(({ gateway }) => gateway === name).length),
    [4, 4],
  );
});

test('a token that was spent at one gateway is refused at the other', async () => {
  const [page = ''] = use.stack.pages;
  const [first, second] = use.stack.gateways;
  const grant = await grantOf(page, 'busy');
  assert.equal(await outcome(await connect(first!.url), grant), 486);
  assert.equal(await outcome(await connect(second!.url), grant), 403);
});

test('of one token used at both gateways in the same moment, one call comes to be', async () => {
  const [page = ''] = use.stack.pages;
  for (let round = 0; round < 5; round += 1) {
    const grant = await grantOf(page, 'busy');
    const clients = await Promise.all(use.stack.gateways.map(({ url }) => connect(url)));
    const statuses = await Promise.all(clients.map((client) => outcome(client, grant)));
    assert.deepEqual(statuses.sort(), [403, 486]);
  }
});

test('of a line that takes one call the second is busy at the other gateway, until the first is over', async () => {
  const [first, second] = await Promise.all(use.stack.gateways.map(({ url }) => connect(url)));
  const grants = await Promise.all(use.stack.pages.map((page) => grantOf(page, 'narrow')));
  const rings = async (client: SipClient, { token }: Grant): Promise<ReturnType<SipClient['request']>> => {
    const sent = client.request('INVITE', { token, body: webrtcOffer() });
    await client.waitFor((message) => message.status === 180 && headerOf(message, 'call-id') === sent.callId);
    return sent;
  };
  const giveUp = async (client: SipClient, sent: ReturnType<SipClient['request']>): Promise<void> => {
    client.request('CANCEL', { ...sent, contact: '' });
    assert.equal((await client.final(sent.callId, '1 INVITE')).status, 487);
    await eventually(() => events.find(({ type, callId }) => type === 'ended' && callId === sent.callId));
  };
  const one = await rings(first!, grants[0]!);
  assert.equal(await outcome(second!, grants[1]!), 486);
  await giveUp(first!, one);
  // Its grant was not spent for nothing.
  await giveUp(second!, await rings(second!, grants[1]!));
});

test('a call that a gateway reports to its own backend is known there, whichever backend gave the grant', async () => {
  const [page = ''] = use.stack.pages;
  const client = await connect(use.stack.gateways[1]!.url);
  const grant = await grantOf(page, 'decline');
  const { callId } = client.request('INVITE', { token: grant.token, body: webrtcOffer() });
  await client.final(callId, '1 INVITE');
  const ended = await eventually(() => events.find((event) => event.type === 'ended' && event.callId === callId));
  assert.equal(ended.line, 'decline');
});

test('a renewal at the other backend keeps the session and opens no second call', async () => {
  const [page = '', otherPage = ''] = use.stack.pages;
  const grant = await grantOf(page, 'busy');
  assert.equal(await outcome(await connect(use.stack.gateways[0]!.url), grant), 486);
  const renewed = await grantOf(otherPage, 'busy', grant.token);
  assert.equal(renewed.sip_uri, grant.sip_uri);
  assert.equal(await outcome(await connect(use.stack.gateways[1]!.url), renewed), 403);
});

test('a desk is rung by the gateway that it is registered at', async () => {
  for (const [index, gateway] of use.stack.gateways.entries()) {
    const page = use.stack.pages[0]!;
    const desk = await connect(gateway.url);
    const response = await fetch(`${page}api/desk-token`, {
      method: 'POST',
      headers: { Origin: SHOP },
      body: '{}',
    });
    const grant = (await response.json()) as Grant;
    const address = `<${grant.sip_uri}>`;
    const { callId } = desk.request('REGISTER', { token: grant.token, from: address, to: address });
    assert.equal((await desk.final(callId, '1 REGISTER')).status, 200);
    const phone = use.stack.phone('silent');
    await phone.dial(gateway.trunk.replace('sip:', 'sip:+254200000002@'));
    const invite = await desk.waitFor(({ method }) => method === 'INVITE');
    assert.match(headerOf(invite, 'to'), /\+254200000002@/, `gateway ${index}`);
    await phone.hangup();
    await sleep(100);
  }
});

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { WebSocket } from 'ws';
import type { SipClient } from './sip-client.js';
import { eventually, webrtcOffer } from './sip-client.js';
import { workbench } from './workbench.js';

const bench = workbench(
  { IDLE_TIME: 3, MESSAGES_IN_10_S: 60, INVITES_A_MINUTE: 40, REGISTERS_A_MINUTE: 30 },
  { allowedOrigins: ['https://shop.example', 'https://www.shop.example'] },
);

const SHOP = { Origin: 'https://shop.example' };

/** How a handshake ends: `open`, or the status of the refusal. */
async function handshake(headers: Record<string, string>): Promise<string> {
  const options = { rejectUnauthorized: false, headers };
  const socket = new WebSocket(bench.stack.addresses.gateway_url, 'sip', options);
  return await new Promise((resolve) => {
    socket.once('open', () => {
      socket.terminate();
      resolve('open');
    });
    socket.once('unexpected-response', (_request, response) => {
      response.resume();
      resolve(String(response.statusCode));
    });
    socket.on('error', () => undefined);
  });
}

async function closed(client: SipClient): Promise<void> {
  await eventually(() => (client.socket.readyState === WebSocket.CLOSED ? true : undefined), 8000);
}

test('a page of the list may connect, and no other', async () => {
  assert.equal(await handshake(SHOP), 'open');
  assert.equal(await handshake({ Origin: 'https://www.shop.example' }), 'open');
  for (const origin of [
    'https://shop.example.evil.example',
    'https://evilshop.example',
    'http://shop.example',
    'https://shop.example:8443',
    'https://www.shop.example,https://shop.example',
    'https://shop',
    'null',
    '',
  ]) {
    assert.equal(await handshake({ Origin: origin }), '403', origin);
  }
  assert.equal(await handshake({}), '403', 'no Origin at all');
});

test('a WebSocket over which nothing came that the hook accepted is closed, whatever else is said over it', async () => {
  const silent = await bench.connect(SHOP);
  const chatty = await bench.connect(SHOP);
  const refused = await bench.connect(SHOP);
  const visitor = await bench.connect(SHOP);
  const pings = setInterval(() => chatty.send('\r\n\r\n'), 200);
  try {
    refused.request('INVITE', { token: 'token', body: webrtcOffer() });
    const { callId } = visitor.request('REGISTER', { token: 'token' });
    assert.equal((await visitor.final(callId, '1 REGISTER')).status, 200);
    await Promise.all([closed(silent), closed(chatty), closed(refused)]);
    assert.equal(visitor.socket.readyState, WebSocket.OPEN);
    const { callId: again } = visitor.request('REGISTER', { token: 'token' });
    assert.equal((await visitor.final(again, '1 REGISTER')).status, 200);
  } finally {
    clearInterval(pings);
  }
});

const NONSENSE: Record<string, string | Buffer> = {
  'not SIP': 'GET / HTTP/1.1\r\nHost: x\r\n\r\n',
  bytes: randomBytes(2000),
  'a header without an end': `INVITE sip:x SIP/2.0\r\nVia: ${'x'.repeat(3000)}`,
  'no headers': 'INVITE sip:call@gateway.invalid SIP/2.0\r\n\r\n',
  'a message of 70 kB': `INVITE sip:x SIP/2.0\r\nVia: SIP/2.0/WSS x;branch=z9hG4bK1\r\n${'X-Y: z\r\n'.repeat(9000)}\r\n`,
  'a message of 2 MB': 'x'.repeat(2_000_000),
};

for (const [what, text] of Object.entries(NONSENSE)) {
  test(`nonsense costs a connection and nobody else anything: ${what}`, async () => {
    const client = await bench.connect(SHOP);
    const neighbour = await bench.connect(SHOP);
    const { callId } = neighbour.request('REGISTER', { token: 'token' });
    assert.equal((await neighbour.final(callId, '1 REGISTER')).status, 200);
    client.socket.send(text);
    await Promise.race([closed(client), client.waitFor(({ status }) => status === 400)]);
    const { callId: after } = neighbour.request('OPTIONS');
    assert.equal((await neighbour.final(after, '1 OPTIONS')).status, 405);
  });
}

test('who says hundreds of things in a few seconds is cut off', async () => {
  const client = await bench.connect(SHOP);
  for (let index = 0; index < 80; index += 1) client.request('OPTIONS');
  await closed(client);
  assert.ok(client.messages.length <= 60);
});

test('one address has so many calls and registrations a minute, over however many connections', async () => {
  for (const [method, limit] of [
    ['REGISTER', 30],
    ['INVITE', 40],
  ] as const) {
    let accepted = 0;
    let refused = 0;
    for (let round = 0; round < 3; round += 1) {
      const client = await bench.connect(SHOP);
      const body = method === 'INVITE' ? webrtcOffer() : '';
      const sent = Array.from({ length: 15 }, () => client.request(method, { token: 'token', body }));
      for (const { callId } of sent) {
        const { status } = await client.final(callId, `1 ${method}`);
        if (status === 503) refused += 1;
        else accepted += 1;
      }
    }
    assert.ok(accepted <= limit, `${accepted} of ${method}`);
    assert.ok(refused > 0, method);
  }
});

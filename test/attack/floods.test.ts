import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { webrtcOffer } from '../stack/sip-client.js';
import { attacks } from './support/attack.js';
import type { Thief } from './support/thief.js';

/** Waits until a connection is closed by the gateway. */
async function closed(socket: WebSocket, limitMs: number): Promise<boolean> {
  for (let waited = 0; waited < limitMs && socket.readyState !== WebSocket.CLOSED; waited += 50) await sleep(50);
  return socket.readyState === WebSocket.CLOSED;
}

/** A bare socket on the gateway’s port, which says what the thief wants. */
async function answerOf(thief: Thief, headers: Record<string, string>, protocol: string[] = ['sip']): Promise<string> {
  const socket = new WebSocket(thief.target.addresses.gateway_url, protocol, { rejectUnauthorized: false, headers });
  return await new Promise((resolve) => {
    socket.once('error', (error) => resolve(error.message.replace('Unexpected server response: ', 'handshake ')));
    socket.once('open', () => {
      socket.terminate();
      resolve('open');
    });
  });
}

attacks(
  'calls that go on, and floods',
  (attack) => {
    attack('a call held past its limit', async (thief) => {
      const talk = await thief.talk('brief');
      const { callId, within } = talk;
      // What might start the clock anew, and what might look like a call that is not there any more.
      thief.request('INVITE', { ...within, cseq: 2, body: webrtcOffer() });
      assert.equal((await thief.final(talk, 'INVITE', 2)).status, 200);
      thief.request('ACK', { ...within, cseq: 2, contact: '' });
      thief.request('UPDATE', { ...within, cseq: 3, headers: [...within.headers, 'Session-Expires: 90000'] });
      await thief.far.gets('BYE', callId);
      await talk.client.waitFor(({ method }) => method === 'BYE');
      const { events } = thief.target.backend;
      while (!events.some((event) => event.type === 'ended' && event.callId === callId)) await sleep(20);
      const { reason } = events.find((event) => event.type === 'ended' && event.callId === callId) ?? {};
      assert.match(reason ?? '', /limit/);
      return `both sides got a BYE: ${reason}`;
    });

    attack('a call held past its limit by a browser that answers no BYE and closes', async (thief) => {
      const { callId } = await thief.talk('brief');
      thief.client.close();
      await thief.far.gets('BYE', callId);
      return 'the phone got a BYE';
    });

    attack('a call that rings on when its caller is gone', async (thief) => {
      const client = await thief.connect();
      const sent = thief.invite({ token: await thief.token(), client });
      await thief.rightful(sent);
      client.close();
      await thief.far.gets('CANCEL', sent.callId);
      return 'the phone was cancelled';
    });

    attack('an agent flooded through the rightful line', async (thief) => {
      const tokens = await Promise.all(Array.from({ length: 8 }, () => thief.token('crowded').catch(() => undefined)));
      const clients = await Promise.all(tokens.map(() => thief.connect()));
      const sent = tokens.map((token, index) =>
        thief.invite({ client: clients[index]!, ...(token !== undefined && { token }) }),
      );
      const met = await Promise.all(sent.map((one) => thief.held(one)));
      const rang = met.filter((one) => one.startsWith('only the line')).length;
      assert.ok(rang <= 2, `${rang} calls rang at the same time`);
      return `${rang} rang, the others met ${[...new Set(met.filter((one) => !one.startsWith('only')))].join(', ')}`;
    });

    attack('fifteen hundred messages in a burst over one connection', async (thief) => {
      for (let count = 0; count < 1500; count += 1) thief.request('OPTIONS');
      await thief.held(thief.request('OPTIONS'), 'OPTIONS');
      return thief.client.socket.readyState === WebSocket.OPEN ? 'refused one by one' : 'connection closed';
    });

    // His first connection, and no other: the rightful call after it must not meet one that is about to be closed.
    attack('a connection that says nothing', async ({ client }) => {
      assert.ok(await closed(client.socket, 8000), 'it is kept');
      return 'connection closed';
    });

    attack('a connection that says nothing but keep-alives and refused requests', async ({ client }) => {
      const again = setInterval(() => {
        if (client.socket.readyState !== WebSocket.OPEN) return;
        client.send('\r\n\r\n');
        client.request('REGISTER', { token: 'a.b.c' });
      }, 400);
      const gone = await closed(client.socket, 8000);
      clearInterval(again);
      assert.ok(gone, 'it is kept');
      return 'connection closed';
    });

    attack('a handshake of another page', async (thief) => {
      const origins = ['https://evil.example', 'https://shop.example.evil.example', 'http://shop.example', 'null', ''];
      const met = await Promise.all(origins.map((Origin) => answerOf(thief, { Origin })));
      assert.ok(!met.includes('open'), met.join());
      return [...new Set(met)].join(', ');
    });

    attack('a handshake without the subprotocol, or with another', async (thief) => {
      const headers = { Origin: thief.origin };
      const met = [await answerOf(thief, headers, []), await answerOf(thief, headers, ['chat'])];
      assert.ok(!met.includes('open'), met.join());
      return [...new Set(met)].join(', ');
    });
  },
  {
    lines: { crowded: { callee: 'rings', limits: { concurrent: 2 } } },
    settings: { IDLE_TIME: 2, GRACE: 1 },
    idleSeconds: 2,
  },
);

import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { takePort } from '../../demo/stack/ports.js';
import { phoneAnswer } from './far-phone.js';
import { eventually } from './sip-client.js';
import { workbench } from './workbench.js';

// A grace that no test outlives: what ends sooner than that ends for want of sound.
const control = await takePort('rtpengine control', 'udp');
const bench = workbench(
  { GRACE: 600, MEDIA_SILENCE: 3, MEDIA_TIMER: '"name=media;interval=1;mode=1;"' },
  { ports: { rtpengine: control } },
);

const ended = (callId: string) =>
  bench.hook.asked.find(({ action, body }) => action === 'ended' && body.call_id === callId);

test('an answered call whose caller is gone and silent ends long before the grace, while the phone talks on, and one whose WebSocket is open does not', async () => {
  const quiet = await bench.establish(phoneAnswer());
  const since = Date.now();
  const { client, callId, invite } = await bench.establish(phoneAnswer());
  const talking = talk(invite.body);
  try {
    client.close();
    await sleep(1500);
    assert.equal(bench.phone.requests('BYE', callId).length, 0, 'a moment of silence is none');
    await bench.phone.gets('BYE', callId);
    assert.equal((await eventually(() => ended(callId))).body.reason, 'connection-lost');
  } finally {
    talking.stop();
  }
  await sleep(since + 5000 - Date.now());
  assert.equal(bench.phone.requests('BYE', quiet.callId).length, 0);
  quiet.client.request('BYE', { ...quiet.within, cseq: 2 });
  assert.equal((await quiet.client.final(quiet.callId, '2 BYE')).status, 200);
});

test('a call that rtpengine has given up ends on both sides', async () => {
  const { client, callId } = await bench.establish(phoneAnswer());
  await forget(callId);
  client.respond(await client.waitFor(({ method }) => method === 'BYE'), 200, 'OK');
  await bench.phone.gets('BYE', callId);
  assert.equal((await eventually(() => ended(callId))).body.reason, 'media-timeout');
});

/** Sends sound to where the gateway said that the caller is. */
function talk(offer: string): { stop(): void } {
  const port = Number(/^m=audio (\d+) /m.exec(offer)?.[1]);
  const host = /^c=IN IP4 (\S+)/m.exec(offer)?.[1];
  const socket = createSocket('udp4');
  let sequence = 0;
  const timer = setInterval(() => {
    const packet = Buffer.alloc(172, 0xd5);
    packet.writeUInt16BE(0x8008, 0);
    packet.writeUInt16BE(sequence, 2);
    packet.writeUInt32BE(sequence * 160, 4);
    packet.writeUInt32BE(7, 8);
    sequence += 1;
    socket.send(packet, port, host);
  }, 20);
  return {
    stop() {
      clearInterval(timer);
      socket.close();
    },
  };
}

/** Has rtpengine do at once what it does when its own time-out is over. */
async function forget(callId: string): Promise<void> {
  const socket = createSocket('udp4');
  const command = { command: 'delete', 'call-id': callId, 'delete delay': 0 };
  socket.send(`1 ${JSON.stringify(command)}`, control, '127.0.0.1');
  await new Promise((resolve) => socket.once('message', resolve));
  socket.close();
}

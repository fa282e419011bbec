import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { WebSocket } from 'ws';
import { workbench } from './workbench.js';

const bench = workbench({ HANDSHAKES_A_MINUTE: 12, SOCKETS_OF_ADDRESS: 4 });

/** What the operator reads with `kamcmd`. */
async function table(name: string): Promise<string> {
  const socket = `unix:${join(bench.stack.folder, 'kamailio_ctl')}`;
  const { stdout } = await promisify(execFile)('kamcmd', ['-s', socket, 'htable.dump', name]);
  return stdout;
}

async function refusal(): Promise<number | undefined> {
  const options = { rejectUnauthorized: false, origin: new URL(bench.stack.addresses.page).origin };
  const socket = new WebSocket(bench.stack.addresses.gateway_url, 'sip', options);
  return await new Promise((resolve, reject) => {
    socket.once('open', () => reject(new Error('open')));
    socket.once('unexpected-response', (_request, response) => {
      response.resume();
      resolve(response.statusCode);
    });
    socket.on('error', () => undefined);
  });
}

test('one address has so many sockets at a time, and its place back when one closes', async () => {
  // The stack itself looked in when it started.
  const clients = await Promise.all([1, 2, 3, 4].map(() => bench.connect()));
  assert.match(await table('sockets'), /127\.0\.0\.1[^]*value: 4/);
  assert.equal(await refusal(), 429);
  clients[0]?.close();
  for (let attempt = 0; /value: 4/.test(await table('sockets')); attempt += 1) assert.ok(attempt < 100);
  await bench.connect();
});

test('one address has so many handshakes a minute, and the operator can read how many there were', async () => {
  for (let attempt = 0; (await refusal().catch(() => 0)) !== 429; attempt += 1) assert.ok(attempt < 12);
  assert.match(await table('rate'), /handshake\|127\.0\.0\.1/);
});

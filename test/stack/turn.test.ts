import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { after, afterEach, before, test } from 'node:test';
import { connect as connectTls } from 'node:tls';
import { MEDIA_HOST } from '../../demo/stack/ports.js';
import { startStack, type Stack } from '../../demo/stack/stack.js';
import { fetchGrant } from './sip-client.js';
import { TurnClient, type TurnServer } from './turn-client.js';

let stack: Stack;
const open: TurnClient[] = [];

before(async () => {
  stack = await startStack({ turn: true });
});

afterEach(async () => {
  for (const client of open.splice(0)) {
    await client.release();
    client.close();
  }
});

after(() => stack.stop());

interface Server {
  urls: string[];
  username: string;
  credential: string;
}

async function connect(server: TurnServer): Promise<TurnClient> {
  const client = await TurnClient.open(server);
  open.push(client);
  return client;
}

/** What a grant says of the TURN server. */
async function granted(): Promise<TurnServer> {
  const grant = (await fetchGrant(stack, 'sales')) as unknown as { ice_servers: [Server] };
  const [{ urls, username, credential }] = grant.ice_servers;
  const [, host = '', port = ''] = /^turn:([^:]+):(\d+)\?transport=udp$/.exec(urls[0] ?? '') ?? [];
  return { host, port: Number(port), username, credential };
}

test('the credential of a grant opens a relay, and the relay reaches rtpengine', async () => {
  const client = await connect(await granted());
  assert.equal(await client.allocate(), 0);
  assert.equal(await client.permit(MEDIA_HOST), 0);
});

test('it also listens by TLS, for networks that let nothing else through', async () => {
  const { host, port } = await granted();
  const socket = connectTls({ host, port: port + 1, rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  assert.match(socket.getProtocol() ?? '', /^TLSv1\.[23]$/);
  const request = Buffer.from(`000100002112a442${'07'.repeat(12)}`, 'hex');
  socket.write(request);
  const [answer] = (await once(socket, 'data')) as [Buffer];
  assert.equal(answer.readUInt16BE(0), 0x0101);
  socket.destroy();
});

test('the secret is in no argument that others see', async () => {
  const lines = await Promise.all(stack.pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8')));
  assert.ok(lines.some((line) => line.includes('turnserver')));
  for (const line of lines) assert.ok(!line.includes(stack.turnSecret));
});

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { after, afterEach, before, test } from 'node:test';
import { connect as connectTls } from 'node:tls';
import { HOST, MEDIA_HOST } from '../../demo/stack/ports.js';
import { startStack, type Stack } from '../../demo/stack/stack.js';
import { createTurnCredentials } from '../../src/server/index.js';
import { fetchGrant } from './sip-client.js';
import { TurnClient, type TurnServer } from './turn-client.js';

/** As RFC 8656 section 15 and RFC 8489 section 14.8 count them. */
const UNAUTHORIZED = 401;
const FORBIDDEN = 403;
const QUOTA_REACHED = 486;

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

test('it reaches nothing else', async () => {
  const client = await connect(await granted());
  assert.equal(await client.allocate(), 0);
  const forbidden = [
    '10.0.0.1',
    '192.168.1.1',
    '172.16.0.1',
    '169.254.169.254',
    '198.51.100.1',
    '224.0.0.1',
    '0.0.0.0',
  ];
  // The web server, Kamailio and the phones, where rtpengine has an address of its own.
  if (MEDIA_HOST !== HOST) forbidden.push(HOST, '127.0.0.2');
  for (const host of forbidden) assert.equal(await client.permit(host), FORBIDDEN, host);
});

test('a credential that is altered or made up is refused', async () => {
  const server = await granted();
  const later = server.username.replace(/^\d+/, (time) => String(Number(time) + 3600));
  for (const wrong of [
    { ...server, credential: server.credential.replace(/^./, (first) => (first === 'A' ? 'B' : 'A')) },
    { ...server, username: later },
    { ...server, username: `${server.username}x` },
    { ...server, username: 'nobody', credential: 'nothing' },
  ]) {
    const client = await TurnClient.open(wrong);
    assert.equal(await client.allocate(), UNAUTHORIZED, wrong.username);
    client.close();
  }
});

test('a credential whose time is over is refused, although it was good', async () => {
  const server = await granted();
  const made = createTurnCredentials({ secret: stack.turnSecret, urls: 'turn:x', now: () => Date.now() - 3_600_000 });
  const [old] = await made({ sid: 'anybody' });
  const client = await TurnClient.open({ ...server, username: old!.username!, credential: old!.credential! });
  assert.equal(await client.allocate(), UNAUTHORIZED);
  client.close();

  const fresh = createTurnCredentials({ secret: stack.turnSecret, urls: 'turn:x' });
  const [now] = await fresh({ sid: 'anybody' });
  const other = await connect({ ...server, username: now!.username!, credential: now!.credential! });
  assert.equal(await other.allocate(), 0);
});

test('one session cannot take all relays', async () => {
  const server = await granted();
  const answers: number[] = [];
  for (let count = 0; count < 20 && !answers.includes(QUOTA_REACHED); count += 1) {
    const client = await TurnClient.open(server);
    const answer = await client.allocate();
    answers.push(answer);
    if (answer === 0) open.push(client);
    else client.close();
  }
  assert.equal(answers.at(-1), QUOTA_REACHED);
  assert.equal(answers.filter((answer) => answer === 0).length, 12);

  const another = await connect(await granted());
  assert.equal(await another.allocate(), 0, 'another session has its own');
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

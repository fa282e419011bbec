import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startStack, type StackAddresses } from '../../demo/stack/stack.js';
import { eventually, fetchGrant, SipClient, webrtcOffer } from './sip-client.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The command itself, on free ports. */
function command(...args: string[]): { child: ChildProcess; output: () => string; errors: () => string } {
  const flags = ['--http-port', '0', '--gateway-port', '0', ...args];
  const child = spawn(process.execPath, ['--import', 'tsx', 'demo/stack/main.ts', ...flags], { cwd: ROOT });
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  return { child, output: () => output, errors: () => errors };
}

async function up(child: ChildProcess, output: () => string, errors: () => string): Promise<void> {
  const done = (): boolean => output().includes('"page"') || child.exitCode !== null;
  await eventually(() => (done() ? true : undefined), 20_000);
  assert.ok(output().includes('"page"'), errors());
}

/** What a process started, and what that started. */
function descendants(pid: number): number[] {
  const parents = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        // `pid (name) state ppid …`, and the name may hold blanks and brackets.
        const text = readFileSync(`/proc/${name}/stat`, 'utf8');
        return [[Number(name), Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[1])] as const];
      } catch {
        return [];
      }
    });
  const children = parents.filter(([, parent]) => parent === pid).map(([child]) => child);
  return children.flatMap((child) => [child, ...descendants(child)]);
}

const lives = (pid: number): boolean => existsSync(`/proc/${pid}`) && !/^State:\s+Z/m.test(status(pid));

function status(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    return 'State: Z';
  }
}

async function allGone(pids: number[], limitMs = 8000): Promise<void> {
  await eventually(() => (pids.some(lives) ? undefined : true), limitMs);
}

async function exitCode(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null) return child.exitCode;
  return await new Promise((resolve) => child.once('exit', resolve));
}

test('stop() leaves no process and no file, also with a call open', async () => {
  const stack = await startStack();
  const client = await SipClient.open(stack);
  const { token } = await fetchGrant(stack, 'silent');
  const { callId } = client.request('INVITE', { token, body: webrtcOffer() });
  assert.equal((await client.final(callId, '1 INVITE')).status, 200);
  const pids = stack.pids.flatMap((pid) => [pid, ...descendants(pid)]);
  assert.ok(pids.length > 10, 'Kamailio alone has more workers');
  const started = Date.now();
  await stack.stop();
  assert.ok(Date.now() - started < 6000, `${Date.now() - started} ms`);
  assert.deepEqual(pids.filter(lives), []);
  assert.ok(!existsSync(stack.folder));
});

test('the last line is the addresses, and SIGINT ends everything', async () => {
  const { child, output, errors } = command();
  await up(child, output, errors);
  const addresses = JSON.parse(output().trim().split('\n').at(-1) ?? '') as StackAddresses;
  assert.match(addresses.gateway_url, /^wss:\/\/127\.0\.0\.1:\d+\//);
  assert.match(addresses.token_url, /\/api\/sip-token$/);
  assert.match(addresses.hook_url, /\/hook$/);
  const page = await fetch(addresses.page);
  assert.match(await page.text(), /<sautikit-call-button token-url="\/api\/sip-token" line="sales">/);
  const pids = descendants(child.pid ?? -1);
  child.kill('SIGINT');
  assert.equal(await exitCode(child), 130);
  await allGone(pids);
});

test('an interrupted start leaves nothing either', async () => {
  const { child } = command();
  // In the midst of it: some parts run, others do not.
  const some = await eventually(() => {
    const pids = descendants(child.pid ?? -1);
    return pids.some((pid) => /^Name:\s+(kamailio|rtpengine|baresip)/m.test(status(pid))) ? pids : undefined;
  }, 20_000);
  child.kill('SIGTERM');
  assert.equal(await exitCode(child), 143);
  await allGone(some);
});

test('a SIGKILL of the command takes the parts with it', async () => {
  const { child, output, errors } = command();
  await up(child, output, errors);
  const pids = descendants(child.pid ?? -1);
  child.kill('SIGKILL');
  await allGone(pids);
});

test('a port in use is one line and exit code 1', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const { child, errors } = command('--gateway-port', String(port));
  assert.equal(await exitCode(child), 1);
  assert.equal(errors().trim(), `stack: Port ${port} (gateway, TCP) is in use`);
  server.close();
});

test('a part that ends by itself is an error, and ends the rest', async () => {
  const { child, output, errors } = command();
  await up(child, output, errors);
  const pids = descendants(child.pid ?? -1);
  const rtpengine = pids.find((pid) => /^Name:\s+rtpengine/m.test(status(pid)));
  process.kill(rtpengine ?? -1, 'SIGKILL');
  assert.equal(await exitCode(child), 1);
  assert.match(errors(), /^stack: rtpengine ended \(SIGKILL\)/m);
  await allGone(pids);
  await sleep(0);
});

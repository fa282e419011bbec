import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { takePort } from '../../demo/stack/ports.js';
import { findProgram } from '../../demo/stack/processes.js';

export interface TestRedis {
  readonly port: number;
  readonly url: string;
  /** Another connection to it; all of them end with `stop()`. */
  connect(): Redis;
  /** Ends it as a crash would; the data, which are in memory only, are gone. */
  stop(): Promise<void>;
}

/** A port may be taken by somebody else between asking for it and using it. */
const ATTEMPTS = 5;

/** A Redis of this test's own, on loopback, that keeps nothing on disk. */
export async function startRedis(): Promise<TestRedis> {
  const folder = await mkdtemp(join(tmpdir(), 'sautikit-redis-'));
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const started = await tryStart(folder, await takePort('Redis', 'tcp'));
    if (started) return started;
  }
  await rm(folder, { recursive: true, force: true });
  throw new Error('redis-server does not start');
}

async function tryStart(folder: string, port: number): Promise<TestRedis | undefined> {
  const settings = ['--port', `${port}`, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder];
  const child = spawn(findProgram('redis-server') ?? 'redis-server', settings, {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = new Promise<false>((resolve) => {
    child.once('exit', () => resolve(false));
    child.once('error', () => resolve(false));
  });
  const ready = new Promise<true>((resolve) => {
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => {
      said = `${said}${chunk}`.slice(-4000);
      if (said.includes('Ready to accept connections')) resolve(true);
    });
  });
  // A test that dies leaves none behind.
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  if (!(await Promise.race([ready, exited]))) {
    process.off('exit', kill);
    return undefined;
  }

  const connections: Redis[] = [];
  const url = `redis://127.0.0.1:${port}`;
  return {
    port,
    url,
    connect() {
      const connection = new Redis(url, { maxRetriesPerRequest: 1 });
      // Without a listener a stopped server would end the test's process.
      connection.on('error', () => undefined);
      connections.push(connection);
      return connection;
    },
    async stop() {
      for (const connection of connections) connection.disconnect();
      kill();
      await exited;
      process.off('exit', kill);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

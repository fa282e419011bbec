import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { processorTime } from './processor-time.js';

/** A server under test, in a process of its own. */
export interface Program {
  url: string;
  /** Processor time since it began, in seconds. */
  cpu(): number;
  /** After a collection, in bytes. */
  memory(): Promise<NodeJS.MemoryUsage>;
  stop(): Promise<void>;
}

export interface ProgramOptions {
  args?: readonly string[];
  env?: Record<string, string>;
  /** File that standard output goes to. */
  output?: string;
}

/** With a folder in `CPU_PROFILES`, each program leaves a profile there for the developer tools of a browser. */
const profiles = process.env.CPU_PROFILES;
const profiling = profiles === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profiles}`];

/** Starts one of the scripts of this folder. */
export async function startProgram(script: string, { args = [], env = {}, output }: ProgramOptions): Promise<Program> {
  const stdout = output === undefined ? 'ignore' : openSync(output, 'w');
  const child = fork(fileURLToPath(new URL(script, import.meta.url)), args, {
    execArgv: ['--import', 'tsx', '--expose-gc', ...profiling],
    env: { ...process.env, ...env },
    stdio: ['ignore', stdout, 'inherit', 'ipc'],
  });
  if (typeof stdout === 'number') closeSync(stdout);
  const { port } = await said<{ port: number }>(child);
  return {
    url: `http://127.0.0.1:${port}/api/sip-token`,
    cpu: () => processorTime(child.pid!),
    async memory() {
      child.send('memory');
      return (await said<{ memory: NodeJS.MemoryUsage }>(child)).memory;
    },
    async stop() {
      const exit = once(child, 'exit');
      child.disconnect();
      await exit;
    },
  };
}

async function said<T>(child: ChildProcess): Promise<T> {
  const failed = new AbortController();
  const ended = once(child, 'exit', { signal: failed.signal }).then(() => {
    throw new Error('A server ended before it answered');
  });
  ended.catch(() => undefined);
  const [message] = (await Promise.race([once(child, 'message'), ended])) as [T];
  failed.abort();
  return message;
}

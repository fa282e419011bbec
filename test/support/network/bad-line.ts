import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { requireProgram } from '../../../demo/stack/processes.js';
import type { Network } from './network.js';

/** What a bad line does to each packet, in either direction. */
export interface Badness {
  /** Milliseconds that it is held back. */
  delayMs?: number;
  /** A random part of so many milliseconds more. */
  jitterMs?: number;
  /** How many are lost, 0 to 1. */
  loss?: number;
}

export interface BadLine {
  /** From now on it is so bad. */
  become(badness: Badness): void;
  /** The line is good again. */
  mend(): Promise<void>;
}

const DEVICE = 'badline';
/** Of routes that are no others' business. */
const TABLE = '100';

/** Leads all that the router passes on through a program: this kernel may have no `netem`. */
export async function makeBadLine({ router, wifi }: Network, badness: Badness): Promise<BadLine> {
  const ip = requireProgram('ip', 'iproute2');
  const program = fileURLToPath(new URL('bad-line.py', import.meta.url));
  const [command, ...args] = [...router.enter, requireProgram('python3', 'python3'), program, DEVICE];
  const child = spawn(command!, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const tell = ({ delayMs = 0, jitterMs = 0, loss = 0 }: Badness) =>
    child.stdin.write(`${delayMs} ${jitterMs} ${loss}\n`);
  const rules = [wifi.far, 'out'].map((from) => ['rule', 'add', 'iif', from, 'lookup', TABLE]);
  try {
    await Promise.race([
      once(child.stdout, 'data'),
      exited.then(() => Promise.reject(new Error('There is no TUN device'))),
    ]);
    tell(badness);
    await router.run(ip, 'link', 'set', DEVICE, 'addrgenmode', 'none', 'up');
    await router.run(ip, 'route', 'replace', 'default', 'dev', DEVICE, 'table', TABLE);
    for (const rule of rules) await router.run(ip, ...rule);
  } catch (error) {
    child.stdin.end();
    throw error;
  }
  return {
    become: tell,
    async mend() {
      for (const [object, , ...words] of rules) await router.run(ip, object!, 'del', ...words);
      child.stdin.end();
      await exited;
    },
  };
}

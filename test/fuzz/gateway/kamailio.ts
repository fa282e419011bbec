import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Stack } from '../../../demo/stack/stack.js';

/** What Kamailio holds, as its operator reads it with `kamcmd`; bytes. */
export interface Memory {
  /** In use of what all processes share. */
  shared: number;
  /** What all processes have of their own, together. */
  own: number;
  /** Calls that it knows of. */
  dialogs: number;
}

async function ask({ folder }: Stack, ...command: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)('kamcmd', ['-s', `unix:${join(folder, 'kamailio_ctl')}`, ...command], {
    maxBuffer: 2 ** 26,
  });
  return stdout;
}

const numbers = (text: string, field: string): number[] =>
  [...text.matchAll(new RegExp(`^\\s*${field}: +(\\d+)`, 'gm'))].map(([, value]) => Number(value));

export async function memoryOf(stack: Stack): Promise<Memory> {
  const [shared = 0] = numbers(await ask(stack, 'core.shmmem'), 'used');
  const processes = workersOf(stack.gateways[0]!.pid).map((pid) => read(`/proc/${pid}/smaps_rollup`));
  const own = processes.reduce((sum, text) => sum + 1024 * (numbers(text, 'Anonymous')[0] ?? 0), 0);
  const [dialogs = 0] = numbers(await ask(stack, 'dlg.stats_active'), 'all');
  return { shared, own, dialogs };
}

/** Who may be called at this gateway: addresses of record. */
export async function registered(stack: Stack): Promise<string[]> {
  return [...(await ask(stack, 'ul.dump')).matchAll(/AoR: (\S+)/g)].map(([, aor]) => aor!);
}

/** Its processes. All of them end with any of them. */
export function workersOf(pid: number): number[] {
  return readdirSync('/proc')
    .filter(
      (name) => /^\d+$/.test(name) && numbers(read(`/proc/${name}/status`).replace(/\t/g, ' '), 'PPid')[0] === pid,
    )
    .map(Number)
    .sort((one, other) => one - other);
}

/** Nothing where it is gone. */
function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { until } from '../../../demo/stack/probes.js';
import { Program, requireProgram } from '../../../demo/stack/processes.js';

const run = promisify(execFile);

/** A network of its own, as a machine elsewhere has, with mounts of its own. */
export interface Namespace {
  pid: number;
  /** What a command line begins with that is to run in there. */
  enter: readonly string[];
  /** @returns what the command printed */
  run(...command: string[]): Promise<string>;
  close(): Promise<void>;
}

/**
 * It has no name and no file: it lives as long as a process does that this one takes along, whatever it dies of, and its
 * cables go with it.
 * @param folder for the log of that process
 * @throws Error where this process may make none
 */
export async function makeNamespace(name: string, folder: string): Promise<Namespace> {
  let crash: Error | undefined;
  const holder = new Program({
    name,
    command: requireProgram('unshare', 'util-linux'),
    args: ['--net', '--mount', '--', 'sleep', 'infinity'],
    folder,
    verbose: false,
    onCrash: (error) => void (crash = error),
  });
  try {
    await until(name, async () => {
      if (crash) return;
      // Not before are the namespaces made, and is nothing that is mounted in there seen out here.
      if ((await readFile(`/proc/${holder.pid}/comm`, 'utf8')) !== 'sleep\n') throw new Error('not yet');
    });
    if (crash) throw crash;
  } catch (error) {
    await holder.stop();
    throw error;
  }
  const [program, ...into] = [
    requireProgram('nsenter', 'util-linux'),
    `--target=${holder.pid}`,
    '--net',
    '--mount',
    '--',
  ] as const;
  return {
    pid: holder.pid,
    enter: [program, ...into],
    run: async (...command) => (await run(program, [...into, ...command])).stdout,
    close: () => holder.stop(),
  };
}

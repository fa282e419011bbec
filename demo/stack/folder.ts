import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const NAME = 'sautikit-stack-';

/** A folder for one stack. Before, what earlier stacks left behind that were killed before they could clean up goes. */
export async function makeFolder(): Promise<string> {
  for (const name of await readdir(tmpdir())) {
    const [, pid] = new RegExp(`^${NAME}([0-9]+)-`).exec(name) ?? [];
    if (pid !== undefined && !lives(Number(pid))) await rm(join(tmpdir(), name), { recursive: true, force: true });
  }
  return await mkdtemp(join(tmpdir(), `${NAME}${process.pid}-`));
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, and is somebody else's.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

import { spawnSync } from 'node:child_process';
import { findProgram } from '../../demo/stack/processes.js';

/** What the recipe for FastAPI imports. */
const IMPORTS = 'import fastapi, uvicorn, jwt';

let found: string | undefined;

/** A Python that has what the recipe needs: often the system's own does, and another one that comes first does not. */
export function findPython(): string | undefined {
  const candidates = ['/usr/bin/python3', findProgram('python3')].filter((file) => file !== undefined);
  found ??= candidates.find((file) => spawnSync(file, ['-c', IMPORTS], { stdio: 'ignore' }).status === 0);
  return found;
}

export function requirePython(): string {
  const file = findPython();
  if (!file) {
    throw new Error(
      'No Python has FastAPI; on Debian or Ubuntu: apt-get install python3-fastapi python3-uvicorn python3-jwt',
    );
  }
  return file;
}

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { requireProgram } from './processes.js';

const SOURCE = fileURLToPath(new URL('kamailio/thread-locals.c', import.meta.url));

/** Compiles what keeps Debian 12's Kamailio alive under OpenSSL 3, and returns the library to preload; see the source. */
export async function compileThreadLocals(folder: string, gateway: string): Promise<string> {
  const library = join(folder, `${gateway}-thread-locals.so`);
  await promisify(execFile)(requireProgram('cc', 'gcc'), [
    '-shared',
    '-fPIC',
    '-O2',
    '-pthread',
    '-o',
    library,
    SOURCE,
  ]);
  return library;
}

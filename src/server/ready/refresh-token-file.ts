import { readFile, rename, writeFile } from 'node:fs/promises';
import type { RefreshTokenOptions } from '../mint/refresh-token.js';

/**
 * A refresh token that is replaced with each use must outlive this process: the one in the environment is good once.
 * @param first What the environment holds, for the very first start.
 * @param file Where the last one is kept, readable by nobody else; undefined: nowhere.
 */
export async function keepRefreshToken(first: string, file: string | undefined): Promise<RefreshTokenOptions> {
  if (file === undefined) return { refreshToken: first };
  return {
    refreshToken: (await readKept(file)) ?? first,
    async onRotate(next) {
      // Renamed into place, so that a crash leaves the old one or the new one and never half of it.
      await writeFile(`${file}.new`, next, { mode: 0o600 });
      await rename(`${file}.new`, file);
    },
  };
}

async function readKept(file: string): Promise<string | undefined> {
  try {
    return (await readFile(file, 'utf8')).trim() || undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new Error('mint.keepIn: the file cannot be read', { cause: error });
  }
}

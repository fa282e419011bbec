import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Every file below a folder whose name ends so, sorted; Node 20's test runner takes no patterns. */
export const filesIn = (folder: string, ending: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .map((name) => join(folder, name))
    .sort();

import { readFile } from 'node:fs/promises';
import { ConfigError, explain } from './config-error.js';
import type { Environment } from './config-fields.js';
import { configSchema, type Config } from './config-schema.js';

/**
 * Reads a configuration file.
 * @throws {ConfigError} with everything that is wrong with it, not only the first
 */
export async function readConfig(file: string, environment: Environment): Promise<Config> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new ConfigError([`cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`]);
  }
  return parseConfig(text, environment);
}

/** The same for a text that is at hand already. */
export function parseConfig(text: string, environment: Environment): Config {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new ConfigError([`the whole file: expected JSON${whereOf(error, text)}`]);
  }
  const parsed = configSchema(environment).safeParse(value);
  if (!parsed.success) throw new ConfigError(explain(parsed.error.issues));
  return parsed.data;
}

/** Where a text stops being JSON. The runtime's own message would repeat a piece of the file. */
function whereOf(error: unknown, text: string): string {
  const [, position] = /at position (\d+)/.exec((error as Error).message) ?? [];
  if (position === undefined) return '';
  const before = text.slice(0, Number(position)).split('\n');
  return `, and it is none at line ${before.length}, column ${before.at(-1)!.length + 1}`;
}

import { readFile, writeFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { format, resolveConfig } from 'prettier';
import { matrix, summary } from './matrix.js';
import type { Told } from './told.js';

export const RESULTS = new URL('../results.json', import.meta.url);
/** The page that shows them, between two marks. */
export const PAGE = new URL('../../../docs/resilience.md', import.meta.url);
const MARKED = /(<!-- matrix -->\n)[^]*(\n<!-- \/matrix -->)/;

export interface Results {
  processors: number;
  /** Of the machine over the last minute, when the last of them was done. */
  load: number;
  rows: Told[];
}

export const readResults = async (): Promise<Results> => JSON.parse(await readFile(RESULTS, 'utf8')) as Results;

/** The page with these rows in it. */
export const paged = (page: string, rows: readonly Told[]): string =>
  page.replace(
    MARKED,
    (_, begin: string, end: string) => `${begin}\n${matrix(rows)}\n\n${summary(rows)}, none stuck.\n${end}`,
  );

/** Keeps what was measured. Of what was measured in part, the rest stays as it was. */
export async function writeResults(told: readonly Told[], whole: boolean): Promise<void> {
  const of = ({ group, fault, browser }: Told) => JSON.stringify([group, fault, browser]);
  const fresh = new Map(told.map((row) => [of(row), row]));
  const before = whole ? [] : (await readResults()).rows;
  const kept = before.map((row) => fresh.get(of(row)) ?? row);
  const known = new Set(kept.map(of));
  const rows = [...kept, ...told.filter((row) => !known.has(of(row)))];
  const results: Results = { processors: cpus().length, load: loadavg()[0]!, rows };
  const options = { ...(await resolveConfig(RESULTS)), parser: 'json' };
  await writeFile(RESULTS, await format(JSON.stringify(results), options));
  await writeFile(PAGE, paged(await readFile(PAGE, 'utf8'), rows));
}

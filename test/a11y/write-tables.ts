/** `npx tsx test/a11y/write-tables.ts` writes the tables of the contract into its document. */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { withTables } from './tables.js';

const FILE = fileURLToPath(new URL('../../docs/screen-readers.md', import.meta.url));
writeFileSync(FILE, withTables(readFileSync(FILE, 'utf8')));

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { it } from 'node:test';
import { withTables } from './tables.js';

it('the contract for screen readers is written down as it is tested (npx tsx test/a11y/write-tables.ts)', () => {
  const document = readFileSync(new URL('../../docs/screen-readers.md', import.meta.url), 'utf8');
  assert.equal(document, withTables(document));
});

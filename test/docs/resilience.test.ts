import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { it } from 'node:test';
import { PAGE, paged, readResults } from '../fault/support/results.js';

it('shows the matrix of faults as it was measured last', async () => {
  const page = await readFile(PAGE, 'utf8');
  const { rows } = await readResults();
  assert.ok(rows.length > 0);
  assert.equal(paged(page, rows), page);
});

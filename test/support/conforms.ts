import assert from 'node:assert/strict';
import type { CheckId, CheckResult, Outcome } from '../../src/server/conformance/catalogue.js';
import type { ConformanceOptions } from '../../src/server/conformance/endpoint.js';
import { runConformance } from '../../src/server/conformance/run.js';

/** Grades an endpoint: each check passes but those that cannot be made of it. */
export async function assertConforms(options: ConformanceOptions, skipped: readonly CheckId[]): Promise<void> {
  const results: CheckResult[] = [];
  for await (const result of runConformance(options)) results.push(result);
  const named = (wanted: Outcome) => results.filter(({ outcome }) => outcome === wanted).map(({ id }) => id);
  const notPassed = JSON.stringify(
    results.filter(({ outcome }) => outcome !== 'pass'),
    null,
    1,
  );
  assert.deepEqual(named('fail'), [], notPassed);
  assert.deepEqual(named('warn'), [], notPassed);
  assert.deepEqual(named('skip'), skipped, notPassed);
}

import type { CheckResult } from '../../conformance/catalogue.js';
import type { ConformanceOptions } from '../../conformance/endpoint.js';
import { runConformance } from '../../conformance/run.js';
import { fail, ok, warn, type Finding } from '../finding.js';

/** Grades the token endpoint. The limits are left out: to meet them takes some 250 requests. */
export async function checkRules(options: ConformanceOptions): Promise<Finding[]> {
  const results: CheckResult[] = [];
  for await (const result of runConformance({ ...options, limitRequests: 0, patience: 30 })) results.push(result);
  const findings = results.flatMap(({ id, outcome, seen, mend }): Finding[] => {
    if (outcome === 'fail') return [fail(`rules/${id}`, seen, mend)];
    return outcome === 'warn' ? [warn(`rules/${id}`, seen, mend)] : [];
  });
  if (findings.length > 0) return findings;
  const held = results.filter(({ outcome }) => outcome === 'pass').length;
  return [ok('rules', `${held} hold`, 'For the limits, too, ask: sautikit-call-button conformance <token-url>.')];
}

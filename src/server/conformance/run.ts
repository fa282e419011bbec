import { judge, type CheckResult } from './catalogue.js';
import { checkCors, checkCorsOfAll } from './cors-checks.js';
import { Endpoint, type ConformanceOptions } from './endpoint.js';
import { checkGrants } from './grant-checks.js';
import { isLocal } from './grant-faults.js';
import { checkLimits } from './limit-checks.js';
import { checkOrigins } from './origin-checks.js';
import { checkRefusals, checkRefusalsOfAll } from './refusal-checks.js';

/**
 * Grades a token endpoint by asking it, as pages and as programs. It asks for real grants, calls nobody, and tells its
 * results as they come. What meets the endpoint's limits comes last.
 */
export async function* runConformance(options: ConformanceOptions): AsyncGenerator<CheckResult> {
  const endpoint = new Endpoint(options);
  const { protocol, hostname } = endpoint.url;
  const open = protocol !== 'https:' && !isLocal(hostname);
  yield judge('transport', open ? [`${protocol}//${hostname}`] : [], protocol.slice(0, -1));
  yield* checkGrants(endpoint);
  yield* checkCors(endpoint);
  yield* checkOrigins(endpoint);
  yield* checkRefusals(endpoint, options);
  yield* checkLimits(endpoint, options.limitRequests ?? 200);
  yield* checkRefusalsOfAll(endpoint);
  yield* checkCorsOfAll(endpoint);
}

import { judge, result, type CheckResult } from './catalogue.js';
import { describe, isGranted, type Answer, type Endpoint } from './endpoint.js';

/** Asks what browsers ask before a request, and judges what pages may read. */
export async function* checkCors(endpoint: Endpoint): AsyncGenerator<CheckResult> {
  const grant = endpoint.answers.find(isGranted);
  yield grant ? cors(endpoint, grant) : result('cors', 'skip', 'no grant was given');
  yield await checkPreflight(endpoint);
}

/** Judges every answer so far: to be called when all questions have been asked. */
export function checkCorsOfAll(endpoint: Endpoint): CheckResult[] {
  const { answers, origin } = endpoint;
  const readers = answers.filter((answer) => allowed(answer) !== null && allowed(answer) !== '*');
  const varies = ({ headers }: Answer): boolean =>
    /(?:^|[\s,])(?:origin|\*)(?:$|[\s,])/i.test(headers.get('Vary') ?? '');
  const foreign = answers.filter((answer) => answer.origin !== null && answer.origin !== origin);
  const opened = foreign.filter((answer) => allowed(answer) === '*' || allowed(answer) === answer.origin);
  const said = (answer: Answer): string => `${answer.asked}: Access-Control-Allow-Origin: ${allowed(answer)}`;
  const mute = readers.filter((answer) => !varies(answer));
  const refusals = answers.filter(
    (answer) => answer.status >= 400 && answer.origin === origin && answer.method !== 'OPTIONS',
  );
  return [
    judge('vary', mute.map(({ asked }) => `${asked}: no Vary: Origin`).slice(0, 3), 'Vary: Origin'),
    judge('cors-foreign', opened.map(said), 'none was let in'),
    judge(
      'readable-refusals',
      refusals
        .filter((one) => !readable(endpoint, one))
        .map(describe)
        .slice(0, 3),
      'readable',
    ),
  ];
}

function cors(endpoint: Endpoint, grant: Answer): CheckResult {
  const value = allowed(grant);
  if (value === null && endpoint.sameOrigin) return result('cors', 'pass', 'of the same origin, where none is needed');
  return judge('cors', value === endpoint.origin ? [] : [`Access-Control-Allow-Origin: ${value ?? 'none'}`], 'echoed');
}

async function checkPreflight(endpoint: Endpoint): Promise<CheckResult> {
  const headers = { 'Access-Control-Request-Method': 'POST', 'Access-Control-Request-Headers': 'content-type' };
  const answer = await endpoint.ask('preflight', { method: 'OPTIONS', headers });
  const from = endpoint.foreignOrigin;
  await endpoint.ask(`preflight from ${from}`, { method: 'OPTIONS', headers, origin: from });
  if (endpoint.method === 'GET') return result('preflight', 'skip', 'browsers do not ask before such a GET');
  if (allowed(answer) === null && endpoint.sameOrigin) {
    return result('preflight', 'skip', 'of the same origin, where browsers do not ask');
  }
  const faults: string[] = [];
  if (answer.status < 200 || answer.status > 299) faults.push(describe(answer));
  if (allowed(answer) !== endpoint.origin) faults.push(`Access-Control-Allow-Origin: ${allowed(answer) ?? 'none'}`);
  const names = answer.headers.get('Access-Control-Allow-Headers') ?? '';
  if (!/(?:^|[\s,])content-type(?:$|[\s,])/i.test(names))
    faults.push(`Access-Control-Allow-Headers: ${names || 'none'}`);
  return judge('preflight', faults, String(answer.status));
}

function readable(endpoint: Endpoint, answer: Answer): boolean {
  const value = allowed(answer);
  return value === endpoint.origin || value === '*' || (value === null && endpoint.sameOrigin);
}

function allowed({ headers }: Answer): string | null {
  return headers.get('Access-Control-Allow-Origin');
}

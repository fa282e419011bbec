import { judge, result, type CheckId, type CheckResult } from './catalogue.js';
import { describe, isGranted, isLimited, type Answer, type Endpoint } from './endpoint.js';
import { lookalikes } from './lookalikes.js';

/** Asks as pages that may not, and as programs that are no page. */
export async function* checkOrigins(endpoint: Endpoint): AsyncGenerator<CheckResult> {
  const { foreignOrigin, origin, wish } = endpoint;
  const from = (page: string): Promise<Answer> => endpoint.ask(`from ${page}`, { origin: page, body: wish });

  yield refused('foreign-origin', [await from(foreignOrigin)]);
  const answers: Answer[] = [];
  for (const page of lookalikes(origin)) answers.push(await from(page));
  yield refused('lookalike-origin', answers);
  yield refused('null-origin', [await from('null')]);
  yield refused('missing-origin', [
    await endpoint.ask('without Origin', { origin: null, body: wish }),
    await endpoint.ask('without Origin, cross-site', {
      origin: null,
      body: wish,
      headers: { 'Sec-Fetch-Site': 'cross-site' },
    }),
  ]);
  yield await checkSameOriginGet(endpoint);
}

/** A grant is a fault; a refusal that is not 403 does its work, but tells a page the wrong thing. */
function refused(id: CheckId, answers: readonly Answer[]): CheckResult {
  const granted = answers.filter((answer) => isGranted(answer) || (answer.status >= 200 && answer.status < 300));
  if (granted.length > 0) return judge(id, granted.map(describe), '');
  const others = answers.filter(({ status }) => status !== 403);
  return judge(id, others.map(describe), '403', 'warn');
}

async function checkSameOriginGet(endpoint: Endpoint): Promise<CheckResult> {
  const query: Record<string, string> = endpoint.line === undefined ? {} : { line: endpoint.line };
  const get = (asked: string, site?: string): Promise<Answer> => {
    const headers = site === undefined ? {} : { 'Sec-Fetch-Site': site };
    return endpoint.ask(asked, { method: 'GET', origin: null, query, headers });
  };
  const outside = [await get('GET without Origin'), await get('GET without Origin, cross-site', 'cross-site')];
  const through = outside.filter(isGranted);
  if (through.length > 0) return judge('same-origin-get', through.map(describe), '');

  const own = await get('GET of the same origin', 'same-origin');
  if (isGranted(own)) return result('same-origin-get', 'pass', 'granted with Sec-Fetch-Site: same-origin alone');
  // Whoever looks at the origin first refuses that one with 403, also where no GET at all is served.
  const named = await endpoint.ask('GET', { method: 'GET', query });
  if (named.status === 405 || named.status === 404) return result('same-origin-get', 'skip', 'GET is not served');
  return result('same-origin-get', isLimited(own) ? 'skip' : 'warn', describe(own));
}

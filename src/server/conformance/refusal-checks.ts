import { judge, result, type CheckId, type CheckResult } from './catalogue.js';
import { describe, isGranted, type Answer, type Endpoint } from './endpoint.js';
import { rfc3339 } from './grant-faults.js';

/** Codes that a page understands, and those that tell a developer what is wrong. */
const CODES: readonly unknown[] = [
  ...['bad-request', 'busy', 'challenge-required', 'line-closed', 'method-not-allowed', 'not-found', 'rate-limited'],
  ...['server-error', 'token-denied', 'token-unknown', 'unauthorized'],
];

/** In characters: many times what a request ever needs, and little enough to be sent whole before the answer comes. */
const TOO_LONG = 32_768;

/** What shows the inside of a server: markup, stack traces, paths of source files. */
const DETAILS =
  /<!doctype|<html|<body|<br ?\/?>|Traceback \(most recent|\bat .{1,200}:\d+:\d+\)?|goroutine \d+ \[|on line \d+|\.(?:py|go|php|js|ts|rb|java)\b["':)]|\/(?:usr|home|var|srv|app)\/\w/i;

/** Asks for what must be refused. */
export async function* checkRefusals(
  endpoint: Endpoint,
  { unknownLine = 'no-such-line', closedLine }: { unknownLine?: string; closedLine?: string },
): AsyncGenerator<CheckResult> {
  yield await checkUnknownLines(endpoint, unknownLine);

  yield* checkBodies(endpoint);
  yield await checkMethods(endpoint);
  yield await checkClosedLine(endpoint, closedLine);
}

async function* checkBodies(endpoint: Endpoint): AsyncGenerator<CheckResult> {
  if (endpoint.method === 'GET') {
    yield result('bad-request', 'skip', 'a GET has no body');
    yield result('oversized', 'skip', 'a GET has no body');
    return;
  }
  const malformed = ['{', '[]', '"text"', '{"line":7}', '{"line":{"name":"x"}}'];
  const answers: Answer[] = [];
  for (const body of malformed) answers.push(await endpoint.ask(`the body ${body}`, { body }));
  yield expected('bad-request', answers, 400);

  const long = { ...endpoint.wish, context: { long: 'x'.repeat(TOO_LONG) } };
  yield expected('oversized', [await endpoint.ask('32 kB', { body: JSON.stringify(long) })], 413);
}

/** Judges every refusal so far: to be called when all questions have been asked. */
export function checkRefusalsOfAll({ answers }: Endpoint): CheckResult[] {
  const refusals = answers.filter(({ status, method }) => method !== 'OPTIONS' && (status === 0 || status >= 300));
  const shapes = refusals.flatMap((answer) => shapeFaults(answer).map((fault) => `${answer.asked}: ${fault}`));
  const talkative = answers.filter((answer) => !isGranted(answer) && DETAILS.test(answer.text));
  const cookies = answers.filter(({ headers }) => headers.has('Set-Cookie'));
  return [
    judge('refusal-shape', shapes.slice(0, 4), `${refusals.length} refusals`),
    judge('no-details', talkative.slice(0, 4).map(describe), 'none'),
    judge(
      'no-cookies',
      cookies.slice(0, 1).map((answer) => `${answer.asked}: Set-Cookie`),
      'none',
    ),
  ];
}

async function checkUnknownLines(endpoint: Endpoint, unknownLine: string): Promise<CheckResult> {
  const plain = await endpoint.ask(`the line "${unknownLine}"`, { body: { line: unknownLine } });
  const odd: Answer[] = [];
  for (const line of ['constructor', '__proto__', `../${unknownLine}`, `${unknownLine}\r\nX-Line: 1`]) {
    odd.push(await endpoint.ask(`the line ${JSON.stringify(line)}`, { body: { line } }));
  }
  // A name of odd characters may also count as malformed.
  const faults = [plain, ...odd].filter(({ status }) => status !== 404 && (status !== 400 || plain.status === 400));
  return judge('unknown-line', faults.map(describe), '404');
}

async function checkMethods(endpoint: Endpoint): Promise<CheckResult> {
  const answers: Answer[] = [];
  for (const method of ['PUT', 'DELETE']) answers.push(await endpoint.ask(method, { method }));
  const judged = expected('wrong-method', answers, 405);
  if (judged.outcome !== 'pass') return judged;
  const named = ({ headers }: Answer): boolean =>
    (headers.get('Allow') ?? '').split(/[\s,]+/).includes(endpoint.method);
  const mute = answers.filter((answer) => !named(answer));
  return judge(
    'wrong-method',
    mute.map(({ asked, headers }) => `${asked}: Allow: ${headers.get('Allow') ?? 'none'}`),
    '405',
  );
}

async function checkClosedLine(endpoint: Endpoint, line: string | undefined): Promise<CheckResult> {
  if (line === undefined) return result('closed-line', 'skip', 'none was named (--closed-line)');
  const answer = await endpoint.ask(`the closed line`, { body: { line } });
  const faults: string[] = [];
  if (answer.status !== 200 || answer.json?.available !== false) faults.push(describe(answer));
  if (isGranted(answer)) faults.push('a credential');
  const { opens_at: opensAt } = answer.json ?? {};
  if (opensAt != null && rfc3339(opensAt) === undefined) faults.push('opens_at is no RFC 3339 time');
  return judge('closed-line', faults, opensAt == null ? 'no time of opening' : 'with a time of opening');
}

/** Fails what was let through or broke the server; another refusal than the expected one is worth a warning. */
function expected(id: CheckId, answers: readonly Answer[], status: number): CheckResult {
  const bad = answers.filter((answer) => answer.status < 400 || answer.status >= 500);
  if (bad.length > 0) return judge(id, bad.map(describe), '');
  const others = answers.filter((answer) => answer.status !== status);
  return judge(id, others.map(describe), String(status), 'warn');
}

function shapeFaults({ status, json, headers, failure }: Answer): string[] {
  if (failure !== undefined) return [failure];
  if (status < 400) return [`a redirect (${status})`];
  const faults: string[] = [];
  if (!json) faults.push('no JSON object');
  else if (!CODES.includes(json.error)) faults.push('no known code in "error"');
  if (json && !/^application\/json\b/i.test(headers.get('Content-Type') ?? ''))
    faults.push('not sent as application/json');
  if (!/\bno-store\b/i.test(headers.get('Cache-Control') ?? '')) faults.push('no "Cache-Control: no-store"');
  const { retry_after: pause } = json ?? {};
  if (pause != null && !(typeof pause === 'number' && pause > 0)) faults.push('retry_after is no number of seconds');
  return faults;
}

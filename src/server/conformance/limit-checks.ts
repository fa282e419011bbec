import { judge, result, type CheckId, type CheckResult } from './catalogue.js';
import { challengeFaults, solveChallenge } from './challenge.js';
import { describe, isChallenge, isGranted, isLimited, type Answer, type Endpoint } from './endpoint.js';

const ALL: readonly CheckId[] = ['limits', 'limit-shape', 'forged-address', 'challenge-answer'];
/** How many requests are under way at once. */
const AT_ONCE = 10;
/** How many addresses are forged. */
const FORGED = 5;

/** Asks again and again until a limit is met, and then tries to get past it. */
export async function* checkLimits(endpoint: Endpoint, most: number): AsyncGenerator<CheckResult> {
  if (most <= 0) {
    for (const id of ALL) yield result(id, 'skip', 'limits were not tried');
    return;
  }
  const { sent, refusal } = await meetLimit(endpoint, most);
  if (!refusal) {
    yield result('limits', 'fail', `${sent} requests in a row and no limit`);
    for (const id of ALL.slice(1)) yield result(id, 'skip', 'no limit was met');
    return;
  }
  yield result('limits', 'pass', `met within ${sent} requests (${describe(refusal)})`);
  yield judge('limit-shape', limitFaults(refusal), isChallenge(refusal) ? 'a challenge' : 'retry_after');
  yield await checkForgedAddress(endpoint);
  yield await checkChallenge(endpoint, refusal);
}

async function meetLimit(endpoint: Endpoint, most: number): Promise<{ sent: number; refusal: Answer | undefined }> {
  for (let sent = 0; sent < most; sent += AT_ONCE) {
    const questions = Array.from({ length: Math.min(AT_ONCE, most - sent) }, () => again(endpoint));
    const refusal = (await Promise.all(questions)).find(isLimited);
    if (refusal) return { sent: sent + questions.length, refusal };
  }
  return { sent: most, refusal: undefined };
}

function again(
  endpoint: Endpoint,
  more: Record<string, unknown> = {},
  headers?: Record<string, string>,
): Promise<Answer> {
  return endpoint.send('again and again', { body: { ...endpoint.wish, ...more }, ...(headers && { headers }) });
}

function limitFaults({ status, json }: Answer): string[] {
  if (status !== 429) return challengeFaults(json?.challenge);
  const faults: string[] = [];
  if (json?.error !== 'rate-limited') faults.push('"error" is not "rate-limited"');
  if (!(typeof json?.retry_after === 'number' && json.retry_after > 0)) faults.push('no "retry_after" in the body');
  return faults;
}

/** A limit that refills lets one or another through meanwhile; who believes forged addresses lets all of them. */
async function checkForgedAddress(endpoint: Endpoint): Promise<CheckResult> {
  let granted = 0;
  for (let index = 1; index <= FORGED; index++) {
    const address = `203.0.113.${index}`;
    const headers = {
      'X-Forwarded-For': address,
      'X-Real-IP': address,
      'X-Client-IP': address,
      'CF-Connecting-IP': address,
      'True-Client-IP': address,
      Forwarded: `for=${address}`,
    };
    if (isGranted(await again(endpoint, {}, headers))) granted++;
  }
  const seen = `${granted} of ${FORGED} addresses were believed`;
  return judge('forged-address', granted > FORGED / 2 ? [seen] : [], 'none was believed');
}

async function checkChallenge(endpoint: Endpoint, refusal: Answer): Promise<CheckResult> {
  if (!isChallenge(refusal)) return result('challenge-answer', 'skip', 'the limit asks for no proof');
  if (endpoint.method === 'GET') return result('challenge-answer', 'skip', 'a GET carries no answer');
  const solution = await solveChallenge(refusal.json?.challenge);
  if (!solution) return result('challenge-answer', 'skip', 'only a person can answer it');
  const faults: string[] = [];
  const wrong = await again(endpoint, { challenge: { ...solution, number: Number(solution.number) + 1 } });
  if (isGranted(wrong)) faults.push('a wrong solution was accepted');
  // A wrong answer may have used the first one up.
  const next = (isChallenge(wrong) && (await solveChallenge(wrong.json?.challenge))) || solution;
  const right = await again(endpoint, { challenge: next });
  if (!isGranted(right)) faults.push(`the right solution was refused (${right.status})`);
  if (isGranted(await again(endpoint, { challenge: next }))) faults.push('a solution was accepted twice');
  return judge('challenge-answer', faults, 'once');
}

import { closesAt, isOpen, opensAt } from './hours.js';
import { handlerOf, json, noContent, Refusal, refusalAnswer, type Answer, type Handler } from './http.js';
import { closedLine } from './line-closed.js';
import { findLine, type Line, type Lines } from './line.js';
import { checkLines } from './lines-schema.js';

export interface StatusHandlerOptions {
  lines: Lines;
  /** The clock, in milliseconds since 1970. Default: `Date.now`. */
  now?: () => number;
}

/** How long an answer may be kept, in seconds. */
const LONGEST_AGE = 60;

const CORS = { 'Access-Control-Allow-Origin': '*' };

/**
 * Tells everybody whether a line is open, and when it opens: the element's `status-url`, which it asks before a click.
 * `GET …?line=sales` answers `{ available, opens_at? }`, and gives nothing away that a caller could not find out.
 */
export function createStatusHandler({ lines, now = Date.now }: StatusHandlerOptions): Handler {
  checkLines(lines);

  const handle = (request: Request): Answer => {
    if (request.method === 'OPTIONS') return noContent({ ...CORS, 'Access-Control-Allow-Methods': 'GET' });
    if (request.method !== 'GET' && request.method !== 'HEAD') throw new Refusal(405, 'method-not-allowed');
    const found = findLine(lines, new URL(request.url).searchParams.get('line') ?? undefined);
    if (!found) throw new Refusal(404, 'not-found');
    const at = new Date(now());
    const body = isOpen(found.line, at) ? { available: true } : closedLine(found.line, at);
    return json(200, body, { ...CORS, 'Cache-Control': `public, max-age=${ageLimit(found.line, at)}` });
  };

  return handlerOf(async (request) => {
    try {
      return handle(request);
    } catch (error) {
      const allow = error instanceof Refusal && error.status === 405 ? { Allow: 'GET, HEAD, OPTIONS' } : {};
      return refusalAnswer(error, { ...CORS, ...allow });
    }
  });
}

/** For how many seconds the answer stays true, up to the limit. */
function ageLimit(line: Line, at: Date): number {
  const changes = closesAt(line, at) ?? opensAt(line, at);
  const left = changes === undefined ? LONGEST_AGE : Math.floor((changes.getTime() - at.getTime()) / 1000);
  return Math.min(LONGEST_AGE, left);
}

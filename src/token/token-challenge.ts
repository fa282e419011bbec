import { SautikitError } from '../errors.js';
import { solveAltcha } from './altcha.js';

/** What a server wants to see before it gives a grant: a proof of work, or a check that the page knows of. */
export interface Challenge {
  /** `altcha` is solved here; every other one by the page. */
  type: string;
  [field: string]: unknown;
}

/**
 * Solves a challenge that is no proof of work, such as a widget of Turnstile.
 *
 * @param signal aborted when nobody waits for the answer any more
 * @returns what is sent back: an object as it is, a text as `{ type, response }`
 */
export type SolveChallenge = (challenge: Challenge, signal: AbortSignal) => Promise<unknown>;

/** How long solving may take, in milliseconds: people may have to look for bicycles. */
export const SOLVE_LIMIT = 120_000;

/** The refusal that comes with something to solve. It stays inside: what is thrown at the page holds no text of a server. */
export class ChallengeRequired extends SautikitError {
  constructor(readonly challenge: Challenge) {
    super('challenge-required');
  }
}

/** The challenge of a refusal, where there is one. */
export function challengeIn(json: unknown): Challenge | undefined {
  const { error, challenge } = (json ?? {}) as { error?: unknown; challenge?: { type?: unknown } | null };
  const there = error === 'challenge-required' && typeof challenge?.type === 'string';
  return there ? (challenge as Challenge) : undefined;
}

/**
 * The answer to a challenge.
 * @throws {SautikitError} `challenge-required` where it cannot be solved, `token-unreachable` where `closed` is aborted
 */
export async function answerTo(
  challenge: Challenge,
  solve: SolveChallenge | undefined,
  closed: AbortSignal,
): Promise<Record<string, unknown>> {
  const abort = new AbortController();
  const end = () => abort.abort();
  const ended = new Promise<undefined>((resolve) => abort.signal.addEventListener('abort', () => resolve(undefined)));
  const timer = setTimeout(end, SOLVE_LIMIT);
  closed.addEventListener('abort', end);
  let answer: unknown;
  try {
    const solving =
      challenge.type === 'altcha' ? solveAltcha(challenge, abort.signal) : solve?.(challenge, abort.signal);
    answer = await Promise.race([solving, ended]);
  } catch {
    // What the page's own function says of it is for the page's own log.
  } finally {
    clearTimeout(timer);
    closed.removeEventListener('abort', end);
    end();
  }
  if (closed.aborted) throw new SautikitError('token-unreachable');
  if (typeof answer === 'string') return { type: challenge.type, response: answer };
  if (typeof answer !== 'object' || !answer) throw new SautikitError('challenge-required');
  return answer as Record<string, unknown>;
}

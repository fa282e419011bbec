/** What a page can look at by itself; the command of the same name looks at more. */
export type PageCheck =
  'secure' | 'microphone' | 'tag' | 'token-url' | 'endpoint' | 'gateway' | 'stun' | 'turn' | 'csp';

/** What came of one look. It never holds a credential. */
export interface PageFinding {
  check: PageCheck;
  /** `warn`: works, but worse than it could, or could not be looked at. */
  verdict: 'ok' | 'warn' | 'fail';
  /** What was seen, in one line. */
  seen: string;
  /** What to do; there wherever something is not as it should be. */
  todo?: string;
}

export const ok = (check: PageCheck, seen: string): PageFinding => ({ check, verdict: 'ok', seen });
export const warn = (check: PageCheck, seen: string, todo: string): PageFinding => ({
  check,
  verdict: 'warn',
  seen,
  todo,
});
export const fail = (check: PageCheck, seen: string, todo: string): PageFinding => ({
  check,
  verdict: 'fail',
  seen,
  todo,
});

import type { Parameters } from 'fast-check';

/** What the environment says of a fuzz; a page gets it from the test runner. */
type Environment = Readonly<Record<string, string | undefined>>;

declare const __FUZZ__: Environment | undefined;

const environment: Environment = typeof __FUZZ__ === 'undefined' ? process.env : __FUZZ__;

/** The same for everybody who says nothing, so that a test that passed here passes there. */
const DEFAULT_SEED = 20_261_121;

/** Everything random follows from it. */
export const seed = Number(environment['FUZZ_SEED'] ?? DEFAULT_SEED);

/** How many times as much as in `npm test`. */
export const times = Number(environment['FUZZ_TIMES'] ?? 1);

/** Where in a run something was found, as fast-check has said: then nothing else is tried. */
const path = environment['FUZZ_PATH'];

/** What fast-check is run with. @param runs how many in `npm test` */
export const parameters = <T>(runs: number): Parameters<T> => ({
  seed,
  numRuns: Math.ceil(runs * times),
  includeErrorInReport: true,
  ...(path !== undefined && { path, endOnFailure: true }),
});

/** How long the tests of one target may take (ms): no limit on speed, but an end to what hangs. */
export const patience = 120_000 + times * 30_000;

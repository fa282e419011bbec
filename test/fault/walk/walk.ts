import fc from 'fast-check';
import type { BrowserName } from '../../support/browsers.js';
import { anyStep } from './steps.js';
import { World } from './world.js';

export interface WalkOptions {
  browser: BrowserName;
  seed: number;
  /** At least as many are taken. */
  steps: number;
  /** One walk that has failed, as its report names it: that alone is taken again. */
  path?: string | undefined;
  /** Looks for the shortest walk that fails. Takes its time. */
  shrink?: boolean | undefined;
}

export interface Walked {
  browser: BrowserName;
  seed: number;
  steps: number;
  /** Between two of them everything is ended, looked at, and a call is made that has to work. */
  walks: number;
  seconds: number;
  /** How often each step was taken. */
  taken: Record<string, number>;
  /** In how many steps a button was in each state. */
  states: Record<string, number>;
  /** What became of the calls: their error, or else their outcome. */
  outcomes: Record<string, number>;
}

/** A walk has up to so many steps, and half of it in the mean. */
const MAX_STEPS = 120;

const count = (of: Record<string, number>, what: string): void => void (of[what] = (of[what] ?? 0) + 1);
const sorted = (of: Record<string, number>): Record<string, number> =>
  Object.fromEntries(Object.entries(of).sort(([, one], [, other]) => other - one));

/**
 * Walks at random over everything that a page, its visitor, the browser and the network can do to two buttons.
 * @throws where something was wrong, with what is needed to walk the same way again
 */
export async function walk({ browser, seed, steps, path, shrink }: WalkOptions): Promise<Walked> {
  const began = Date.now();
  const walked: Walked = { browser, seed, steps: 0, walks: 0, seconds: 0, taken: {}, states: {}, outcomes: {} };
  let world: World | undefined;
  const onStep = (step: string, states: readonly string[]): void => {
    walked.steps++;
    count(walked.taken, step);
    for (const state of states) count(walked.states, state);
  };
  const property = fc.asyncProperty(
    fc.commands([anyStep], { maxCommands: MAX_STEPS, size: 'max' }),
    fc.integer({ min: 0, max: 1 }),
    async (commands, button) => {
      // After a failure nobody knows what is left of the page.
      world ??= await World.open(browser);
      const here = world;
      world = undefined;
      try {
        const states = await here.look();
        await fc.asyncModelRun(() => ({ model: {}, real: { world: here, onStep, states } }), commands);
        for (const outcome of await here.settle(button)) count(walked.outcomes, outcome);
        await here.renew();
      } catch (error) {
        await here.close();
        throw error;
      }
      world = here;
      walked.walks++;
    },
  );
  try {
    for (let batch = 0; walked.steps < steps; batch++) {
      const left = Math.ceil((steps - walked.steps) / (MAX_STEPS / 2));
      await fc.assert(property, {
        seed: seed + batch,
        numRuns: path === undefined ? left : 1,
        endOnFailure: !shrink,
        ...(path !== undefined && { path }),
      });
      if (path !== undefined) break;
    }
  } finally {
    await (world as World | undefined)?.close();
  }
  return {
    ...walked,
    seconds: Math.round((Date.now() - began) / 1000),
    taken: sorted(walked.taken),
    states: sorted(walked.states),
    outcomes: sorted(walked.outcomes),
  };
}

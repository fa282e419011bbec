import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { walk } from './walk/walk.js';

const SEED = 6;
const STEPS = 500;

describe('a random walk over everything that a page, its visitor, the browser and the network can do', () => {
  it(`ends each call once, leaves nothing open and always has a button that calls (the long one: npm run walk)`, async (test) => {
    const { steps, walks, seconds, states } = await walk({ browser: 'chromium', seed: SEED, steps: STEPS });
    test.diagnostic(`seed ${SEED}: ${steps} steps in ${walks} walks, ${seconds} s`);
    // A walk that never came far would find nothing.
    for (const state of ['preparing', 'dialing', 'ringing', 'active', 'ended', 'failed'])
      assert.ok(states[state], state);
  });
});

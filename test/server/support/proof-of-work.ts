import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { Challenge } from '../../../src/server/index.js';

/** Tries every number, as a browser does. */
export function solve(challenge: Challenge): Record<string, unknown> {
  for (let number = 0; number <= Number(challenge.maxnumber); number++) {
    const hash = createHash('sha256')
      .update(`${String(challenge.salt)}${number}`)
      .digest('hex');
    if (hash === challenge.challenge) return { ...challenge, number };
  }
  return assert.fail('no number solves this');
}

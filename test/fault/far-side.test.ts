import assert from 'node:assert/strict';
import type { ErrorCode } from '../../src/errors.js';
import { faults } from './support/fault.js';
import { fails, rings, shareFarScene } from './support/far-scene.js';

const play = await shareFarScene();

/** What the far side may answer for good, and what the developer gets. */
const ENDINGS: readonly [status: number, what: string, code: ErrorCode][] = [
  // Neither is the caller's business: the gateway follows nobody, and knows no password of the trunk's.
  [302, 'names somebody else', 'no-answer'],
  [407, 'asks for a password', 'server-error'],
  [403, 'may not be called', 'call-refused'],
  [404, 'does not exist', 'not-found'],
  [408, 'does not answer in time', 'no-answer'],
  // RFC 4028 section 6: from a far end that does not see that nobody asked for a session timer.
  [422, 'wants a longer session', 'call-refused'],
  [480, 'is not there', 'no-answer'],
  [486, 'is busy', 'busy'],
  [487, 'gives up ringing', 'no-answer'],
  [488, 'speaks no codec of ours', 'media-failed'],
  [500, 'is broken', 'server-error'],
  [503, 'is overloaded', 'server-error'],
  [600, 'is busy everywhere', 'busy'],
  [603, 'declines', 'declined'],
];

faults('the far side says no', (fault) => {
  for (const [status, what, code] of ENDINGS) {
    fault(`it ${what} (${status})`, (name) =>
      play(name, async (at) => {
        const { visitor, call } = await rings(at);
        const began = performance.now();
        call.refuse(status, ['Min-SE: 1800', 'Contact: <sip:+15550100@127.0.0.9>', 'Retry-After: 5']);
        const met = await fails(at, visitor, code, began);
        assert.deepEqual(call.sequence, ['INVITE', 'ACK']);
        return met;
      }),
    );
  }
});

import { fail, ok, warn, type Finding } from '../finding.js';
import type { Grant } from '../grant.js';
import type { Caller } from '../sip/caller.js';

/** How long somebody may take to come to the phone, in milliseconds. */
const PATIENCE = 45_000;

/** Calls the line, as the page would, and hangs up as soon as somebody answers. Only for whoever asks for it. */
export async function checkCall(caller: Caller, grant: Grant): Promise<Finding> {
  const began = performance.now();
  const end = await caller.call(grant.callee, PATIENCE, 'answer');
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  switch (end.kind) {
    case 'answered':
      return ok('call', `answered after ${seconds} s, and hung up`);
    case 'rang':
      return warn(
        'call',
        `it rang for ${PATIENCE / 1000} s, and nobody answered`,
        'Have somebody at the phone, and ask again.',
      );
    case 'silent':
      return fail('call', 'nothing rang', 'Look into the log of the gateway for what became of the call.');
    case 'refused':
      return end.status === 486 || end.status === 480 || end.status === 603
        ? warn('call', `${end.status}: busy, away or unwilling`, 'Have somebody at the phone, and ask again.')
        : fail('call', `refused with ${end.status}`, 'See the callee of the line, and the log of the gateway.');
  }
}

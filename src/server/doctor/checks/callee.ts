import { randomBytes } from 'node:crypto';
import { fail, ok, unseen, warn, type Finding } from '../finding.js';
import { domainOf, type Grant } from '../grant.js';
import type { CallEnd, Caller } from '../sip/caller.js';

/**
 * A number that nobody has: +830 to +839 are spare country codes of E.164. Not +999, which a PBX that drops the plus would
 * take for an emergency.
 */
export const UNASSIGNED = '+830000000000';

/** How long nothing may come of a call before it is given up, in milliseconds. */
const PATIENCE = 20_000;

const ADVICE =
  'Have the gateway overwrite whom a call is for by what the hook says, or give the callers a dialplan that reaches one extension. Until then anybody who reads the page can call at your expense.';

export interface Probe {
  /** With the grant that registered. */
  caller: Caller;
  grant: Grant;
  /** The number that is asked for. */
  number: string;
  /** Another caller, with a grant of its own, since one is good for one call; undefined where none is to be had. */
  another(): Promise<{ caller: Caller; grant: Grant; close(): Promise<void> } | undefined>;
}

/**
 * Asks for a foreign number, and cancels as soon as it rings. Where it rings, a name that nobody can have is asked for,
 * too: a gateway that calls its line whatever is asked rings for both, and one that obeys for the number alone.
 */
export async function checkCallee({ caller, grant, number, another }: Probe): Promise<Finding> {
  const first = await caller.call(`sip:${number}@${domainOf(grant.sipUri)}`, PATIENCE);
  // 401 and 403 are said of the caller, 405 and 488 of the request: nobody has looked for the number.
  if (first.kind === 'refused' && [401, 403, 405, 407, 488].includes(first.status)) {
    return ok('callee', `${number} is refused: ${first.status}`);
  }
  const control = await another();
  if (!control) return unseen('callee', 'a second grant was not to be had');
  try {
    const name = `nobody-${randomBytes(8).toString('hex')}`;
    const second = await control.caller.call(`sip:${name}@${domainOf(control.grant.sipUri)}`, PATIENCE);
    return compare(number, first, second);
  } finally {
    await control.close();
  }
}

function compare(number: string, first: CallEnd, second: CallEnd): Finding {
  const [one, other] = [described(first), described(second)];
  if (through(first)) {
    if (through(second)) return ok('callee', `the line was called, although ${number} was asked for`);
    return fail('callee', `${number}: ${one}, while a name that nobody has: ${other}`, ADVICE);
  }
  if (first.kind === 'refused' && second.kind === 'refused' && first.status === second.status) {
    if (first.status < 500) return ok('callee', `${number} is refused as is a name that nobody has: ${first.status}`);
    const what = 'Look into the log of the gateway: calls do not come through at all, to your line neither.';
    return warn('callee', `every call is refused: ${first.status}`, what);
  }
  const what = `Look into the log of the gateway, whether ${number} was looked for on the trunk: it must not be. ${ADVICE}`;
  return warn('callee', `${number}: ${one}, while a name that nobody has: ${other}`, what);
}

/** Whether somebody was called. */
function through({ kind }: CallEnd): boolean {
  return kind === 'rang' || kind === 'answered';
}

export function described(end: CallEnd): string {
  switch (end.kind) {
    case 'rang':
      return 'it rang, and was cancelled';
    case 'answered':
      return 'it was answered, and hung up';
    case 'silent':
      return 'nothing came of it, and it was cancelled';
    case 'refused':
      return `refused with ${end.status}`;
  }
}

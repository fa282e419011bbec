import { fail, ok, type Finding } from '../finding.js';
import type { Grant } from '../grant.js';
import type { Caller } from '../sip/caller.js';

/** Registers, and unregisters again. */
export async function checkRegister(caller: Caller, grant: Grant): Promise<Finding> {
  if (!grant.registers) return ok('register', 'the grant says that none is needed');
  const status = await caller.register();
  const how = grant.credential.kind === 'bearer' ? 'Bearer' : 'digest';
  if (status === 200) return ok('register', `200, by ${how}`);
  if (status === undefined) {
    return fail('register', 'no answer', 'Look into the log of the gateway: it took the connection and says nothing.');
  }
  if (status === 503 || status === 500) {
    return fail(
      'register',
      `${status}`,
      'The gateway cannot ask its hook: see that the backend runs, and that both know one secret.',
    );
  }
  const bearer =
    'The gateway does not know the grant: endpoint and hook must share their grant store, the hook must compare the origin with the one of the page, and the gateway pass the token on.';
  const digest =
    'The PBX does not know the user: publish the credential before the grant is given, for the same realm.';
  return fail('register', `${status} to a REGISTER by ${how}`, how === 'Bearer' ? bearer : digest);
}

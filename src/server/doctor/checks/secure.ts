import { isLocal } from '../../conformance/grant-faults.js';
import { fail, ok, type Finding } from '../finding.js';

/** Browsers give the microphone to secure pages alone (Secure Contexts, section 3.1). */
export function checkSecure({ protocol, hostname, host }: URL): Finding {
  if (protocol === 'https:') return ok('secure', 'https');
  if (isLocal(hostname)) return ok('secure', 'http on this machine, which browsers take for secure');
  return fail('secure', `${protocol}//${host}`, 'Serve the page over https, and lead from http to it.');
}

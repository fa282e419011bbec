import { policyForbids } from '../page-policy.js';
import { fail, ok, warn, type PageFinding } from './page-finding.js';

export function checkSecure(): PageFinding {
  if (isSecureContext) return ok('secure', location.protocol.slice(0, -1));
  return fail('secure', location.origin, 'Serve the page over https, and lead from http to it.');
}

/** Policies of the page and of the frames around it, and what the visitor has said before. Nobody is asked for it now. */
export async function checkMicrophone(): Promise<PageFinding> {
  // Where the browser does not say, a policy shows only when the microphone is asked for.
  const forbidden = policyForbids('microphone');
  if (forbidden) {
    const what =
      'Send "Permissions-Policy: microphone=(self)" with the page; in a frame, give the frame allow="microphone".';
    return fail('microphone', 'a policy of the page, or of a frame around it, forbids it', what);
  }
  if (!('mediaDevices' in navigator)) {
    return fail('microphone', 'the browser gives none to this page', 'Serve the page over https.');
  }
  const state = await navigator.permissions.query({ name: 'microphone' as PermissionName }).then(
    (status) => status.state,
    () => undefined,
  );
  if (state === 'denied') {
    return warn('microphone', 'this browser was told to refuse it', "Allow it in the browser's settings of this site.");
  }
  return ok('microphone', forbidden === false ? 'no policy is in the way' : 'no policy is known to be in the way');
}

import { SautikitError } from '../errors.js';
import type { UserAgent } from '../sip/user-agent.js';

/** What speaks SIP: JsSIP, and half of what a call loads. Grant, socket, microphone and ICE are on their way without it. */
export interface SipStack {
  UserAgent: typeof UserAgent;
}

let loading: Promise<SipStack> | undefined;

/**
 * Loads it once, and again where it did not come.
 * @throws {SautikitError} `engine-load-failed`
 */
export function loadSip(): Promise<SipStack> {
  loading ??= import('../sip/user-agent.js').catch(() => {
    loading = undefined;
    throw new SautikitError('engine-load-failed');
  });
  return loading;
}

import { SautikitError } from '../errors.js';
import type { UserAgent } from '../sip/user-agent.js';

/** The SIP file's name in the script-tag build, put in by the build; elsewhere the page's bundler knows it alone. */
declare const __SIP_FILE__: string | undefined;

/** What speaks SIP: JsSIP, and half of what a call loads. Grant, socket, microphone and ICE are on their way without it. */
export interface SipStack {
  UserAgent: typeof UserAgent;
}

let failures = 0;
let loading: Promise<SipStack> | undefined;

/**
 * Loads it once; another attempt after a failure goes to another address, see `engine-loader.ts`.
 * @throws {SautikitError} `engine-load-failed`
 */
export function loadSip(): Promise<SipStack> {
  const load = () =>
    failures && __SIP_FILE__
      ? import(/* @vite-ignore */ `${__SIP_FILE__}?${failures}`)
      : import('../sip/user-agent.js');
  loading ??= load().catch(() => {
    failures++;
    loading = undefined;
    throw new SautikitError('engine-load-failed');
  });
  return loading;
}

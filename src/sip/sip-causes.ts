import { SautikitError, type ErrorCode } from '../errors.js';

const exact: Readonly<Record<number, ErrorCode>> = {
  401: 'token-denied',
  407: 'token-denied',
  404: 'not-found',
  410: 'not-found',
  484: 'not-found',
  604: 'not-found',
  408: 'no-answer',
  480: 'no-answer',
  // The far side gave up ringing: somebody cancelled, and it was not us.
  487: 'no-answer',
  429: 'rate-limited',
  486: 'busy',
  600: 'busy',
  415: 'media-failed',
  488: 'media-failed',
  606: 'media-failed',
  603: 'declined',
  607: 'declined',
  608: 'declined',
};

/** The error code for a SIP final response to an INVITE (RFC 3261 section 21); redirections are never followed. */
export function inviteFailure(status: number): ErrorCode {
  return exact[status] ?? (status >= 500 && status < 600 ? 'server-error' : 'call-refused');
}

/** The same as an error; `retryAfter` is the header's number of seconds, where there was one. */
export function inviteError(status: number, retryAfter?: number): SautikitError {
  const tried = { step: 'call' } as const;
  // No codec in common, for one: the network has carried all that was said.
  const responsible = inviteFailure(status) === 'media-failed' ? 'owner' : undefined;
  return new SautikitError(inviteFailure(status), {
    status,
    tried,
    responsible,
    ...(retryAfter ? { retryAfter } : {}),
  });
}

import type { ErrorCode } from '../errors.js';
import type { Messages } from './messages.js';

type Key = Exclude<keyof Messages, 'secondsLeft'>;

/** For each way a call can fail: what happened, and what the caller can do. Several share their words. */
export const errorTexts: Readonly<Record<ErrorCode, readonly [what: Key, wayForward: Key]>> = {
  'token-denied': ['notAllowed', 'reload'],
  'token-unreachable': ['notReached', 'checkNetwork'],
  'token-malformed': ['notSetUp', 'anotherWay'],
  'line-closed': ['closed', 'whenOpen'],
  'rate-limited': ['tooMany', 'later'],
  'challenge-required': ['human', 'again'],
  'mic-dismissed': ['noMicrophone', 'allowAndAgain'],
  'mic-denied': ['noMicrophone', 'allowAndAgain'],
  'mic-blocked': ['noMicrophone', 'systemSettings'],
  'mic-missing': ['microphoneMissing', 'plugIn'],
  'mic-busy': ['microphoneBusy', 'closeOther'],
  'audio-blocked': ['soundHeld', 'hear'],
  'insecure-context': ['unsupported', 'secure'],
  unsupported: ['unsupported', 'otherBrowser'],
  offline: ['offline', 'checkNetwork'],
  'gateway-unreachable': ['notReached', 'checkNetwork'],
  'registration-rejected': ['notAllowed', 'reload'],
  'call-refused': ['notAllowed', 'later'],
  busy: ['busy', 'later'],
  'no-answer': ['noAnswer', 'later'],
  declined: ['declined', 'later'],
  'not-found': ['notSetUp', 'anotherWay'],
  'time-limit': ['timeLimit', 'again'],
  'server-error': ['wrong', 'later'],
  'media-failed': ['noSound', 'checkNetwork'],
  'connection-lost': ['lost', 'checkNetwork'],
  'busy-elsewhere': ['elsewhere', 'hangUpOther'],
  'engine-load-failed': ['notReached', 'checkNetwork'],
};

// The test runner puts a bundled JsSIP in the place of every import of './jssip.js'; who imports from here gets that one.
export { isRequest, JsSipRTCSession, JsSipUA, parseMessage } from '../../../src/sip/jssip.js';
export type { IncomingMessage, IncomingRequest, IncomingResponse } from '../../../src/sip/jssip.js';

/** For tests, which do not lie beside `jssip.js`: JsSIP as it ships. */
export { JsSipRTCSession, JsSipUA, parseMessage } from './jssip.js';

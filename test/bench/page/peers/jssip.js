/** JsSIP as its users have it, for whoever imports it. */
export { default } from 'jssip';

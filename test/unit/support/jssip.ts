// In the runner, `./jssip.js` always stands for JsSIP made into one module; see web-test-runner.config.mjs.
export * from '../../../src/sip/jssip.js';

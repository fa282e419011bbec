/** The element's class and types, without side effects; `@sautikit/call-button/define` defines the element. */
export { SautikitCallButton } from './element/call-button.js';
export type { CallDetail, SautikitEventMap } from './element/events.js';
export type { CallState } from './call/call-machine.js';
export type { ConnectionState } from './call/connection-machine.js';
export type { CallOutcome, CallResult } from './client/call.js';
export type { CallTimings } from './client/call-timings.js';
export type { ErrorCode, Responsible, Tried } from './errors.js';
export type { Messages } from './i18n/messages.js';
export type { QualityLevel } from './media/quality.js';
export type { Challenge, SolveChallenge } from './token/token-challenge.js';
export type { TokenRequest } from './token/token-request.js';
export type { TokenProvider } from './token/token-source.js';

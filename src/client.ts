/** The headless client: calls without Lit and without the element. */
export { SautikitClient, obstacle } from './client/sautikit-client.js';
export type { ClientEvents, OutgoingOptions, SautikitClientOptions } from './client/sautikit-client.js';
export type { Call, CallEvents, CallOutcome, CallResult } from './client/call.js';
export type { CallTimings } from './client/call-timings.js';
export type { AnswerOptions, IncomingCall } from './client/incoming-call.js';
export type { OutgoingCall } from './client/outgoing-call.js';
export type { CallState } from './call/call-machine.js';
export type { ConnectionState } from './call/connection-machine.js';
export { SautikitError } from './errors.js';
export type { ErrorCode } from './errors.js';
export { makeSpeakerParts } from './media/gesture-audio.js';
export type { SpeakerParts } from './media/speaker.js';
export type { Challenge, SolveChallenge } from './token/token-challenge.js';
export type { TokenRequest } from './token/token-request.js';
export type { TokenProvider } from './token/token-source.js';

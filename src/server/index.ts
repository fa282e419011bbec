/** The server half: a token endpoint, the gateway's hooks, and what they share. Runs wherever there is a `Request`. */
export { Admission, type AdmissionOptions, type Applicant } from './admission.js';
export type { Answers } from './answer-memory.js';
export { createAltchaCheck, type AltchaCheckOptions } from './challenge/altcha-check.js';
export type { Challenge, CheckContext, HumanCheck } from './challenge/human-check.js';
export { createMemoryOneTime, type OneTimeMemory } from './challenge/one-time.js';
export { createTurnstileCheck, type TurnstileCheckOptions } from './challenge/turnstile-check.js';
export type { CallEvent } from './call-event.js';
export type { CheckId, CheckResult, Outcome } from './conformance/catalogue.js';
export type { ConformanceOptions } from './conformance/endpoint.js';
export { runConformance } from './conformance/run.js';
export type { DialRules } from './dialing.js';
export { inTurn } from './gateway-urls.js';
export {
  createMemoryGrantStore,
  type Grant,
  type GrantStore,
  type MemoryGrantStoreOptions,
  type Reservation,
  type Scope,
} from './grants.js';
export { createClientAddress, peerAddressOf, type ClientAddress, type ClientAddressOptions } from './client-address.js';
export { correlationIdOf } from './correlation-id.js';
export { createHookHandler, type HookHandlerOptions } from './hook-handler.js';
export type { IceServer } from './ice-server.js';
export { Refusal, type ServerErrorCode } from './http.js';
export { closesAt, isOpen, opensAt, type OpeningHours, type Weekday } from './hours.js';
export type { AddressLimits, LimitSettings } from './limits/limit-settings.js';
export type { DailySpend, LineLimits, Rate } from './limits/line-limits.js';
export {
  createLimits,
  type AddressStanding,
  type CallLimits,
  type LimitedLine,
  type Limits,
  type LimitsOptions,
  type TokenLimits,
} from './limits/limits.js';
export { lineLimitsSchema, limitSettingsSchema } from './limits/limits-schema.js';
export type { Line, Lines } from './line.js';
export { checkLines, lineSchema, linesSchema, parseLines } from './lines-schema.js';
export type { Numbers, OwnedNumber } from './numbers.js';
export { dialSchema, numbersSchema } from './hook-schema.js';
export { parseCallReport, type CallReport } from './report/call-report.js';
export { createReportHandler, type ReportHandlerOptions } from './report/report-handler.js';
export { createStatusHandler, type StatusHandlerOptions } from './status-handler.js';
export type { MintedCredential, MintProvider, MintRequest } from './mint/mint-provider.js';
export { createDigestProvider, type DigestCredential, type DigestProviderOptions } from './mint/digest.js';
export { createRefreshProvider, type RefreshProvider, type RefreshProviderOptions } from './mint/refresh.js';
export { createSautikitProvider, type SautikitProviderOptions } from './mint/sautikit.js';
export { MintFailure, type MintFailureReason } from './mint/mint-failure.js';
export {
  createSigner,
  type MintedToken,
  type Signer,
  type SignerOptions,
  type SigningKey,
  type TokenClaims,
} from './mint/signer.js';
export { toNodeListener } from './node-listener.js';
export { createTokenHandler, type TokenHandlerOptions } from './token-handler.js';
export { createWebhook, type Webhook, type WebhookOptions, type WebhookResult } from './webhook.js';
export type { WebhookEvent } from './webhook/event.js';
export { verifyWebhook, type SignedRequest, type VerifyWebhookOptions } from './webhook/signature.js';
export { createRedisAnswers } from './redis/answers.js';
export { createRedisGrantStore, type RedisGrantStoreOptions } from './redis/grant-store.js';
export { createRedisOneTime } from './redis/one-time.js';
export type { RedisClient, RedisStoreOptions } from './redis/redis-client.js';
export { createTurnCredentials, type TurnCredentialsOptions } from './turn.js';

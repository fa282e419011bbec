/** The server half: a token endpoint, the gateway's hooks, and what they share. Runs wherever there is a `Request`. */
export type { DialRules } from './dialing.js';
export {
  createMemoryGrantStore,
  type Grant,
  type GrantStore,
  type MemoryGrantStoreOptions,
  type Reservation,
  type Scope,
} from './grants.js';
export { createHookHandler, type CallEvent, type HookHandlerOptions } from './hook-handler.js';
export type { ServerErrorCode } from './http.js';
export type { Line, Lines } from './line.js';
export { toNodeListener } from './node-listener.js';
export { createSigner, type MintedToken, type Signer, type SignerOptions, type TokenClaims } from './signer.js';
export { createTokenHandler, type IceServer, type TokenHandlerOptions } from './token-handler.js';

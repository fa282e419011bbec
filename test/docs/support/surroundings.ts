/**
 * What the pieces of code in the documents take for granted: objects that an earlier piece made, functions of the reader's
 * own, and, in fragments, the functions of this package without their import.
 */
import type * as ioredis from 'ioredis';
import type * as jssip from 'jssip';
import type { SautikitCallButton } from '../../../src/index.js';
import type * as server from '../../../src/server/index.js';

declare global {
  const button: SautikitCallButton;
  interface Window {
    visitorAgreed?: boolean;
  }

  // Of the reader's own application.
  function showEnd(seconds?: number): void;
  function showFailure(why: string | undefined): void;
  function showTimer(): void;
  function showWidget(siteKey: unknown, signal: AbortSignal): Promise<string>;
  function remember(event: server.WebhookEvent): Promise<void>;
  const database: { query(text: string, values: unknown[]): Promise<void> };
  const app: {
    post(
      path: string,
      handler: (context: {
        req: { raw: Request };
        body(text: string | null, status: number): Response;
      }) => Promise<Response>,
    ): void;
  };

  // Of an earlier piece.
  const key: string;
  const secret: string;
  const domain: string;
  const gatewayUrl: string;
  const lines: server.Lines;
  const mint: server.MintProvider;
  const grants: ReturnType<typeof server.createMemoryGrantStore>;
  const limits: ReturnType<typeof server.createLimits>;
  const challenge: server.HumanCheck;
  const Redis: typeof ioredis.Redis;
  const shared: {
    lines: server.Lines;
    grants: ReturnType<typeof server.createMemoryGrantStore>;
    mint: server.MintProvider;
    secret: string;
    domain: string;
    gatewayUrl: string;
  };

  const createAltchaCheck: typeof server.createAltchaCheck;
  const createClientAddress: typeof server.createClientAddress;
  const createDigestProvider: typeof server.createDigestProvider;
  const createHookHandler: typeof server.createHookHandler;
  const createLimits: typeof server.createLimits;
  const createRedisAnswers: typeof server.createRedisAnswers;
  const createRedisGrantStore: typeof server.createRedisGrantStore;
  const createRedisOneTime: typeof server.createRedisOneTime;
  const createTokenHandler: typeof server.createTokenHandler;
  const createTurnCredentials: typeof server.createTurnCredentials;
  const inTurn: typeof server.inTurn;

  // What a page had before; of SIP.js as much as is used.
  const JsSIP: typeof jssip;
  const SIP: {
    Web: {
      SimpleUser: new (
        server: string,
        options: object,
      ) => { connect(): Promise<void>; register(): Promise<void>; call(destination: string): Promise<void> };
    };
  };
}

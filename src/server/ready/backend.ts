import type { HumanCheck } from '../challenge/human-check.js';
import { createAltchaCheck } from '../challenge/altcha-check.js';
import { createTurnstileCheck } from '../challenge/turnstile-check.js';
import type { CallEvent } from '../call-event.js';
import { createClientAddress } from '../client-address.js';
import { createMemoryGrantStore } from '../grants.js';
import { inTurn } from '../gateway-urls.js';
import { createHookHandler } from '../hook-handler.js';
import type { Handler } from '../http.js';
import { createLimits } from '../limits/limits.js';
import { createRedisAnswers } from '../redis/answers.js';
import { createRedisGrantStore } from '../redis/grant-store.js';
import { createRedisOneTime } from '../redis/one-time.js';
import type { RedisClient } from '../redis/redis-client.js';
import { createStatusHandler } from '../status-handler.js';
import { createTokenHandler } from '../token-handler.js';
import { createTurnCredentials } from '../turn.js';
import type { Config } from './config-schema.js';
import { createMint } from './mint.js';

export interface BackendOptions {
  /** What several servers share; undefined: everything is kept in this process. */
  redis?: RedisClient | undefined;
  onEvent: (event: CallEvent) => void;
  onError: (error: unknown) => void;
}

/** The handlers that a configuration describes: the same that anybody can use in a server of their own. */
export interface Backend {
  token: Handler;
  status: Handler;
  hook: Handler;
}

export async function createBackend(config: Config, { redis, onEvent, onError }: BackendOptions): Promise<Backend> {
  const { lines, domain, scope, register, context, numbers, dial, trustedProxies, forwardedHeader } = config;
  const grants = redis ? createRedisGrantStore({ client: redis }) : createMemoryGrantStore();
  const limits = createLimits({ ...config.limits, ...(redis && { redis }) });
  const challenge = humanCheck(config, redis);
  const clientAddress = createClientAddress({
    ...(trustedProxies && { trustedProxies }),
    ...(forwardedHeader && { header: forwardedHeader }),
  });
  const shared = {
    lines,
    grants,
    limits,
    domain,
    ...(challenge && { challenge }),
    ...(context && { context }),
    onError,
  };

  return {
    token: createTokenHandler({
      ...shared,
      mint: await createMint(config.mint),
      gatewayUrl: config.gatewaysInTurn ? inTurn([config.gatewayUrl].flat()) : config.gatewayUrl,
      allowedOrigins: config.allowedOrigins,
      clientAddress,
      ...(config.turn && { iceServers: createTurnCredentials(config.turn) }),
      ...(config.turn?.policy && { iceTransportPolicy: config.turn.policy }),
      ...(scope && { scope }),
      ...(register && { register }),
    }),
    status: createStatusHandler({ lines }),
    hook: createHookHandler({
      ...shared,
      ...config.hook,
      ...(numbers && { numbers }),
      ...(dial && { dial }),
      ...(redis && { answers: createRedisAnswers({ client: redis }) }),
      onEvent,
    }),
  };
}

function humanCheck({ challenge }: Config, redis: RedisClient | undefined): HumanCheck | undefined {
  if (!challenge) return undefined;
  if (challenge.type === 'turnstile') return createTurnstileCheck(challenge);
  return createAltchaCheck({ ...challenge, ...(redis && { spent: createRedisOneTime({ client: redis }) }) });
}

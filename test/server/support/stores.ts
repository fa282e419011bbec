import { createMemoryOneTime, createRedisOneTime, type RedisClient } from '../../../src/server/index.js';
import { startRedis, type TestRedis } from '../../support/redis.js';

/** Where what must be remembered is kept: in this process, or in a Redis that several servers share. */
export interface Kept {
  /** Options for `createLimits` and the like, of one server; each call is another server. */
  server(): { redis?: RedisClient; prefix?: string };
  oneTime(): ReturnType<typeof createMemoryOneTime>;
}

let redis: TestRedis | undefined;
let count = 0;

/** For `before` of a file that tests both kinds. */
export async function startStores(): Promise<void> {
  redis = await startRedis();
}

/** For `after`. */
export async function stopStores(): Promise<void> {
  await redis?.stop();
}

/** Both kinds; each call of a function begins with nothing in memory, and with keys of its own in Redis. */
export const stores: Record<'in memory' | 'in Redis', () => Kept> = {
  'in memory': () => ({ server: () => ({}), oneTime: () => createMemoryOneTime() }),
  'in Redis': () => {
    const prefix = `test-${++count}:`;
    return {
      server: () => ({ redis: redis!.connect(), prefix }),
      oneTime: () => createRedisOneTime({ client: redis!.connect(), prefix }),
    };
  },
};

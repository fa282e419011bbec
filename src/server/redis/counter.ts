import RateLimiterRedis from 'rate-limiter-flexible/lib/RateLimiterRedis.js';
import { counterOf, type Counter } from '../limits/counter.js';
import type { RedisClient } from './redis-client.js';

/** A counter in Redis, for several servers. */
export function createRedisCounter(client: RedisClient, prefix: string): Counter {
  return counterOf(new RateLimiterRedis({ storeClient: client, keyPrefix: `${prefix}rate`, points: 1, duration: 1 }));
}

import type { OneTimeMemory } from '../challenge/one-time.js';
import { DEFAULT_PREFIX, type RedisStoreOptions } from './redis-client.js';

/** Keys: what is claimed. Arguments: time to live (ms). */
const CLAIM = `return redis.call('SET', KEYS[1], '1', 'NX', 'PX', ARGV[1]) and 1 or 0`;

/** A memory in Redis, so that what was used at one server is used up at all of them. */
export function createRedisOneTime({ client, prefix = DEFAULT_PREFIX }: RedisStoreOptions): OneTimeMemory {
  return {
    async claim(key, until) {
      const life = Math.max(1, Math.ceil(until - Date.now()));
      return (await client.eval(CLAIM, 1, `${prefix}used:${key}`, life)) === 1;
    },
  };
}

import { LATE_REPORT, type Booked, type CallLedger } from '../limits/ledger.js';
import type { RedisClient } from './redis-client.js';

/** How long the spend of a day is kept, in milliseconds: until no call of that day can be settled any more. */
const SPEND_RETENTION = 3 * LATE_REPORT;

/**
 * Keys: the call; the line's open calls, a sorted set by the end of their leases; the line's spend of the day.
 * Arguments: now, call, until, concurrent, perDay, reserve, retentions of the call, the open calls, the spend (ms).
 * A limit of -1 is none.
 */
const BOOK = `
  local now, ends, concurrent, perDay, reserve =
    tonumber(ARGV[1]), tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
  if redis.call('EXISTS', KEYS[1]) == 1 then return 'repeated' end
  redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now)
  if concurrent >= 0 and redis.call('ZCARD', KEYS[2]) >= concurrent then return 'busy' end
  local spent = tonumber(redis.call('GET', KEYS[3]) or '0')
  if perDay >= 0 and spent + reserve > perDay then return 'overspent' end
  redis.call('HSET', KEYS[1], 'open', KEYS[2], 'spent', KEYS[3], 'reserve', ARGV[6])
  redis.call('PEXPIRE', KEYS[1], ARGV[7])
  redis.call('ZADD', KEYS[2], ends, ARGV[2])
  if redis.call('PTTL', KEYS[2]) < tonumber(ARGV[8]) then redis.call('PEXPIRE', KEYS[2], ARGV[8]) end
  redis.call('INCRBY', KEYS[3], ARGV[6])
  redis.call('PEXPIRE', KEYS[3], ARGV[9])
  return 'booked'`;

/** Keys: the call, which names the others; they have the same prefix, hence the same hash tag. Arguments: call, seconds. */
const SETTLE = `
  local open, spent, reserve = unpack(redis.call('HMGET', KEYS[1], 'open', 'spent', 'reserve'))
  if not open then return end
  redis.call('DEL', KEYS[1])
  redis.call('ZREM', open, ARGV[1])
  if redis.call('EXISTS', spent) == 1 then redis.call('INCRBY', spent, ARGV[2] - reserve) end`;

/** Keys: the line's open calls, its spend of the day. Arguments: now. */
const STANDING = `
  return { redis.call('ZCOUNT', KEYS[1], '(' .. ARGV[1], '+inf'), tonumber(redis.call('GET', KEYS[2]) or '0') }`;

/** A ledger in Redis, for several servers. Their clocks must agree to within a few seconds. */
export function createRedisLedger(client: RedisClient, prefix: string, now: () => number = Date.now): CallLedger {
  const callKey = (call: string): string => `${prefix}booked:${call}`;
  const openKey = (line: string): string => `${prefix}open:${line}`;
  const spentKey = (line: string, day: string): string => `${prefix}spent:${day}:${line}`;

  return {
    async book({ call, line, day, concurrent = -1, perDay = -1, reserve, until }) {
      const keys = [callKey(call), openKey(line), spentKey(line, day)] as const;
      const lease = Math.max(1, Math.ceil(until - now()));
      const retentions = [lease + LATE_REPORT, lease, SPEND_RETENTION] as const;
      const limits = [concurrent, perDay, reserve] as const;
      return (await client.eval(BOOK, 3, ...keys, now(), call, until, ...limits, ...retentions)) as Booked;
    },

    async settle(call, seconds) {
      await client.eval(SETTLE, 1, callKey(call), call, Math.ceil(seconds));
    },

    async standing(line, day) {
      const answer = await client.eval(STANDING, 2, openKey(line), spentKey(line, day), now());
      const [calls, spent] = answer as [number, number];
      return { calls, spent };
    },
  };
}

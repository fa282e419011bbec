import { RIGHT_AGE, type Grant, type GrantStore, type Reservation } from '../grants.js';
import { callName } from '../call-name.js';
import { DEFAULT_PREFIX, type RedisStoreOptions } from './redis-client.js';

export interface RedisGrantStoreOptions extends RedisStoreOptions {
  /** The clock, in milliseconds since 1970. Default: `Date.now`. Servers that share a store need clocks that agree. */
  now?: () => number;
  /** How long the record of a call is kept after its grant's end when nobody reports the end, in seconds. Default: 86400. */
  callRetention?: number;
}

/**
 * A grant is a hash `{ grant, exp, right, born, call? }`, `born` being when its session began (ms); a second key leads
 * from a call to the grant that it was made with.
 * Each method is one script, and Redis runs one script at a time: that makes them atomic for all servers.
 */
const lives = `
  local function lives(key)
    local exp = redis.call('HGET', key, 'exp')
    return exp and tonumber(exp) * 1000 > tonumber(ARGV[1])
  end`;

/** Keys: grant. Arguments: now, grant, exp, time to live (ms). */
const PUT = `${lives}
  if lives(KEYS[1]) then return 0 end
  redis.call('DEL', KEYS[1])
  redis.call('HSET', KEYS[1], 'grant', ARGV[2], 'exp', ARGV[3], 'right', 'open', 'born', ARGV[1])
  redis.call('PEXPIRE', KEYS[1], ARGV[4])
  return 1`;

/** Keys: grant. Arguments: now. */
const GET = `${lives}
  return lives(KEYS[1]) and redis.call('HGET', KEYS[1], 'grant') or false`;

/** Keys: old grant, new grant. Arguments: now, grant, exp, time to live (ms), longest age of an open right (ms). */
const RENEW = `${lives}
  if not lives(KEYS[1]) or lives(KEYS[2]) then return 0 end
  local right = 'none'
  -- What an earlier version has put says nothing of its age.
  local born = redis.call('HGET', KEYS[1], 'born') or ARGV[1]
  if redis.call('HGET', KEYS[1], 'right') == 'open' then
    if tonumber(ARGV[1]) - tonumber(born) < tonumber(ARGV[5]) then right = 'open' end
    redis.call('HSET', KEYS[1], 'right', 'none')
  end
  redis.call('DEL', KEYS[2])
  redis.call('HSET', KEYS[2], 'grant', ARGV[2], 'exp', ARGV[3], 'right', right, 'born', born)
  redis.call('PEXPIRE', KEYS[2], ARGV[4])
  return 1`;

/** Keys: grant, call. Arguments: now, call, retention (ms). */
const RESERVE = `${lives}
  if not lives(KEYS[1]) then return 'refused' end
  local right, call, exp = unpack(redis.call('HMGET', KEYS[1], 'right', 'call', 'exp'))
  if right == 'open' and redis.call('EXISTS', KEYS[2]) == 0 then
    local kept = math.ceil(tonumber(exp) * 1000 - tonumber(ARGV[1]) + tonumber(ARGV[3]))
    redis.call('HSET', KEYS[1], 'right', 'reserved', 'call', ARGV[2])
    redis.call('PEXPIRE', KEYS[1], kept)
    redis.call('SET', KEYS[2], KEYS[1], 'PX', kept)
    return 'reserved'
  end
  return call == ARGV[2] and right ~= 'none' and 'repeated' or 'refused'`;

/** Keys: grant. Arguments: call. */
const SPEND = `
  local right, call = unpack(redis.call('HMGET', KEYS[1], 'right', 'call'))
  if call ~= ARGV[1] then return 0 end
  if right == 'reserved' then redis.call('HSET', KEYS[1], 'right', 'spent') end
  return (right == 'reserved' or right == 'spent') and 1 or 0`;

/** Keys: grant, call. Arguments: call. */
const RELEASE = `
  local right, call = unpack(redis.call('HMGET', KEYS[1], 'right', 'call'))
  if right == 'reserved' and call == ARGV[1] then
    redis.call('HSET', KEYS[1], 'right', 'open')
    redis.call('HDEL', KEYS[1], 'call')
    redis.call('DEL', KEYS[2])
  end`;

/** Keys: call. Arguments: call, now, retention (s). The key that is found has the same prefix, hence the same hash tag. */
const FIND = `
  local key = redis.call('GET', KEYS[1])
  if not key then return false end
  local grant, exp, call = unpack(redis.call('HMGET', key, 'grant', 'exp', 'call'))
  if call ~= ARGV[1] or (tonumber(exp) + tonumber(ARGV[3])) * 1000 <= tonumber(ARGV[2]) then return false end
  return grant`;

/** Keys: call. Arguments: call. */
const CLOSE = `
  local key = redis.call('GET', KEYS[1])
  if not key or redis.call('HGET', key, 'call') ~= ARGV[1] then return end
  redis.call('HSET', key, 'right', 'none')
  redis.call('HDEL', key, 'call')
  redis.call('DEL', KEYS[1])`;

/** A store in Redis, for several servers, or for one whose calls outlive its restart. */
export function createRedisGrantStore({
  client,
  prefix = DEFAULT_PREFIX,
  now = Date.now,
  callRetention = 86_400,
}: RedisGrantStoreOptions): GrantStore {
  const grantKey = (key: string): string => `${prefix}grant:${key}`;
  const callKey = (call: string): string => `${prefix}grant-of:${call}`;
  /** A time to live of 0 would leave a dead grant for ever. */
  const life = (grant: Grant): number => Math.max(1, Math.ceil(grant.exp * 1000 - now()));
  const read = (grant: unknown): Grant | undefined =>
    typeof grant === 'string' ? (JSON.parse(grant) as Grant) : undefined;

  return {
    async put(key, grant) {
      return (await client.eval(PUT, 1, grantKey(key), now(), JSON.stringify(grant), grant.exp, life(grant))) === 1;
    },

    async get(key) {
      return read(await client.eval(GET, 1, grantKey(key), now()));
    },

    async renew(oldKey, newKey, grant) {
      const [from, to] = [grantKey(oldKey), grantKey(newKey)];
      const record = [JSON.stringify(grant), grant.exp, life(grant)] as const;
      return (await client.eval(RENEW, 2, from, to, now(), ...record, RIGHT_AGE * 1000)) === 1;
    },

    async reserve(key, callId, fromTag) {
      const call = callName(callId, fromTag);
      const keys = [grantKey(key), callKey(call)] as const;
      return (await client.eval(RESERVE, 2, ...keys, now(), call, callRetention * 1000)) as Reservation;
    },

    async spend(key, callId, fromTag) {
      return (await client.eval(SPEND, 1, grantKey(key), callName(callId, fromTag))) === 1;
    },

    async release(key, callId, fromTag) {
      const call = callName(callId, fromTag);
      await client.eval(RELEASE, 2, grantKey(key), callKey(call), call);
    },

    async findByCall(callId, fromTag) {
      const call = callName(callId, fromTag);
      return read(await client.eval(FIND, 1, callKey(call), call, now(), callRetention));
    },

    async close(callId, fromTag) {
      const call = callName(callId, fromTag);
      await client.eval(CLOSE, 1, callKey(call), call);
    },
  };
}

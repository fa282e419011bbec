import { MEMORY, type Answers } from '../answer-memory.js';
import type { Answer } from '../http.js';
import { randomId } from '../secrets.js';
import { DEFAULT_PREFIX, type RedisStoreOptions } from './redis-client.js';

/**
 * How long one server is waited for that has begun an answer, in milliseconds. A gateway waits for 2 s, so whoever is not
 * done by then has died.
 */
const LEASE = 3000;
/** How often it is looked whether that answer is there, in milliseconds. */
const POLL = 20;

/** Keys: the answer. Arguments: our mark, lease (ms). Returns the answer, or the mark of who is making it: maybe ours. */
const BEGIN = `
  redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2])
  return redis.call('GET', KEYS[1])`;

/** Keys: the answer. Arguments: our mark, the answer, how long it is kept (ms); 0: it is not. */
const FINISH = `
  if redis.call('GET', KEYS[1]) ~= ARGV[1] then return end
  if ARGV[3] == '0' then redis.call('DEL', KEYS[1]) else redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3]) end`;

/** Remembers the answers of the hook in Redis, so that a gateway may repeat its question to another server. */
export function createRedisAnswers({ client, prefix = DEFAULT_PREFIX }: RedisStoreOptions): Answers {
  return {
    async once(name, make) {
      const key = `${prefix}answer:${name}`;
      // No JSON looks like this.
      const mark = `~${randomId()}`;
      for (;;) {
        const found = String(await client.eval(BEGIN, 1, key, mark, LEASE));
        if (found === mark) break;
        if (!found.startsWith('~')) return JSON.parse(found) as Answer;
        await new Promise((resolve) => setTimeout(resolve, POLL));
      }
      const answer = await make();
      const life = answer.status >= 500 ? 0 : MEMORY;
      await client.eval(FINISH, 1, key, mark, JSON.stringify(answer), life);
      return answer;
    },
  };
}

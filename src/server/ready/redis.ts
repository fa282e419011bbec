import { Redis } from 'ioredis';
import { errorFields, type Log } from './log.js';

/** How long an answer of Redis may take, in milliseconds. The gateway waits for us no longer than two seconds. */
const PATIENCE = 1000;

/** What all servers share. Without it no grant is given and no call let through: failing open would be free calls. */
export function connectRedis(url: string, log: Log): Redis {
  if (!/^rediss?:\/\//.test(url)) throw new TypeError('expected a URL of Redis such as "redis://127.0.0.1:6379"');
  const client = new Redis(url, {
    connectTimeout: PATIENCE,
    commandTimeout: PATIENCE,
    // A question that Redis cannot answer now is refused now; the client goes on connecting beside it.
    maxRetriesPerRequest: 1,
    retryStrategy: (attempt) => Math.min(attempt * 100, 2000),
  });
  client.on('error', (error: unknown) => log.warn(errorFields(error), 'redis'));
  client.on('ready', () => log.info('redis is ready'));
  return client;
}

/** Whether Redis answers. */
export async function redisAnswers(client: Redis): Promise<boolean> {
  try {
    return (await client.ping()) === 'PONG';
  } catch {
    return false;
  }
}

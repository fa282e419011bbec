/**
 * What is needed of a Redis client: that of the package `ioredis` fits as it is. Nothing here imports that package, so
 * that a backend without Redis need not load it.
 */
export interface RedisClient {
  eval(script: string, numberOfKeys: number, ...args: (string | number)[]): Promise<unknown>;
  /** Used by `rate-limiter-flexible`. */
  defineCommand(name: string, definition: { lua: string; numberOfKeys?: number }): void;
}

export interface RedisStoreOptions {
  /** A connection; it stays yours to close. Servers that share one Redis share what is kept in it. */
  client: RedisClient;
  /** Put before every key. In a Redis Cluster it must hold a hash tag, as `{sautikit}:`. Default: `sautikit:`. */
  prefix?: string;
}

export const DEFAULT_PREFIX = 'sautikit:';

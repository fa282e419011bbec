import RateLimiterMemory from 'rate-limiter-flexible/lib/RateLimiterMemory.js';

export interface Count {
  /** How often it happened in this window, this time included. */
  count: number;
  /** When the window ends, in whole seconds from now. */
  retryAfter: number;
}

/** Counts how often something happens in a window of time, which begins with the first time. */
export interface Counter {
  count(key: string, seconds: number): Promise<Count>;
}

/** A counter in this process's memory. */
export function createMemoryCounter(): Counter {
  return counterOf(new RateLimiterMemory({ keyPrefix: '', points: 1, duration: 1 }));
}

/** The part of `rate-limiter-flexible` that counts and leaves it to us what a number means. */
interface RateLimiter {
  penalty(
    key: string,
    points: number,
    options: { customDuration: number },
  ): Promise<{ consumedPoints: number; msBeforeNext: number }>;
}

export function counterOf(limiter: RateLimiter): Counter {
  return {
    async count(key, seconds) {
      const { consumedPoints, msBeforeNext } = await limiter.penalty(key, 1, { customDuration: seconds });
      return { count: consumedPoints, retryAfter: Math.max(1, Math.ceil(msBeforeNext / 1000)) };
    },
  };
}

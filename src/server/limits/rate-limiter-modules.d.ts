// The package's entry also loads Node's `cluster`; its single modules run anywhere, and carry no types of their own.
declare module 'rate-limiter-flexible/lib/RateLimiterMemory.js' {
  import type { RateLimiterMemory } from 'rate-limiter-flexible';
  const limiter: typeof RateLimiterMemory;
  export default limiter;
}
declare module 'rate-limiter-flexible/lib/RateLimiterRedis.js' {
  import type { RateLimiterRedis } from 'rate-limiter-flexible';
  const limiter: typeof RateLimiterRedis;
  export default limiter;
}

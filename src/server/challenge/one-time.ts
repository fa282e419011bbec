/** Remembers what may be used once. */
export interface OneTimeMemory {
  /**
   * Claims a key, atomically: true for the first who does.
   * @param until when nobody could use it any more anyway, in milliseconds since 1970
   */
  claim(key: string, until: number): Promise<boolean>;
}

/** At most this often, in milliseconds, is the memory looked through for what is out of date. */
const SWEEP_INTERVAL = 30_000;

/** A memory in this process: for one server. It starts no timer. */
export function createMemoryOneTime(now: () => number = Date.now): OneTimeMemory {
  const claimed = new Map<string, number>();
  let swept = now();
  return {
    // Nothing is awaited, and that makes it atomic.
    async claim(key, until) {
      if (now() - swept > SWEEP_INTERVAL) {
        swept = now();
        for (const [old, end] of claimed) if (end <= swept) claimed.delete(old);
      }
      if (claimed.has(key)) return false;
      claimed.set(key, until);
      return true;
    },
  };
}

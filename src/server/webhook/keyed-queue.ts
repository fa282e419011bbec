interface Job {
  key: string;
  run: () => Promise<void>;
}

/** Runs jobs, a few at a time; those of one key one after another, in the order in which they came. */
export class KeyedQueue {
  readonly #concurrency: number;
  readonly #capacity: number;
  readonly #waiting: Job[] = [];
  readonly #running = new Set<string>();
  #idle: (() => void)[] = [];

  /**
   * @param concurrency How many run at the same time.
   * @param capacity How many there may be at most, running ones included.
   */
  constructor(concurrency: number, capacity: number) {
    this.#concurrency = concurrency;
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#waiting.length + this.#running.size;
  }

  /** False: there are too many already. */
  add(key: string, run: () => Promise<void>): boolean {
    if (this.size >= this.#capacity) return false;
    this.#waiting.push({ key, run });
    this.#next();
    return true;
  }

  /** Resolves as soon as nothing runs and nothing waits. */
  idle(): Promise<void> {
    return this.size === 0 ? Promise.resolve() : new Promise((resolve) => this.#idle.push(resolve));
  }

  #next(): void {
    while (this.#running.size < this.#concurrency) {
      const index = this.#waiting.findIndex(({ key }) => !this.#running.has(key));
      const [job] = index < 0 ? [] : this.#waiting.splice(index, 1);
      if (!job) break;
      this.#running.add(job.key);
      void this.#run(job);
    }
  }

  async #run({ key, run }: Job): Promise<void> {
    try {
      await run();
    } catch {
      // Whoever adds a job deals with its failure; what he misses must not stop the others.
    }
    this.#running.delete(key);
    this.#next();
    if (this.size > 0) return;
    for (const resolve of this.#idle.splice(0)) resolve();
  }
}

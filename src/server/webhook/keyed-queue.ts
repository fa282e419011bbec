/** Waits until fewer than the greatest number of turns are taken, does the work, and gives its turn back. */
export type Turn = <T>(work: () => Promise<T>) => Promise<T>;

interface Job {
  key: string;
  run: (turn: Turn) => Promise<void>;
}

/**
 * Runs jobs, those of one key one after another, in the order in which they came. What a job does in a turn it does as
 * one of a few; between its turns, while it waits for better times, it holds up nobody but those of its own key.
 */
export class KeyedQueue {
  readonly #capacity: number;
  readonly #waiting: Job[] = [];
  readonly #running = new Set<string>();
  readonly #wishes: (() => void)[] = [];
  #turnsLeft: number;
  #idle: (() => void)[] = [];

  /**
   * @param concurrency How many turns are taken at the same time.
   * @param capacity How many jobs there may be at most, running ones included.
   */
  constructor(concurrency: number, capacity: number) {
    this.#turnsLeft = concurrency;
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#waiting.length + this.#running.size;
  }

  /** False: there are too many already. */
  add(key: string, run: Job['run']): boolean {
    if (this.size >= this.#capacity) return false;
    if (this.#running.has(key)) this.#waiting.push({ key, run });
    else void this.#run({ key, run });
    return true;
  }

  /** Resolves as soon as nothing runs and nothing waits. */
  idle(): Promise<void> {
    return this.size === 0 ? Promise.resolve() : new Promise((resolve) => this.#idle.push(resolve));
  }

  async #run({ key, run }: Job): Promise<void> {
    this.#running.add(key);
    try {
      await run(this.#turn);
    } catch {
      // Whoever adds a job deals with its failure; what he misses must not stop the others.
    }
    this.#running.delete(key);
    const index = this.#waiting.findIndex((job) => job.key === key);
    const [next] = index < 0 ? [] : this.#waiting.splice(index, 1);
    if (next) void this.#run(next);
    if (this.size > 0) return;
    for (const resolve of this.#idle.splice(0)) resolve();
  }

  readonly #turn: Turn = async (work) => {
    if (this.#turnsLeft > 0) this.#turnsLeft--;
    else await new Promise<void>((resolve) => this.#wishes.push(resolve));
    try {
      return await work();
    } finally {
      // Handed on to whoever has waited longest, so that nobody who comes now gets in before him.
      const next = this.#wishes.shift();
      if (next) next();
      else this.#turnsLeft++;
    }
  };
}

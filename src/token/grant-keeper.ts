import { asSautikitError } from '../errors.js';
import type { Log } from '../log.js';
import type { Grant } from './token-grant.js';

/** A grant that is needed on is renewed this long before its end, in milliseconds. */
export const REFRESH_EARLY = 60_000;
/** First and longest pause between failed renewals, in milliseconds; the pause doubles, and half of it is random. */
const BACKOFF = { first: 1_000, longest: 30_000 } as const;
/** Between two renewals at least this much (ms) lies, whatever a server says of how long a grant lives, or when to come back. */
const LEAST = 1_000;
/** The longest delay that a timer takes, in milliseconds; a longer one would fire at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** A grant with its end on the monotonic clock, in milliseconds. */
export interface TimedGrant {
  readonly grant: Grant;
  readonly expires: number;
}

/** How long before its end a grant counts as old: a minute, or half of a life that is shorter than two. */
export const earliness = (grant: Grant): number => Math.min(REFRESH_EARLY, grant.lifetime * 500);

/** Renews one grant in time, again and again, until it is stopped; a renewal that failed is tried again. */
export class GrantKeeper {
  readonly #renew: (grant: Grant) => Promise<TimedGrant>;
  readonly #onRenewed: (grant: Grant) => void;
  readonly #log: Log;
  #kept: TimedGrant | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #failures = 0;
  #stopped = false;

  constructor(renew: (grant: Grant) => Promise<TimedGrant>, onRenewed: (grant: Grant) => void, log: Log) {
    this.#renew = renew;
    this.#onRenewed = onRenewed;
    this.#log = log;
  }

  get grant(): Grant | undefined {
    return this.#kept?.grant;
  }

  /** Keeps this one from now on. */
  keep(kept: TimedGrant): void {
    const least = this.#kept ? LEAST : 0;
    this.#kept = kept;
    this.#failures = 0;
    this.#wait(Math.max(kept.expires - performance.now() - earliness(kept.grant), least));
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #wait(delay: number): void {
    clearTimeout(this.#timer);
    if (this.#stopped) return;
    const part = Math.min(Math.max(delay, 0), LONGEST_TIMER);
    this.#timer = setTimeout(() => {
      if (delay > part) this.#wait(delay - part);
      else void this.#refresh();
    }, part);
  }

  async #refresh(): Promise<void> {
    try {
      const { grant } = await this.#renew(this.#kept!.grant);
      if (!this.#stopped) this.#onRenewed(grant);
    } catch (error) {
      const { code, retryAfter } = asSautikitError(error);
      const pause = Math.min(BACKOFF.first * 2 ** this.#failures++, BACKOFF.longest);
      const delay = retryAfter ? Math.max(retryAfter * 1000, LEAST) : pause / 2 + (Math.random() * pause) / 2;
      this.#log(`renewal failed (${code}), again in ${Math.round(delay)} ms`);
      this.#wait(delay);
    }
  }
}

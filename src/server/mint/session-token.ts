/** A token with which others are minted. */
export interface TimedToken {
  token: string;
  expiresAt: Date;
  expiresIn: number;
}

/** How long before its end a token is renewed, in milliseconds; half of its life where that is shorter. */
const EARLY = 60_000;

/** A token that is fetched once for everybody who needs it, and renewed before it ends while the old one still serves. */
export class SessionToken {
  readonly #fetch: () => Promise<TimedToken>;
  #held: TimedToken | undefined;
  #fetching: Promise<TimedToken> | undefined;

  readonly #now: () => number;

  constructor(fetch: () => Promise<TimedToken>, now: () => number = Date.now) {
    this.#fetch = fetch;
    this.#now = now;
  }

  async get(): Promise<string> {
    const held = this.#held;
    const left = held ? held.expiresAt.getTime() - this.#now() : 0;
    if (!held || left <= 0) return (await this.renew()).token;
    // Nobody waits for a renewal that is early; if it fails, the next one who asks tries again.
    if (left <= Math.min(EARLY, held.expiresIn * 500)) void this.renew().catch(() => undefined);
    return held.token;
  }

  /** Many callers, one request. */
  async renew(): Promise<TimedToken> {
    this.#fetching ??= this.#fetch()
      .then((held) => (this.#held = held))
      .finally(() => (this.#fetching = undefined));
    return await this.#fetching;
  }

  /** This token serves no more, unless another has taken its place already. */
  drop(token: string): void {
    if (this.#held?.token === token) this.#held = undefined;
  }
}

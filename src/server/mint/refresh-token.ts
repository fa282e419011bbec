import type { UpstreamAnswer } from './upstream.js';

export interface RefreshTokenOptions {
  /** The refresh token to begin with: the last one that `onRotate` was given, or the first one ever. */
  refreshToken: string;
  /** Keeps the next refresh token, because the one before is good for nothing now. */
  onRotate?: ((refreshToken: string) => void | Promise<void>) | undefined;
}

/**
 * A refresh token that never leaves the server. It may be good for one exchange only, with the next one in the answer, so
 * that exchanges happen one after the other.
 */
export class RefreshToken {
  #current: string;
  /** Of a token that could not be kept: it is tried again before the next exchange. */
  #unkept = false;
  #last: Promise<unknown> = Promise.resolve();
  readonly #onRotate: RefreshTokenOptions['onRotate'];

  constructor({ refreshToken, onRotate }: RefreshTokenOptions) {
    if (refreshToken === '') throw new TypeError('refreshToken is empty');
    this.#current = refreshToken;
    this.#onRotate = onRotate;
  }

  /** Exchanges it. Whoever comes meanwhile waits. */
  async exchange(send: (refreshToken: string) => Promise<UpstreamAnswer>): Promise<UpstreamAnswer> {
    const turn = this.#last.then(async () => {
      if (this.#unkept) await this.#keep();
      const answer = await send(this.#current);
      const { refresh_token: next } = answer;
      if (typeof next === 'string' && next !== '' && next !== this.#current) {
        this.#current = next;
        this.#unkept = true;
        // Before anybody gets what came with it: a server that starts anew must find the token that is good.
        await this.#keep();
      }
      return answer;
    });
    this.#last = turn.catch(() => undefined);
    return await turn;
  }

  async #keep(): Promise<void> {
    await this.#onRotate?.(this.#current);
    this.#unkept = false;
  }
}

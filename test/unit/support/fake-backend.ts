import type { TokenRequest } from '../../../src/token/token-request.js';
import { bearer, jwt } from './grants.js';

type Answer = (request: TokenRequest) => unknown;

/** A token endpoint in the page: it mints grants like a real one, unless it is told what to answer. */
export class FakeBackend {
  /** What was asked for, in order. */
  readonly asked: TokenRequest[] = [];
  /** When, on the monotonic clock (ms). */
  readonly moments: number[] = [];
  /** Seconds that each grant lives. */
  lifetime = 300;
  #answers: Answer[] = [];
  #minted = 0;

  /** As a page's own `tokenProvider`. */
  readonly provide = async (request: TokenRequest): Promise<unknown> => {
    this.asked.push(request);
    this.moments.push(performance.now());
    const answer = this.#answers.shift() ?? ((asked: TokenRequest) => this.mint(asked));
    return answer(request);
  };

  /** The tokens that renewals were asked with; `undefined` for a request that renews nothing. */
  get renewals(): (string | undefined)[] {
    return this.asked.map(({ renew }) => renew);
  }

  /** What is answered next, once each, before grants are minted again. */
  next(...answers: Answer[]): void {
    this.#answers.push(...answers);
  }

  /** Keeps the next answer back until the returned function is called. */
  holdNext(): () => void {
    let release!: () => void;
    const held = new Promise<void>((resolve) => (release = resolve));
    this.next((request) => held.then(() => this.mint(request)));
    return release;
  }

  /** A new grant; one that renews another is for the same caller. */
  mint({ renew }: TokenRequest): Record<string, unknown> {
    const n = ++this.#minted;
    const sub = renew ? (JSON.parse(atob(renew.split('.')[1]!)) as { sub: string }).sub : `visitor-${n}`;
    return bearer({ token: jwt({ sub, jti: n }), expires_in: this.lifetime });
  }
}

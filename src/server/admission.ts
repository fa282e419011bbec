import type { HumanCheck } from './challenge/human-check.js';
import { Refusal } from './http.js';
import type { AddressStanding, LimitedLine, TokenLimits } from './limits/limits.js';

/** Somebody who wants a new grant. */
export interface Applicant {
  /** The address that asks, where it is known. */
  address: string | undefined;
  /** The line that is to be called; undefined for a grant that calls none. */
  line?: LimitedLine | undefined;
  /** What the request held as answer to a challenge. */
  answer?: unknown;
}

export interface AdmissionOptions {
  /** Default: no limits. */
  limits?: TokenLimits | undefined;
  /** Asked for above the soft limit of an address; without limits, for every new grant. Default: none. */
  challenge?: HumanCheck | undefined;
}

/** Decides who may have a new grant. The address comes first, so that one visitor cannot use up a line's rate. */
export class Admission {
  readonly #limits: TokenLimits | undefined;
  readonly #check: HumanCheck | undefined;

  constructor({ limits, challenge }: AdmissionOptions) {
    this.#limits = limits;
    this.#check = challenge;
  }

  /** @throws {Refusal} 429, 503 `busy`, or 403 `challenge-required` with a challenge */
  async admit({ address, line, answer }: Applicant): Promise<void> {
    const standing = await this.#limits?.countAddress(address);
    if (standing?.level === 'hard') throw new Refusal(429, 'rate-limited', standing.retryAfter);
    if (!standing || standing.level === 'soft') await this.#checkHuman(standing, { address, line, answer });
    if (line) await this.#limits?.admitMint(line);
  }

  /** A session that goes on proves nothing anew: whoever is in a call must not have to. @throws {Refusal} 429 */
  async admitRenewal(sid: string): Promise<void> {
    await this.#limits?.admitRenewal(sid);
  }

  async #checkHuman(standing: AddressStanding | undefined, { address, line, answer }: Applicant): Promise<void> {
    const check = this.#check;
    if (!check) {
      if (standing) throw new Refusal(429, 'rate-limited', standing.retryAfter);
      return;
    }
    const context = { address, line: line?.name, pressure: standing?.pressure ?? 0 };
    if (answer != null && (await check.verify(answer, context))) return;
    throw new Refusal(403, 'challenge-required', undefined, { challenge: await check.challenge(context) });
  }
}

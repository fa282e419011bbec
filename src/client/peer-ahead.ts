import type { Peer } from '../media/peer.js';
import type { Grant } from '../token/token-grant.js';

/** A connection that began on a press and got no call is closed after this long (ms). */
const LIMIT = 15_000;

/** The peer connection of a press: its ICE is on its way, or done, when the click comes. One at a time. */
export class PeerAhead {
  #held: { grant: Grant; peer: Peer } | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param make makes the connection, unless this grant has one already */
  prepare(grant: Grant, make: () => Peer): void {
    if (this.#held?.grant === grant) return;
    this.drop();
    try {
      const peer = make();
      this.#held = { grant, peer };
      this.#timer = setTimeout(() => this.drop(), LIMIT);
      peer.warm().catch(() => {});
    } catch {
      // The call will say so.
    }
  }

  /** Hands over the connection of this grant; from now on it is the taker's. */
  take(grant: Grant): Peer | undefined {
    const peer = this.#held?.grant === grant ? this.#held.peer : undefined;
    if (peer) this.#held = undefined;
    this.drop();
    return peer;
  }

  /** Closes what nobody took. */
  drop(): void {
    clearTimeout(this.#timer);
    this.#held?.peer.close();
    this.#held = undefined;
  }
}

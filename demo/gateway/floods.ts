import { RateLimiterMemory } from 'rate-limiter-flexible';

/** How much is listened to, of one address in a minute, and of one connection in ten seconds. */
export interface FloodLimits {
  handshakes: number;
  registers: number;
  invites: number;
  messages: number;
}

export const FLOOD_LIMITS: FloodLimits = { handshakes: 300, registers: 600, invites: 120, messages: 200 };

/** Counts what comes in, so that one that runs wild, or attacks, leaves room for the others. */
export class Floods {
  readonly #limiters: Record<keyof FloodLimits, RateLimiterMemory>;

  constructor(limits: FloodLimits) {
    const limiter = (points: number, duration: number): RateLimiterMemory =>
      new RateLimiterMemory({ points, duration });
    this.#limiters = {
      handshakes: limiter(limits.handshakes, 60),
      registers: limiter(limits.registers, 60),
      invites: limiter(limits.invites, 60),
      messages: limiter(limits.messages, 10),
    };
  }

  /** Counts one more. False where it is one too many. */
  async admits(kind: keyof FloodLimits, key: string): Promise<boolean> {
    return await this.#limiters[kind].consume(key).then(
      () => true,
      () => false,
    );
  }
}

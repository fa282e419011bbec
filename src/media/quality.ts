export type QualityLevel = 'good' | 'fair' | 'poor';

/** How well the two ends of a call hear each other, as far as the network decides it. */
export interface CallQuality {
  level: QualityLevel;
  /** Mean opinion score, 1 (bad) to 4.4 (as good as a telephone gets), as estimated by `estimateMos`. */
  mos: number;
}

/** What the network did to a call in the last seconds, between this browser and the gateway. */
export interface NetworkSample {
  /** There and back (s). */
  roundTrip: number;
  /** What the receiver keeps back to even out jitter (s). */
  jitterBuffer: number;
  /** Part of the packets that was lost or came too late, in the worse of the two directions, 0 to 1. */
  loss: number;
}

/** R of a connection with nothing to say against it: all of ITU-T G.107's parameters at their defaults. */
const BEST_R = 93.2;
/**
 * How robust the codec is against loss. G.113 Appendix I has no value for Opus; this is its value for G.711 with loss
 * concealment, which every browser does for every codec. Opus with its in-band correction does no worse.
 */
const BPL = 25.1;

/**
 * Mean opinion score by the E-model of ITU-T G.107, simplified to what `getStats` knows:
 *
 *     R = R0 - Id - Ie,eff
 *     Id = 0.024 d + 0.11 (d - 177.3) where d > 177.3, otherwise 0.024 d   (d: one-way delay in ms)
 *     Ie,eff = Ie + (95 - Ie) Ppl / (Ppl + Bpl)                            (G.107 section 7.4; Ppl: loss in percent)
 *     MOS = 1 + 0.035 R + 7e-6 R (R - 60) (100 - R)                        (G.107 Annex B)
 *
 * With R0 = 93.2, Ie = 0 and Bpl = 25.1. Id is the fit of Cole and Rosenbluth ("Voice over IP performance monitoring",
 * 2001), and d is half the round trip and the jitter buffer. It is an estimate of this leg alone: echo, noise and whatever
 * lies behind the gateway are not in it.
 */
export function estimateMos({ roundTrip, jitterBuffer, loss }: NetworkSample): number {
  const delay = (roundTrip / 2 + jitterBuffer) * 1000;
  const percent = loss * 100;
  const r = BEST_R - 0.024 * delay - 0.11 * Math.max(0, delay - 177.3) - (95 * percent) / (percent + BPL);
  return r <= 0 ? 1 : Math.max(1, 1 + 0.035 * r + 7e-6 * r * (r - 60) * (100 - r));
}

/**
 * Levels along the categories of ITU-T G.109 (values of MOS: G.107 Annex B, table B.1): `good` where users are satisfied
 * (R from 80, MOS from 4.03), `fair` where some are not (R from 70, MOS from 3.60), `poor` below.
 */
export const qualityLevel = (mos: number): QualityLevel => (mos >= 4.03 ? 'good' : mos >= 3.6 ? 'fair' : 'poor');

const ORDER: readonly (QualityLevel | undefined)[] = ['poor', 'fair', 'good'];

/** Holds a level still: it changes when two samples in a row lie on the same side of it, and then to the nearer of them. */
export class SteadyLevel {
  #level: QualityLevel | undefined;
  #last: QualityLevel | undefined;

  /** @returns the new level, where it has changed */
  take(level: QualityLevel): QualityLevel | undefined {
    const last = this.#last;
    this.#last = level;
    if (last === undefined) return undefined;
    const now = ORDER.indexOf(this.#level);
    const [low, high] = [ORDER.indexOf(last), ORDER.indexOf(level)].sort();
    // Before the first level, `now` is -1, and both samples lie above it.
    const next = low! > now ? low : high! < now ? high : now;
    if (next === now) return undefined;
    return (this.#level = ORDER[next!]);
  }
}

/** How often something may happen in a time. */
export interface Rate {
  count: number;
  /** Length of the window, which begins with the first time. */
  seconds: number;
}

/** What one day may cost, counted by the line's time zone: talking time, or the money that it makes at a fixed price. */
export type DailySpend = { seconds: number } | { money: number; pricePerMinute: number };

/** What a line, or one signed-in caller who dials, may use. Everything that is left out is unlimited. */
export interface LineLimits {
  /** New grants, whoever asks. Renewals in a call are not counted. */
  mints?: Rate;
  /** Calls at the same time, from the moment the gateway lets one through; the next one hears that the line is busy. */
  concurrent?: number;
  /**
   * A call takes its longest time out of the day's spend as it begins, and gives back what it did not use as it ends. One
   * that would not fit is refused.
   */
  perDay?: DailySpend;
  /** What a call takes out beforehand where the line has no `maxDuration`, in seconds. Default: 600. */
  reserve?: number;
}

/** What a call takes out of the day's spend where nobody says how long it may last, in seconds. */
const RESERVE = 600;

/** The day's spend as whole seconds of talking; undefined where there is no limit. */
export function secondsPerDay({ perDay }: LineLimits): number | undefined {
  if (!perDay) return undefined;
  return Math.floor('seconds' in perDay ? perDay.seconds : (perDay.money / perDay.pricePerMinute) * 60);
}

/** What a call takes out of the day's spend as it begins, in whole seconds. */
export function reserveOf(limits: LineLimits, maxDuration: number | undefined): number {
  return Math.ceil(maxDuration ?? limits.reserve ?? RESERVE);
}

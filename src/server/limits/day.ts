import { Temporal } from 'temporal-polyfill';

export interface Day {
  /** `2026-12-24`, as the calendar of the time zone says. */
  name: string;
  /** Its end, in milliseconds since 1970. */
  end: number;
}

/** The day that each time zone has right now; it is asked for with every grant, and changes once a day. */
const known = new Map<string, Day & { start: number }>();

/** The day that a moment belongs to. @param now in milliseconds since 1970 */
export function dayOf(now: number, timeZone = 'UTC'): Day {
  const cached = known.get(timeZone);
  if (cached && now >= cached.start && now < cached.end) return cached;
  const moment = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(timeZone);
  const start = moment.startOfDay();
  const day = {
    name: moment.toPlainDate().toString(),
    start: start.epochMilliseconds,
    end: start.add({ days: 1 }).startOfDay().epochMilliseconds,
  };
  known.set(timeZone, day);
  return day;
}

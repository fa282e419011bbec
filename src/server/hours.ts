import { Temporal } from 'temporal-polyfill';

/** The days of the week as opening hours name them, in the order of ISO 8601. */
export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

export type Weekday = (typeof WEEKDAYS)[number];

/**
 * When somebody answers: for each day a list of spans such as `08:00-12:30`, in the line's time zone. A span belongs to
 * the day that it begins on, and one that ends earlier than it begins crosses midnight: `22:00-02:00`. `24:00` is the
 * end of the day. A day that is not named is closed.
 *
 * Where clocks change, a time that does not exist is as much later as the clock jumps, and of a time that comes twice
 * the first counts, as in calendars (RFC 5545 section 3.3.5).
 */
export interface OpeningHours extends Partial<Record<Weekday, string[]>> {
  /** Days that differ, by date (`2026-12-25`): the spans that begin on that day; an empty list is closed. */
  exceptions?: Record<string, string[]>;
}

/** What is known of when a line is open. */
export interface Openable {
  hours?: OpeningHours;
  timeZone?: string;
}

/** A time of being open, in milliseconds since 1970; the end is the first moment of being closed. */
interface Opening {
  start: number;
  end: number;
}

/** Whether it is open from one moment to another, in milliseconds since 1970. */
interface State {
  open: boolean;
  from: number;
  until: number;
}

/**
 * What was found out last, by hours and time zone, since lines may share their hours: time zones are slow, and every
 * request for a grant asks.
 */
const states = new WeakMap<OpeningHours, Map<string | undefined, State>>();

/** Whether somebody answers at this moment. A line without hours is always open. */
export function isOpen(line: Openable, at: Date): boolean {
  if (!line.hours) return true;
  const now = at.getTime();
  const byZone = states.get(line.hours) ?? new Map<string | undefined, State>();
  const known = byZone.get(line.timeZone);
  if (known && known.from <= now && now < known.until) return known.open;
  const opening = currentOpening(line, at);
  const until = opening ? opening.end : (opensAt(line, at)?.getTime() ?? Infinity);
  byZone.set(line.timeZone, { open: opening !== undefined, from: opening?.start ?? now, until });
  states.set(line.hours, byZone);
  return opening !== undefined;
}

/** When a line that is open at this moment closes; undefined where it is closed, or never closes by its hours. */
export function closesAt(line: Openable, at: Date): Date | undefined {
  const opening = line.hours && currentOpening(line, at);
  return opening && new Date(opening.end);
}

/** The first moment after this one at which the line opens; undefined where it never does. */
export function opensAt(line: Openable, after: Date): Date | undefined {
  const { hours } = line;
  if (!hours) return undefined;
  const today = localDate(line, after);
  for (const date of datesAhead(hours, today)) {
    const start = openingsOn(line, date)
      .map((opening) => opening.start)
      .filter((ms) => ms > after.getTime())
      .sort((a, b) => a - b)[0];
    if (start !== undefined) return new Date(start);
  }
  return undefined;
}

function currentOpening(line: Openable, at: Date): Opening | undefined {
  const today = localDate(line, at);
  // Yesterday's night shift may last until today.
  return [today.subtract({ days: 1 }), today]
    .flatMap((date) => openingsOn(line, date))
    .filter(({ start, end }) => start <= at.getTime() && at.getTime() < end)
    .sort((a, b) => b.end - a.end)[0];
}

/** The days on which a line could open, beginning with the first; enough of them to tell that it never does. */
function* datesAhead(hours: OpeningHours, first: Temporal.PlainDate): Generator<Temporal.PlainDate> {
  const exceptions = Object.keys(hours.exceptions ?? {}).sort();
  const key = first.toString();
  if (WEEKDAYS.some((day) => hours[day]?.length)) {
    // Each exception can close one more week that is open on a single day.
    const ahead = exceptions.filter((date) => date >= key).length;
    for (let days = 0; days <= 7 * (ahead + 1); days++) yield first.add({ days });
  } else {
    for (const date of exceptions) if (date >= key) yield Temporal.PlainDate.from(date);
  }
}

function openingsOn({ hours, timeZone }: Openable, date: Temporal.PlainDate): Opening[] {
  const spans = hours?.exceptions?.[date.toString()] ?? hours?.[WEEKDAYS[date.dayOfWeek - 1]!] ?? [];
  const moment = (day: Temporal.PlainDate, time: string): number => {
    const [hour, minute] = time.split(':').map(Number) as [number, number];
    return day.toZonedDateTime({ timeZone: timeZone!, plainTime: { hour, minute } }).epochMilliseconds;
  };
  return (
    spans
      .map((span) => {
        const [from, to] = span.split('-') as [string, string];
        // As texts of one length, times compare like numbers; 24:00 is greater than all of them.
        const tomorrow = to === '24:00' || to < from;
        const end = moment(tomorrow ? date.add({ days: 1 }) : date, to === '24:00' ? '00:00' : to);
        return { start: moment(date, from), end };
      })
      // Where clocks change, a short span can come to nothing.
      .filter(({ start, end }) => start < end)
  );
}

function localDate({ timeZone }: Openable, at: Date): Temporal.PlainDate {
  return Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(timeZone!).toPlainDate();
}

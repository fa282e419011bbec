/** A day of the week, as opening hours name it. */
export type Weekday = 'mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun';

/**
 * When somebody answers: for each day a list of spans such as `08:00-12:30`, in the line's time zone. A span belongs to
 * the day that it begins on, and one that ends earlier than it begins crosses midnight: `22:00-02:00`. `24:00` is the
 * end of the day. A day that is not named is closed.
 */
export interface OpeningHours extends Partial<Record<Weekday, string[]>> {
  /** Days that differ, by date (`2026-12-25`): the spans that begin on that day; an empty list is closed. */
  exceptions?: Record<string, string[]>;
}

/** A call that wants to begin, and what may be open and spent together with it. */
export interface Booking {
  /** The call's name: Call-ID and From tag. */
  call: string;
  /** The line's name, or another name under which calls are counted together. */
  line: string;
  /** The day that pays for it. */
  day: string;
  /** Calls that may be open at the same time, this one included. Undefined: any number. */
  concurrent: number | undefined;
  /** Seconds that the day may cost, this call's reserve included. Undefined: any number. */
  perDay: number | undefined;
  /** Seconds that it takes out of the day until it is settled. */
  reserve: number;
  /** Moment at which nobody believes any more that it is open, in milliseconds since 1970. */
  until: number;
}

/** `repeated`: this very call was booked before. */
export type Booked = 'booked' | 'repeated' | 'busy' | 'overspent';

/**
 * Which calls are open, and what each line has spent today. Every method is atomic, so that of many calls that come at
 * the same moment no more get through than there is room for.
 */
export interface CallLedger {
  book(booking: Booking): Promise<Booked>;
  /** The call is over and took so many seconds, which count instead of what was reserved. Said again, it changes nothing. */
  settle(call: string, seconds: number): Promise<void>;
  /** How many calls a line has open, and what it has spent and reserved on a day, in seconds. */
  standing(line: string, day: string): Promise<{ calls: number; spent: number }>;
}

/**
 * How long a call that nobody reported as ended can still be settled after it stopped counting as open, in milliseconds.
 * Without a report it costs what it had reserved: its gateway died, and what the call cost nobody knows.
 */
export const LATE_REPORT = 86_400_000;

/** A ledger in this process's memory: for one server. It starts no timer. */
export function createMemoryLedger(now: () => number = Date.now): CallLedger {
  const bookings = new Map<string, Booking>();
  /** By line: when the lease of each open call ends. */
  const open = new Map<string, Map<string, number>>();
  /** By day, then line: seconds. */
  const spent = new Map<string, Map<string, number>>();
  let swept = now();

  const sweep = (): void => {
    if (now() - swept < 60_000) return;
    swept = now();
    for (const [call, { until }] of bookings) if (until + LATE_REPORT <= swept) bookings.delete(call);
    for (const line of open.keys()) callsOf(line);
    // Days are written so that their names sort; what is older than any call that could still be settled goes.
    const oldest = new Date(swept - 3 * LATE_REPORT).toISOString().slice(0, 10);
    for (const day of spent.keys()) if (day < oldest) spent.delete(day);
  };

  /** The open calls of a line, without those whose lease is over. */
  const callsOf = (line: string): Map<string, number> => {
    const calls = open.get(line) ?? new Map<string, number>();
    for (const [call, until] of calls) {
      // A Map keeps the order of insertion, and all calls of a line have leases of the same length.
      if (until > now()) break;
      calls.delete(call);
    }
    if (calls.size === 0) open.delete(line);
    return calls;
  };

  const spentBy = (line: string, day: string): number => spent.get(day)?.get(line) ?? 0;
  const charge = (line: string, day: string, seconds: number): void => {
    const lines = spent.get(day) ?? new Map<string, number>();
    spent.set(day, lines.set(line, (lines.get(line) ?? 0) + seconds));
  };

  // No method awaits anything, and that makes each of them atomic.
  return {
    async book(booking) {
      sweep();
      const { call, line, day, concurrent = Infinity, perDay = Infinity, reserve, until } = booking;
      if (bookings.has(call)) return 'repeated';
      const calls = callsOf(line);
      if (calls.size >= concurrent) return 'busy';
      if (spentBy(line, day) + reserve > perDay) return 'overspent';
      bookings.set(call, booking);
      open.set(line, calls.set(call, until));
      charge(line, day, reserve);
      return 'booked';
    },

    async settle(call, seconds) {
      const booking = bookings.get(call);
      if (!booking) return;
      bookings.delete(call);
      callsOf(booking.line).delete(call);
      charge(booking.line, booking.day, Math.ceil(seconds) - booking.reserve);
    },

    async standing(line, day) {
      return { calls: callsOf(line).size, spent: spentBy(line, day) };
    },
  };
}

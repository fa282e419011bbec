import { useFakeTimers, type SinonFakeTimers } from 'sinon';

/** A clock that stands still until it is told to go on, wall clock and monotonic clock alike. */
export function fakeTime(): SinonFakeTimers {
  return useFakeTimers({
    now: Date.parse('2026-11-05T10:00:00Z'),
    toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'],
  });
}

/** Lets everything run that waits for nothing but its turn. */
export async function turn(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve();
}

import type { Lines, OpeningHours, Weekday } from '../src/server/index.js';

/** User part of the desk's SIP address: the page that is called registers as this. */
export const DESK = 'desk';

const DAYS: readonly Weekday[] = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/**
 * What can be called in the demo: a page names `sales`, and only the server knows that this is the desk. The line
 * `after-hours` is closed, so that a button for it can be seen when nobody is there.
 */
export function demoLines(domain: string): Lines {
  const desk = {
    callee: `sip:${DESK}@${domain}`,
    callerId: `sip:website-visitor@${domain}`,
    maxDuration: 1800,
  };
  return {
    sales: desk,
    'after-hours': { ...desk, hours: tomorrowMorning(new Date()), timeZone: 'UTC' },
  };
}

/** Closed for the rest of the day, whenever that is. */
function tomorrowMorning(now: Date): OpeningHours {
  return { [DAYS[(now.getUTCDay() + 1) % 7]!]: ['08:00-17:00'] };
}

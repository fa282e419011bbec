import type { Lines } from '../src/server/index.js';

/** User part of the desk's SIP address: the page that is called registers as this. */
export const DESK = 'desk';

/** What can be called in the demo: a page names `sales`, and only the server knows that this is the desk. */
export function demoLines(domain: string): Lines {
  return {
    sales: {
      callee: `sip:${DESK}@${domain}`,
      callerId: `sip:website-visitor@${domain}`,
      maxDuration: 1800,
    },
  };
}

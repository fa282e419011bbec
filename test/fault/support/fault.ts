import { describe, it } from 'node:test';
import type { BrowserName } from '../../support/browsers.js';
import { TOLD, type Met, type Told } from './told.js';

export interface FaultOptions {
  /** Default: both. A browser that lacks what the fault takes is left out, with the reason beside it. */
  browsers?: readonly BrowserName[];
  /** It is among those few that every run of the tests makes, or in these browsers. Default: only the whole matrix holds it. */
  quick?: boolean | readonly BrowserName[];
  /** In milliseconds: what takes longer hangs. Default: two minutes. */
  limitMs?: number;
}

/** Makes a fault, and tells what became of the call. It throws where anything was stuck, lost or left open. */
export type Make = (browser: BrowserName) => Promise<Met>;

const BROWSERS: readonly BrowserName[] = ['chromium', 'firefox'];
const LIMIT_MS = 120_000;

/** The whole matrix is wanted, not its quick part. */
const WHOLE = process.env['FAULTS'] !== 'quick';

/** A group of faults of one kind; each is made for each browser. */
export function faults(
  group: string,
  define: (fault: (name: string, make: Make, options?: FaultOptions) => void) => void,
) {
  const rows: [name: string, make: Make, options: FaultOptions][] = [];
  define((name, make, options = {}) => {
    if (WHOLE || options.quick) rows.push([name, make, options]);
  });
  if (rows.length === 0) return;
  describe(group, () => {
    for (const [name, make, { browsers = BROWSERS, limitMs = LIMIT_MS, quick = false }] of rows) {
      for (const browser of browsers) {
        if (!WHOLE && typeof quick === 'object' && !quick.includes(browser)) continue;
        it(`${name}, in ${browser}`, { timeout: limitMs }, async (context) => {
          const met = await make(browser);
          context.diagnostic(TOLD + JSON.stringify({ group, fault: name, browser, ...met } satisfies Told));
        });
      }
    }
  });
}

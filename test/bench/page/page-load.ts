import type { Browser } from 'puppeteer-core';
import { settle, visit } from './chromium.js';
import type { Site } from './site.js';
import type { Subject } from './subjects.js';

export interface PageLoad {
  /** Files that the page loads from its own site, and their bytes of body as gzip; the document itself is not in them. */
  requests: number;
  bytes: number;
  /** Requests to other hosts; nothing of them arrives here. */
  elsewhere: number;
  /** Cumulative layout shift, as the browser tells it. */
  shift: number;
  /** Tasks of the page's thread of more than 50 ms, and the longest in milliseconds (0 where there is none). */
  longTasks: number;
  longest: number;
}

/** A page paints before its script is there; on loopback it would not. In milliseconds. */
const SCRIPT_DELAY = 300;

/** What the page tells; the observers are there before anything else. */
function observe(): void {
  const seen = { shift: 0, longTasks: 0, longest: 0 };
  Object.assign(globalThis, { seen });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as (PerformanceEntry & { value: number })[]) seen.shift += entry.value;
  }).observe({ type: 'layout-shift', buffered: true });
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) {
      seen.longTasks += 1;
      seen.longest = Math.max(seen.longest, duration);
    }
  }).observe({ type: 'longtask', buffered: true });
}

/** Loads a page as a visitor with a processor so many times slower does. */
export async function measureLoad(
  browser: Browser,
  site: Site,
  subject: Subject,
  buttons: number,
  slowdown: number,
): Promise<PageLoad> {
  return await visit(browser, site.url, async (page) => {
    const asked: string[] = [];
    page.on('request', (request) => {
      if (request.resourceType() !== 'document' && !request.url().startsWith('data:')) asked.push(request.url());
    });
    await page.evaluateOnNewDocument(observe);
    site.holdFiles(async () => {
      await new Promise((resolve) => setTimeout(resolve, SCRIPT_DELAY));
      await page.emulateCPUThrottling(slowdown);
    });
    await page.goto(site.page(subject, buttons), { waitUntil: 'load' });
    await settle(page, 1_500);
    const seen = await page.evaluate(
      () => (globalThis as unknown as { seen: Pick<PageLoad, 'shift' | 'longTasks' | 'longest'> }).seen,
    );
    const own = asked.filter((url) => url.startsWith(`${site.url}/`));
    return {
      requests: own.length,
      bytes: own.reduce((sum, url) => sum + (site.sent.get(new URL(url).pathname) ?? 0), 0),
      elsewhere: asked.length - own.length,
      ...seen,
    };
  });
}

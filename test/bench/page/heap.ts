import type { Browser } from 'puppeteer-core';
import { settle, visit } from './chromium.js';
import type { Site } from './site.js';
import type { Subject } from './subjects.js';

export interface Heap {
  /** Bytes of V8's heap, after a forced collection. */
  script: number;
  /** Bytes of the page's nodes, styles and listeners in Blink's heap, after the same. */
  nodes: number;
}

/** What a page holds when it has loaded and rests. */
export async function measureHeap(browser: Browser, site: Site, subject: Subject, buttons: number): Promise<Heap> {
  return await visit(browser, site.url, async (page, session) => {
    await page.goto(site.page(subject, buttons), { waitUntil: 'load' });
    await settle(page, 500);
    await session.send('HeapProfiler.enable');
    // The first frees what the second one's weak references and finalizers need to see gone.
    for (let time = 0; time < 3; time++) await session.send('HeapProfiler.collectGarbage');
    const usage = (await session.send('Runtime.getHeapUsage')) as { usedSize: number; embedderHeapUsedSize?: number };
    return { script: usage.usedSize, nodes: usage.embedderHeapUsedSize ?? 0 };
  });
}

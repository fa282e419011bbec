import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'puppeteer-core';
import { startDemo, type Demo } from '../../demo/site.js';
import { openDesk } from '../support/desk-page.js';
import { startSite, type Site } from '../support/site.js';
import { eventually, launch, Visitor } from '../support/visitor.js';

interface Shift {
  value: number;
  /** What moved, from where to where; a node in a shadow root has no name here. */
  moved: string[];
}

declare global {
  interface Window {
    shifts: Shift[];
  }
}

/** Runs in the page before its scripts. Shifts just after an input count too: nothing may jump under a finger. */
function watchShifts(): void {
  window.shifts = [];
  type Source = { node: Node | null; previousRect: DOMRect; currentRect: DOMRect };
  const at = ({ x, y, width, height }: DOMRect) => `${width} x ${height} at ${x}, ${y}`;
  type LayoutShift = PerformanceEntry & { value: number; sources: Source[] };
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as LayoutShift[]) {
      const moved = entry.sources.map(
        ({ node, previousRect, currentRect }) =>
          `${node?.textContent?.trim().slice(0, 40)}: ${at(previousRect)}, then ${at(currentRect)}`,
      );
      window.shifts.push({ value: entry.value, moved });
    }
  }).observe({ type: 'layout-shift', buffered: true });
}

describe('nothing on the page moves, from its load through a whole call, in Chromium', () => {
  let site: Site;
  let demo: Demo;
  let browser: Browser;

  before(async () => {
    site = await startSite();
    demo = await startDemo({ port: 0 });
    browser = await launch('chromium');
    await openDesk(browser, site.url);
  });

  after(async () => {
    await browser?.close();
    await demo?.stop();
    await site?.stop();
  });

  const watching = async (page: Page) => void (await page.evaluateOnNewDocument(watchShifts));

  /** A call from the click to the panel put away, and all that has moved since the page was asked for. */
  async function movedInCall(visitor: Visitor): Promise<Shift[]> {
    await visitor.press('button');
    await visitor.comesTo('active');
    await visitor.press('mute');
    await visitor.press('hangup');
    await visitor.comesTo('ended');
    await visitor.page.keyboard.press('Escape');
    // Entries are handed over with the next frames.
    await visitor.page.evaluate(
      () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
    );
    return visitor.page.evaluate(() => window.shifts);
  }

  for (const [what, late] of [
    ['on a page where the script is there at once', false],
    ['on a page where it comes late', true],
  ] as const) {
    it(what, async () => {
      const visitor = await Visitor.open(browser, `${site.url}/pages/snippet.html`, async (page) => {
        await watching(page);
        if (!late) return;
        // Nothing is faked but the delay: the page is painted with the snippet alone, then with the button.
        await page.setRequestInterception(true);
        page.on('request', (request) => {
          const slow = request.url().endsWith('/sautikit-call-button.js');
          setTimeout(() => void request.continue(), slow ? 1500 : 0);
        });
      });
      assert.deepEqual(await movedInCall(visitor), []);
      await visitor.page.close();
    });
  }

  it('on the front page of the demo', async () => {
    const visitor = await Visitor.open(browser, demo.url, watching);
    assert.deepEqual(await movedInCall(visitor), []);
    await visitor.page.close();
  });

  it('and a page that does move is noticed', async () => {
    const visitor = await Visitor.open(browser, `${site.url}/pages/snippet.html`, watching);
    await visitor.page.evaluate(() =>
      document.body.prepend(Object.assign(document.createElement('p'), { textContent: 'A banner' })),
    );
    await eventually('a shift is seen', () => visitor.page.evaluate(() => window.shifts.length > 0));
    await visitor.page.close();
  });
});

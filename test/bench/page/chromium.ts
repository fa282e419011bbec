import puppeteer, { type Browser, type CDPSession, type Page } from 'puppeteer-core';
import { chromiumPath } from '../../support/browsers.js';

/** Chromium's own pages and its second thread for parsing would be in the figures of some and not of others. */
const OFF = [
  // Parses longer scripts on another thread, where it is neither measured nor throttled.
  'ScriptStreaming',
  // Pages of Lit elements in the browser's own frame, loaded with each window.
  'WebUIOmniboxPopup',
  'WebUIOmniboxAimPopup',
  'WebUIOmniboxFullPopup',
  'WebUIOmniboxPopupPreload',
];

/** Real Chromium that reaches nothing but this machine. */
export const startChromium = (): Promise<Browser> =>
  puppeteer.launch({
    executablePath: chromiumPath()!,
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
      `--disable-features=${OFF.join()}`,
    ],
  });

/**
 * A visitor who was never here: a profile of its own, which also means a renderer of its own, so that nothing is compiled,
 * cached or warm that another visit left.
 */
export async function visit<T>(
  browser: Browser,
  url: string,
  run: (page: Page, session: CDPSession) => Promise<T>,
): Promise<T> {
  const context = await browser.createBrowserContext();
  try {
    const page = await context.newPage();
    const session = await page.createCDPSession();
    // The renderer of this origin is there before anything is measured.
    await page.goto(new URL('/blank', url).href);
    return await run(page, session);
  } finally {
    await context.close();
  }
}

/** Until the page has loaded and drawn what its scripts have made. */
export async function settle(page: Page, milliseconds: number): Promise<void> {
  await page.evaluate(
    (time) => new Promise((resolve) => setTimeout(() => requestAnimationFrame(() => resolve(undefined)), time)),
    milliseconds,
  );
}

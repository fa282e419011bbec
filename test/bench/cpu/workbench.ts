import { setTimeout } from 'node:timers/promises';
import puppeteer, { type Browser, type Page } from 'puppeteer-core';
import { startStack, type Stack } from '../../../demo/stack/stack.js';
import { launchOptions } from '../../support/browsers.js';

/** The gateway's limits are for one address that runs wild; here one address makes all the calls. */
const UNLIMITED = {
  HANDSHAKES_A_MINUTE: 0,
  REGISTERS_A_MINUTE: 0,
  INVITES_A_MINUTE: 0,
  MESSAGES_IN_10_S: 1_000_000,
};

/** With these, which the driver sets by itself, a page that is hidden would cost as much as one that is seen. */
const NO_THROTTLING = [
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
];

export interface Workbench {
  stack: Stack;
  browser: Browser;
  stop(): Promise<void>;
}

/** The real stack without limits, and a Chromium that treats a hidden page as it does everywhere. */
export async function startWorkbench(signal: AbortSignal): Promise<Workbench> {
  const stack = await startStack({ settings: UNLIMITED, signal });
  let browser: Browser | undefined;
  const stop = async (): Promise<void> => {
    await browser?.close().catch(() => undefined);
    await stack.stop();
  };
  try {
    browser = await puppeteer.launch({
      ...launchOptions('chromium'),
      ignoreDefaultArgs: NO_THROTTLING,
      // Whoever interrupts this program has the stack ended, too; the driver would leave at once.
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
    });
    return { stack, browser, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A page in front of the others. @param prepare before any of its scripts */
export async function openPage(
  browser: Browser,
  url: string,
  prepare?: (page: Page) => Promise<unknown>,
): Promise<Page> {
  const page = await browser.newPage();
  await page.setViewport({ width: 800, height: 700 });
  page.on('pageerror', (error) => console.error(`page: ${String(error)}`));
  // The TypeScript runner wraps named functions in a helper that a page does not have.
  await page.evaluateOnNewDocument('globalThis.__name ??= (value) => value');
  await prepare?.(page);
  await page.goto(url);
  return page;
}

export const sleep = (ms: number, signal?: AbortSignal): Promise<void> => setTimeout(ms, undefined, { signal });

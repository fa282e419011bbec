import type { Browser, Page } from 'puppeteer-core';
import type { OutgoingCall } from '../../../src/client.js';
import { eventually } from '../../support/visitor.js';

declare global {
  interface Window {
    lentCall: OutgoingCall;
  }
}

/** Opens the page that speaks a tone instead of a microphone, and calls. */
export async function callWithoutMicrophone(
  browser: Browser,
  site: string,
  prepare: (page: Page) => Promise<void>,
): Promise<{ page: Page; hears(): Promise<unknown>; hangUp(): Promise<void> }> {
  const page = await browser.newPage();
  await prepare(page);
  await page.goto(new URL('pages/lent-stream.html', site).href);
  await page.click('button');
  await eventually('the call is active', () => page.evaluate(() => window.lentCall?.state === 'active'));
  const heard = () =>
    page.evaluate(async () => {
      let energy = 0;
      (await window.lentCall.connection?.getStats())?.forEach((report: { type: string; totalAudioEnergy?: number }) => {
        if (report.type === 'inbound-rtp') energy += report.totalAudioEnergy ?? 0;
      });
      return energy > 0;
    });
  return {
    page,
    hears: () => eventually('the caller hears the phone', heard),
    hangUp: () => page.evaluate(() => window.lentCall.hangup()),
  };
}

import type { Browser, Page } from 'puppeteer-core';
import type { IncomingCall } from '../../src/client.js';
import { eventually } from './visitor.js';

declare global {
  interface Window {
    /** The last call that the desk was offered. */
    deskCall: IncomingCall;
  }
}

/** Opens the desk that is called, and waits until it is registered. @param query how it answers; see `pages/desk.html` */
export async function openDesk(browser: Browser, site: string, query = ''): Promise<Page> {
  const desk = await browser.newPage();
  await desk.goto(new URL(`pages/desk.html${query}`, site).href);
  await eventually('the desk is registered', async () => (await desk.title()) === 'connected');
  return desk;
}

/** Energy that arrives at the desk within a second or so. */
export async function deskEnergy(desk: Page): Promise<number> {
  const total = () =>
    desk.evaluate(async () => {
      let energy = 0;
      (await window.deskCall.connection?.getStats())?.forEach((report: { type: string; totalAudioEnergy?: number }) => {
        if (report.type === 'inbound-rtp') energy += report.totalAudioEnergy ?? 0;
      });
      return energy;
    });
  const before = await total();
  await new Promise((resolve) => setTimeout(resolve, 1200));
  return (await total()) - before;
}

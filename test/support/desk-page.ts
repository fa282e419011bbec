import type { Browser, Page } from 'puppeteer-core';
import { eventually } from './visitor.js';

/** Opens the desk that is called, and waits until it is registered. @param query how it answers; see `pages/desk.html` */
export async function openDesk(browser: Browser, site: string, query = ''): Promise<Page> {
  const desk = await browser.newPage();
  await desk.goto(new URL(`pages/desk.html${query}`, site).href);
  await eventually('the desk is registered', async () => (await desk.title()) === 'connected');
  return desk;
}

import { after, before } from 'node:test';
import type { Browser } from 'puppeteer-core';
import { openDesk } from '../../support/desk-page.js';
import { launch } from '../../support/visitor.js';
import { startHouse, type House } from './house.js';

/** A house and a Chromium before it; there while the tests of a group run. */
export interface HouseInUse {
  house: House;
  browser: Browser;
}

/** @param desk how the desk that is called answers, see `pages/desk.html`; nobody is called without */
export function useHouse(desk?: string): HouseInUse {
  const use = {} as HouseInUse;
  before(async () => {
    use.house = await startHouse();
    use.browser = await launch('chromium');
    if (desk !== undefined) await openDesk(use.browser, use.house.origin, desk);
  });
  after(async () => {
    await use.browser?.close();
    await use.house?.stop();
  });
  return use;
}

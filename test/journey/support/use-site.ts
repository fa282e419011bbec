import { after, before } from 'node:test';
import type { Browser, Page } from 'puppeteer-core';
import type { BrowserName } from '../../support/browsers.js';
import { openDesk } from '../../support/desk-page.js';
import { startSite, type Site } from '../../support/site.js';
import { launch } from '../../support/visitor.js';

/** The built files behind the embedded gateway, a browser before them, and the desk that is called; there while the tests of a group run. */
export interface SiteInUse {
  site: Site;
  browser: Browser;
  desk: Page;
}

export function useSite(name: BrowserName): SiteInUse {
  const use = {} as SiteInUse;
  before(async () => {
    use.site = await startSite();
    use.browser = await launch(name);
    use.desk = await openDesk(use.browser, use.site.url);
  });
  after(async () => {
    await use.browser?.close();
    await use.site?.stop();
  });
  return use;
}

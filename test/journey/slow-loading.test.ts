import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser, HTTPRequest } from 'puppeteer-core';
import { startSite, type Site } from '../support/site.js';
import { eventually, launch, Visitor } from '../support/visitor.js';

for (const name of ['chromium', 'firefox'] as const) {
  describe(`a page whose files come late or not at all, in ${name}`, () => {
    let site: Site;
    let browser: Browser;

    before(async () => {
      site = await startSite();
      browser = await launch(name);
    });

    after(async () => {
      await browser?.close();
      await site?.stop();
    });

    it('does not lose a click on the button from before its script had come', async () => {
      const page = await browser.newPage();
      await page.setRequestInterception(true);
      let held: HTTPRequest | undefined;
      page.on('request', (request) => {
        if (request.url().endsWith('/sautikit-call-button.js')) held = request;
        else void request.continue();
      });
      const loaded = page.goto(`${site.url}/pages/visitor.html`);
      await eventually('the script is asked for', async () => held !== undefined);
      const button = await eventually(
        'the button stands there',
        async () => (await page.$('sautikit-call-button')) ?? false,
      );
      await button.click();
      await page.evaluate(() => {
        document.addEventListener('sautikit-before-call', (event) => {
          event.preventDefault();
          document.title = 'called';
        });
      });
      await held!.continue();
      await loaded;
      await eventually('the click became a call', async () => (await page.title()) === 'called');
      await page.close();
    });

    it('fails with words where the engine does not load, and loads it with the next click', async () => {
      let broken = true;
      const visitor = await Visitor.open(browser, `${site.url}/pages/visitor.html`, async (page) => {
        await page.setRequestInterception(true);
        page.on('request', (request) => {
          if (broken && request.url().includes('engine')) void request.respond({ status: 503, body: '' });
          else void request.continue();
        });
      });
      await visitor.press('button');
      assert.equal((await visitor.ended())['code'], 'engine-load-failed');
      assert.equal(await visitor.state(), 'failed');
      const alert = await visitor.page.$eval(
        'sautikit-call-button',
        (element) => element.shadowRoot!.querySelector('[role=alert]')!.textContent,
      );
      assert.match(alert ?? '', /try again/);

      broken = false;
      await visitor.press('button');
      // Nobody sits at the desk here, so the engine's first word is that nobody answered.
      const second = await eventually('the second call has ended', async () =>
        (await visitor.events()).filter(({ name }) => name === 'call-ended').at(1),
      );
      assert.equal(second.detail['code'], 'no-answer');
      await visitor.page.close();
    });
  });
}

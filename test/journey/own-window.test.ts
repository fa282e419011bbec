import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'puppeteer-core';
import { eventually, Visitor } from '../support/visitor.js';
import { useSite } from './support/use-site.js';

/** A visitor whom the browser asks for the microphone, and who does not answer: time to think of another window. */
async function undecided(page: Page): Promise<void> {
  await page.evaluateOnNewDocument(() => {
    navigator.mediaDevices.getUserMedia = () => new Promise<never>(() => {});
  });
}

for (const name of ['chromium', 'firefox'] as const) {
  describe(`a call in a window of its own, in ${name}`, () => {
    const use = useSite(name);

    /** Presses the button, and what is offered while the browser asks for the microphone. */
    async function moveOut(path: string): Promise<{ visitor: Visitor; popup: Page; state(): Promise<string> }> {
      const visitor = await Visitor.open(use.browser, use.site.url + path, undecided);
      await visitor.press('button');
      const opened = new Promise<Page | null>((resolve) => visitor.page.once('popup', resolve));
      const offer = 'sautikit-call-button >>> .own-window';
      await (await eventually('the window is offered', async () => (await visitor.page.$(offer)) ?? false)).click();
      const popup = (await opened)!;
      const state = () => popup.$eval('sautikit-call-button', (element) => element.callState);
      await eventually('the call is active in its own window', async () => (await state()) === 'active');
      return { visitor, popup, state };
    }

    it('begins there by itself, goes on when the page is left, and ends with its window', async () => {
      const { visitor, popup, state } = await moveOut('/pages/visitor.html');
      const errors: string[] = [];
      popup.on('pageerror', (error) => errors.push(String(error)));

      assert.equal(await popup.title(), 'Call us');
      assert.equal(await popup.evaluate(() => window.opener), null);
      assert.equal(await popup.$eval('sautikit-call-button', (element) => element.line), 'sales');
      await eventually(
        'the page has no call any more',
        async () => !['preparing', 'ending'].includes(await visitor.state()),
      );

      await visitor.page.goto(`${use.site.url}/pages/blank.html`);
      const heard = () =>
        use.desk.evaluate(async () => {
          let energy = 0;
          (await window.deskCall.connection?.getStats())?.forEach(
            (report: { type: string; totalAudioEnergy?: number }) => {
              if (report.type === 'inbound-rtp') energy += report.totalAudioEnergy ?? 0;
            },
          );
          return energy;
        });
      const before = await heard();
      await eventually('the desk goes on hearing the visitor', async () => (await heard()) > before + 0.0001);
      assert.equal(await state(), 'active');
      assert.deepEqual(errors, []);

      popup.on('dialog', (dialog) => void dialog.accept());
      await popup.close({ runBeforeUnload: true });
      await eventually('the desk heard of it', () => use.desk.evaluate(() => !window.deskCall.live));
      await visitor.page.close();
    });

    it('opens also where the page allows little: nonces, Trusted Types, no base address', async () => {
      const { visitor, popup } = await moveOut('/pages/strict.html');
      const seen = await popup.evaluate(() => ({
        title: document.title,
        lang: document.documentElement.lang,
        text: getComputedStyle(document.body).color,
        links: [...document.links].map(({ href }) => new URL(href).pathname),
      }));
      const text = await visitor.page.evaluate(() => getComputedStyle(document.body).color);
      assert.deepEqual(seen, {
        title: 'Appelez-nous',
        lang: 'fr',
        text,
        links: ['/pages/blank.html'],
      });
      await popup.close();
      await visitor.page.close();
    });
  });
}

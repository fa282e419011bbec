import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser } from 'puppeteer-core';
import { messages } from '../../src/i18n/locales/en.js';
import { openDesk } from '../support/desk-page.js';
import { startSite, type Site } from '../support/site.js';
import { eventually, launch, Visitor } from '../support/visitor.js';

declare global {
  interface Window {
    /** Role of a live region and what it came to say, or `focus` and the heading that came to have it; in order. */
    said: string[];
  }
}

/** Runs in the page before its scripts: writes down every text that a live region takes on, and every heading that is read. */
function listen(): void {
  window.said = [];
  void customElements.whenDefined('sautikit-call-button').then(async () => {
    const element = document.querySelector('sautikit-call-button')!;
    await element.updateComplete;
    element.shadowRoot!.addEventListener('focusin', ({ target }) => {
      const heading = target as HTMLElement;
      if (heading.localName === 'h2') window.said.push(`focus: ${heading.textContent?.trim()}`);
    });
    for (const role of ['status', 'alert']) {
      const region = element.shadowRoot!.querySelector(`[role=${role}]`)!;
      window.said.push(`${role}: ${region.textContent}`);
      const observer = new MutationObserver(() => {
        const text = region.textContent?.trim();
        if (text) window.said.push(`${role}: ${text}`);
      });
      observer.observe(region, { childList: true, characterData: true, subtree: true });
    }
  });
}

/** What stands in both regions before anything has happened. */
const EMPTY = ['status: ', 'alert: '];
const politely = (...texts: string[]) => texts.map((text) => `status: ${text}`);

describe('what a screen reader is told', () => {
  for (const name of ['chromium', 'firefox'] as const) {
    describe(`of calls through the embedded gateway, in ${name}`, () => {
      let site: Site;
      let browser: Browser;

      before(async () => {
        site = await startSite();
        browser = await launch(name);
        // Time enough to ring.
        await openDesk(browser, site.url, '?answer-after=300');
      });

      after(async () => {
        await browser?.close();
        await site?.stop();
      });

      const open = () =>
        Visitor.open(browser, `${site.url}/pages/visitor.html`, async (page) => {
          await page.evaluateOnNewDocument(listen);
        });
      const said = (visitor: Visitor) => visitor.page.evaluate(() => window.said);
      const focus = (visitor: Visitor) =>
        visitor.page.evaluate(() => {
          const inside = document.activeElement?.shadowRoot?.activeElement;
          return `${inside?.localName ?? document.activeElement?.localName} ${inside?.getAttribute('part')}`;
        });
      const focusComesTo = (visitor: Visitor, wanted: string) =>
        eventually(`the focus is on ${wanted}`, async () => (await focus(visitor)).startsWith(wanted));

      it('every step once, politely, and never the timer', async () => {
        const visitor = await open();
        await visitor.press('button');
        await focusComesTo(visitor, 'h2');
        await visitor.comesTo('active');
        await eventually('two seconds have passed on the timer', async () => {
          const timer = await (await visitor.part('timer')).evaluate((part) => part.textContent);
          return timer !== null && timer >= '0:02';
        });
        await visitor.press('mute');
        await visitor.press('mute');
        await visitor.press('hangup');
        await visitor.ended();
        await focusComesTo(visitor, 'h2');
        await visitor.page.keyboard.press('Escape');
        await focusComesTo(visitor, 'button');
        const heard = await said(visitor);
        // What the focus reads as the panel opens, on the way to the first ringing, is not said as well.
        const read = heard.find((text) => text.startsWith('focus: '))?.slice('focus: '.length) ?? '';
        const { preparing, dialing, ringing, active, muted, unmuted, ending, ended } = messages;
        assert.ok([preparing, dialing].includes(read), read);
        assert.deepEqual(
          heard.filter((text) => !text.startsWith('focus: ')),
          [
            ...EMPTY,
            ...politely(...(read === preparing ? [dialing] : []), ringing, active, muted, unmuted, ending, ended),
          ],
        );
        await visitor.page.close();
      });

      it('once, that the time of the call is running out', async () => {
        const visitor = await open();
        await visitor.page.$eval('sautikit-call-button', (element) => {
          element.tokenProvider = async () => {
            const answer = await fetch('/api/sip-token', { method: 'POST', body: '{"line":"sales"}' });
            return { ...(await answer.json()), max_duration: 61 };
          };
        });
        await visitor.press('button');
        await visitor.comesTo('active');
        const left = () => said(visitor).then((texts) => texts.filter((text) => text.includes('seconds left')));
        await eventually('it is said', async () => (await left()).length > 0);
        const timer = await visitor.part('timer');
        const since = await timer.evaluate((part) => part.textContent);
        await eventually('a second passes', () => timer.evaluate((part, text) => part.textContent !== text, since));
        assert.equal((await left()).length, 1);
        await visitor.press('hangup');
        await visitor.ended();
        await visitor.page.close();
      });

      it('a failure at once', async () => {
        const visitor = await open();
        await visitor.page.$eval('sautikit-call-button', (element) => element.setAttribute('line', 'nobody'));
        await visitor.press('button');
        await visitor.ended();
        const heard = await said(visitor);
        assert.deepEqual(
          heard.filter((text) => text.startsWith('alert')),
          [EMPTY[1], `alert: ${messages.noAnswer}`],
        );
        assert.equal(heard.at(-1), `alert: ${messages.noAnswer}`);
        await visitor.page.close();
      });

      it('of a call that a script began, without taking the focus from a field', async () => {
        const visitor = await open();
        await visitor.page.evaluate(() => document.body.appendChild(document.createElement('input')).focus());
        await visitor.page.$eval('sautikit-call-button', (element) => void element.call());
        await visitor.comesTo('active');
        assert.equal(await focus(visitor), 'input undefined');
        await visitor.page.$eval('sautikit-call-button', (element) => element.hangup());
        assert.equal(await focus(visitor), 'input undefined');
        await visitor.page.close();
      });
    });
  }
});

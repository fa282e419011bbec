import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser } from 'puppeteer-core';
import { FACES, type FaceName } from '../../demo/pages/faces.js';
import { startDemo, type Demo } from '../../demo/site.js';
import { LANGUAGES } from '../../src/i18n/language.js';
import { messages } from '../../src/i18n/locales/en.js';
import { launch } from '../support/visitor.js';
import { FacesPage, type Look } from './support/faces-page.js';
import { coveredFocus, cutOff, leftOpen, paleParts, smallTargets, withoutBorder } from './support/page-audit.js';

const NAMES = Object.keys(FACES) as FaceName[];
const ENGLISH: Look = { language: 'en', direction: 'ltr', theme: 'light' };
const LOOKS: readonly Look[] = [
  ENGLISH,
  { ...ENGLISH, theme: 'dark' },
  { language: 'ar', direction: 'rtl', theme: 'light' },
];

/** The least size of a target in CSS pixels (WCAG 2.5.8), and the least contrast of what is no text (WCAG 1.4.11). */
const TARGET = 24;
const CONTRAST = 3;

/** The distances that a reader may set (WCAG 1.4.12), for the page and for the shadow root. */
const SPACING = `* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
  p { margin-block-end: 2em !important; }`;

describe('every face fits, in Chromium', () => {
  let demo: Demo;
  let browser: Browser;

  before(async () => {
    demo = await startDemo({ port: 0 });
    browser = await launch('chromium');
  });

  after(async () => {
    await browser?.close();
    await demo?.stop();
  });

  /** Shows every face in these looks, and gathers what is found, by face. */
  async function all(page: FacesPage, looks: readonly Look[], look: () => Promise<string[]>): Promise<string[]> {
    const found: string[] = [];
    for (const at of looks) {
      for (const name of NAMES) {
        await page.show(name, at);
        for (const what of await look()) found.push(`${name}, ${at.language} ${at.theme}: ${what}`);
      }
    }
    return found;
  }

  for (const language of LANGUAGES) {
    it(`in a window of 320 pixels, with no word left open: ${language}`, async () => {
      const page = await FacesPage.open(browser, demo.url, 320, 640);
      // In English "offline" is a word; a key of two words is one in no language.
      const keys = Object.keys(messages).filter((key) => /[A-Z]/.test(key));
      const look: Look = { ...ENGLISH, language, direction: language === 'ar' ? 'rtl' : 'ltr' };
      const found = await all(page, [look], async () => [
        ...(await page.page.evaluate(cutOff)),
        ...(await page.page.evaluate(leftOpen, keys)),
      ]);
      await page.page.close();
      assert.deepEqual(found, []);
    });
  }

  it('with the distances in a text that a reader may set', async () => {
    const found: string[] = [];
    for (const width of [320, 1024]) {
      const page = await FacesPage.open(browser, demo.url, width, 640);
      await page.style(SPACING);
      const looks = [{ ...ENGLISH, language: 'de' }, LOOKS[2]!];
      found.push(...(await all(page, looks, () => page.page.evaluate(cutOff))).map((what) => `${width} px: ${what}`));
      await page.page.close();
    }
    assert.deepEqual(found, []);
  });

  it('at 200 and at 400 percent of zoom, and with text of twice the size', async () => {
    const found: string[] = [];
    // A window of 1280 x 1024 at that zoom has so many CSS pixels.
    for (const [width, height, style] of [
      [640, 512, ''],
      [320, 256, ''],
      [1280, 1024, 'html { font-size: 200%; }'],
    ] as const) {
      const page = await FacesPage.open(browser, demo.url, width, height);
      await page.style(style);
      const found2 = await all(page, [ENGLISH], () => page.page.evaluate(cutOff));
      found.push(...found2.map((what) => `${width} x ${height} ${style}: ${what}`));
      await page.page.close();
    }
    assert.deepEqual(found, []);
  });

  it('with targets that a finger finds, and parts that an eye finds', async () => {
    const page = await FacesPage.open(browser, demo.url);
    // With a key pressed first, the focus is one of the keyboard.
    await page.page.keyboard.press('Tab');
    const found = await all(page, LOOKS, async () => [
      ...(await page.page.evaluate(smallTargets, TARGET)),
      ...(await page.page.evaluate(paleParts, CONTRAST)),
    ]);
    await page.page.close();
    assert.deepEqual(found, []);
  });

  it('with what has the focus in sight, also in a window as low as that of 400 percent', async () => {
    const page = await FacesPage.open(browser, demo.url, 320, 256);
    const found = await all(page, [ENGLISH], () => page.page.evaluate(coveredFocus));
    await page.page.close();
    assert.deepEqual(found, []);
  });

  it('in a forced palette, with a line around whatever can be pressed', async () => {
    const page = await FacesPage.open(browser, demo.url);
    await page.forceColors();
    const found = await all(page, [ENGLISH], () => page.page.evaluate(withoutBorder));
    await page.page.close();
    assert.deepEqual(found, []);
  });

  it('and none is printed, however wide its button is', async () => {
    const { page } = await FacesPage.open(browser, demo.url);
    const display = () =>
      page.$eval('sautikit-call-button', (element) => {
        element.toggleAttribute('full-width', true);
        return getComputedStyle(element).display;
      });
    assert.equal(await display(), 'flex');
    await page.emulateMediaType('print');
    assert.equal(await display(), 'none');
    await page.close();
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Frame, Page } from 'puppeteer-core';
import { parse } from 'yaml';
import { eventually } from '../support/visitor.js';
import { snippetFor } from './support/documents.js';
import type { ServedPage } from './support/house.js';
import {
  drupal,
  drupalFilter,
  framed,
  joomla,
  joomlaFilter,
  shopify,
  shopifyRichText,
  squarespace,
  strict,
  tagManager,
  webflow,
  wix,
  wixFrame,
} from './support/systems.js';
import { useHouse } from './support/use-house.js';

const PAGE = 'docs/embeds.md';

describe('embeds, each in a page that does what its system does', () => {
  const use = useHouse('');
  /** A piece of the document, with the addresses of this house. */
  const piece = (purpose: string) => use.house.housed(snippetFor(PAGE, purpose).code);

  async function open(shown: ServedPage): Promise<{ page: Page; errors: string[] }> {
    const page = await use.browser.newPage();
    const errors: string[] = [];
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
    page.on('pageerror', (error) => errors.push(String(error)));
    await page.goto(use.house.show(shown));
    return { page, errors };
  }

  const stateIn = (place: Page | Frame) => place.$eval('sautikit-call-button', ({ callState }) => callState);

  /** The button is there, nothing of a call is until it is pressed, and then the desk answers. */
  async function calls(shown: ServedPage, find = (page: Page): Promise<Page | Frame> => Promise.resolve(page)) {
    const { page, errors } = await open(shown);
    const place = await find(page);
    await place.waitForSelector('sautikit-call-button:defined');
    assert.equal(await stateIn(place), 'idle');
    const buttons = await place.$$('sautikit-call-button');
    assert.equal(buttons.length, 1);
    await (await place.waitForSelector('sautikit-call-button >>> [part~="button"]'))!.click();
    await eventually('the desk has answered', async () => (await stateIn(place)) === 'active');
    await place.$eval('sautikit-call-button', (button) => button.hangup());
    assert.deepEqual(errors, []);
    await page.close();
  }

  it('Webflow: a Code Embed', () => calls(webflow(piece('webflow'))));

  it('Wix: custom code at the end of the body, with requests that cannot be replaced', () => calls(wix(piece('wix'))));

  it('Wix: a frame has no microphone, so a link leads out of it', async () => {
    use.house.own('/in-a-frame.html', webflow(piece('webflow')));
    const { page } = await open(wixFrame(`${use.house.origin}/in-a-frame.html`));
    const frame = await frameOf(page);
    await frame.waitForSelector('sautikit-call-button:defined');
    await (await frame.waitForSelector('sautikit-call-button >>> [part~="button"]'))!.click();
    const code = await frame.$eval('sautikit-call-button', async (button) => (await button.call()).code);
    assert.equal(code, 'mic-blocked');

    use.house.own('/with-a-link.html', framed(piece('wix-frame')));
    const { page: second } = await open(wixFrame(`${use.house.origin}/with-a-link.html`));
    const opened = new Promise<Page | null>((resolve) => second.once('popup', resolve));
    await (await (await frameOf(second)).waitForSelector('a'))!.click();
    const popup = await opened;
    await eventually('the page is there', async () => popup?.url() === `${use.house.origin}/call.html#line=sales`);
    await popup!.waitForSelector('sautikit-call-button:defined');
    assert.equal(await popup!.$eval('sautikit-call-button', (button) => button.line), 'sales');
    await popup!.close();
    await Promise.all([page, second].map((one) => one.close()));
  });

  it('Squarespace: the script in the header, the button in a block that comes without a reload', () =>
    calls(squarespace(piece('squarespace-header'), piece('squarespace'))));

  it('Shopify: Custom Liquid; in rich text nothing of it is left', async () => {
    assert.equal(shopifyRichText(piece('shopify')).trim(), 'Call us');
    await calls(shopify(piece('shopify')));
  });

  it('Drupal: a text that has been through the filter, and the library of a theme', async () => {
    const [script] = Object.entries(
      (parse(snippetFor(PAGE, '').code) as { 'call-button': { js: Record<string, object> } })['call-button'].js,
    );
    assert.deepEqual(script![1], { type: 'external', attributes: { type: 'module' } });
    const text = piece('drupal');
    assert.equal(drupalFilter(text, '<p> <a href>').trim(), '', 'a format that does not list it');
    const filtered = drupalFilter(text, piece('drupal-allowed'));
    await calls(drupal(use.house.housed(script![0]), filtered));
    const context = `<sautikit-call-button context='{"a": "b"}'>`;
    assert.ok(!drupalFilter(context, '<sautikit-call-button context>').includes('{"a"'), 'JSON does not survive it');
  });

  it('Joomla: a mark that passes the filter, and a template that makes a button of it', async () => {
    assert.equal(joomlaFilter(piece('drupal')).trim(), '', 'the element itself does not pass');
    await calls(joomla(joomlaFilter(piece('joomla-article')), piece('joomla-template')));
  });

  it('Google Tag Manager: ECMAScript 5, put in by a script', () => calls(tagManager(piece('gtm'))));

  it('a frame of another page, with the microphone', async () => {
    use.house.own('/call-frame.html', webflow(piece('webflow')));
    await calls(framed(piece('frame')), frameOf);
  });

  it('a frame without an origin gets no grant', async () => {
    const frame = piece('frame').replace(' allow-same-origin', '');
    const { page } = await open(framed(frame));
    const place = await frameOf(page);
    await place.waitForSelector('sautikit-call-button:defined');
    const ended = await place.$eval('sautikit-call-button', async (button) => await button.call());
    assert.equal(ended.outcome, 'failed');
    await page.close();
  });

  it('a strict Content Security Policy', () => calls(strict(piece('csp'), piece('webflow'))));
});

async function frameOf(page: Page): Promise<Frame> {
  const handle = await page.waitForSelector('iframe');
  return await eventually('the frame is there', async () => (await handle!.contentFrame()) ?? undefined);
}

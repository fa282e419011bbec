import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser } from 'puppeteer-core';
import { startStack, type Stack } from '../../demo/stack/stack.js';
import { launchStrict, Visitor } from '../support/visitor.js';

describe('a browser that trusts neither the gateway nor the page, in chromium', () => {
  let stack: Stack;
  let browser: Browser;

  before(async () => {
    stack = await startStack();
    browser = await launchStrict();
  });

  after(async () => {
    await browser?.close();
    await stack?.stop();
  });

  it('fails over a gateway whose certificate nobody signed, with one event and the microphone given back', async () => {
    const visitor = await Visitor.open(browser, `${stack.addresses.page}pages/visitor.html`);
    await visitor.press('button');
    const { outcome, code } = await visitor.ended();
    assert.deepEqual({ outcome, code }, { outcome: 'failed', code: 'gateway-unreachable' });
    assert.equal(await visitor.liveTracks(), 0);
    assert.equal((await visitor.events()).filter(({ name }) => name === 'call-ended').length, 1);
    await visitor.page.close();
  });

  it('shows the fallback on a page that is not secure, and throws nothing', async () => {
    const { port } = new URL(stack.addresses.page);
    const visitor = await Visitor.open(browser, `http://insecure.test:${port}/pages/visitor.html`);
    const shown = await visitor.page.$eval('sautikit-call-button', (element) => ({
      fallback: element.shadowRoot!.querySelector('slot[name=fallback]') !== null,
      button: element.shadowRoot!.querySelector('button') !== null,
      availability: element.availability,
    }));
    assert.deepEqual(shown, { fallback: true, button: false, availability: 'unsupported' });
    const result = await visitor.page.$eval('sautikit-call-button', (element) => element.call());
    assert.equal(result.code, 'insecure-context');
    assert.deepEqual(
      (await visitor.events()).map(({ name, detail }) => [name, detail['code']]),
      [['error', 'insecure-context']],
    );
    assert.deepEqual(visitor.errors, []);
    await visitor.page.close();
  });
});

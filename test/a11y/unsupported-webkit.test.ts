import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startSite, type Site } from '../support/site.js';
import { WebKit } from '../support/webkit.js';

/** WebKitGTK as Debian builds it has no WebRTC, which makes it a real browser of those that cannot carry a call. */
describe('where there is no WebRTC, in WebKit, with the built script', () => {
  let site: Site;
  let browser: WebKit;

  before(async () => {
    site = await startSite();
    browser = await WebKit.launch();
    await browser.open(`${site.url}/pages/fallback.html`);
  });

  after(async () => {
    await browser?.close();
    await site?.stop();
  });

  /** Whether the first element of a selector takes room on the page. */
  const shows = (selector: string) =>
    browser.evaluate<boolean>(
      `const box = document.querySelector(${JSON.stringify(selector)}).getBoundingClientRect();
       return box.width > 0 && box.height > 0;`,
    );
  const inside = <T>(expression: string) =>
    browser.evaluate<T>(
      `const button = document.querySelector('sautikit-call-button'); const root = button.shadowRoot; return ${expression};`,
    );

  it('really has none', async () => {
    assert.equal(await browser.evaluate('return typeof RTCPeerConnection'), 'undefined');
  });

  it('says that it is unsupported, and throws nothing', async () => {
    assert.equal(await inside('button.availability'), 'unsupported');
    assert.equal(await inside('button.callState'), 'idle');
    assert.deepEqual(await browser.evaluate('return window.thrown'), []);
  });

  it('shows the owner’s other way in place of a button that could do nothing', async () => {
    assert.equal(await shows('[slot=fallback]'), true);
    assert.equal(await inside(`root.querySelectorAll('[part=button]').length`), 0);
    assert.equal(await shows('[slot=consent]'), false);
    assert.deepEqual(await browser.told('[slot=fallback]'), { role: 'link', name: 'Call 0700 000 000 by phone' });
  });

  it('keeps the live regions, empty', async () => {
    assert.deepEqual(
      await inside(`['status', 'alert'].map((role) => root.querySelector('[role=' + role + ']').innerText)`),
      ['', ''],
    );
  });

  it('answers a call() by script with the reason', async () => {
    const result = await inside<{ outcome: string; code: string }>('button.call()');
    assert.equal(result.outcome, 'failed');
    assert.equal(result.code, 'unsupported');
    assert.deepEqual(await browser.evaluate('return window.thrown'), []);
  });
});

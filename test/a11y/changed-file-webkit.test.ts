import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { versioned } from '../../build/cdn/names.js';
import { at } from '../../build/shared-config.js';
import { StrictSite } from '../journey/support/strict-site.js';
import { eventually } from '../support/visitor.js';
import { WebKit } from '../support/webkit.js';

/** WebKit looks at no hash of what is preloaded. Debian's has no WebRTC, but what is said in place of a call is a lazy file too. */
describe('a lazy file that somebody has changed, in WebKit', () => {
  let site: StrictSite;
  let browser: WebKit;

  before(async () => {
    site = await StrictSite.start();
    browser = await WebKit.launch();
  });

  after(async () => {
    await browser?.close();
    await site?.stop();
  });

  it('is asked for by two addresses, and never runs', async () => {
    const file = versioned('before-call');
    site.change(file, (text) => `globalThis.tampered = true;${text}`);
    const hashes = JSON.parse(readFileSync(at('dist/cdn/integrity.json'), 'utf8')) as Record<string, string>;
    site.pages.set('/', {
      policy: `script-src ${site.cdn}`,
      html: `<!doctype html><link rel="icon" href="data:," />
        <script type="module" crossorigin src="${site.cdn}/${versioned()}" integrity="${hashes[versioned()]}"></script>
        <sautikit-call-button token-url="/api/sip-token">Call us</sautikit-call-button>`,
    });
    await browser.open(site.shop);
    const asked = () => site.asked.filter((each) => each.startsWith(file));
    await eventually('it was asked for by two addresses', async () => new Set(asked()).size >= 2);
    assert.equal(await browser.evaluate('return typeof window.tampered'), 'undefined');
  });
});

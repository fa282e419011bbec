import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, afterEach, before, describe, it } from 'node:test';
import type { Browser, Page } from 'puppeteer-core';
import { versioned } from '../../build/cdn/names.js';
import { at } from '../../build/shared-config.js';
import { startStack, type Stack } from '../../demo/stack/stack.js';
import { eventually, launch, Visitor } from '../support/visitor.js';
import { StrictSite } from './support/strict-site.js';

declare global {
  interface Window {
    /** What the page's policies had something against. */
    violations: string[];
    /** Set by a file that somebody else has written. */
    tampered?: boolean;
  }
}

const POLICIES = 'sautikit-call-button sautikit-call-button-window';

describe('the files for a page, from another origin, by their hashes, under strict policies', () => {
  let site: StrictSite;
  let stack: Stack;
  const hashes = JSON.parse(readFileSync(at('dist/cdn/integrity.json'), 'utf8')) as Record<string, string>;

  before(async () => {
    site = await StrictSite.start();
    stack = await startStack({ allowedOrigins: [site.shop] });
    site.tokenUrl = stack.addresses.token_url;
  });

  after(async () => {
    await stack?.stop();
    await site?.stop();
  });

  afterEach(() => site.reset());

  /** A tag as `dist/cdn/README.md` has it. */
  const script = (part?: string, folder = '', more = '') => {
    const type = part ? 'async' : 'type="module"';
    const file = versioned(part);
    return `<script ${type} crossorigin ${more} src="${site.cdn}${folder}/${file}" integrity="${hashes[file]}"></script>`;
  };

  /** A page with nothing but what it needs. @returns its address */
  function shopPage(head: string, { policies = POLICIES, attributes = '', line = 'sales', lang = 'en' } = {}): string {
    site.pages.set('/', {
      policy: [
        "default-src 'none'",
        `script-src ${site.cdn}`,
        `connect-src 'self' ${new URL(stack.addresses.gateway_url).origin}`,
        'img-src data:',
        "base-uri 'none'",
        "require-trusted-types-for 'script'",
        `trusted-types ${policies}`,
      ].join('; '),
      html: `<!doctype html>
<html lang="${lang}">
  <head><title>A shop</title><link rel="icon" href="data:," />${head}</head>
  <body><sautikit-call-button token-url="/api/sip-token" line="${line}" ${attributes}>Call us</sautikit-call-button></body>
</html>`,
    });
    return `${site.shop}/`;
  }

  const watch = (page: Page) =>
    page.evaluateOnNewDocument(() => {
      window.violations = [];
      document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI, sample }) =>
        window.violations.push(`${effectiveDirective} ${blockedURI} ${sample}`),
      );
    });

  for (const name of ['chromium', 'firefox'] as const) {
    describe(`in ${name}`, () => {
      let browser: Browser;

      before(async () => {
        browser = await launch(name);
      });

      after(() => browser?.close());

      const open = (url: string) => Visitor.open(browser, url, async (page) => void (await watch(page)));

      const violations = (visitor: Visitor) => visitor.page.evaluate(() => window.violations);

      /** From the click to the hang-up, with sound, and with nothing that a policy of the page is against. */
      async function callAndHear(visitor: Visitor): Promise<void> {
        await visitor.press('button');
        await visitor.comesTo('active');
        await visitor.hears('the phone');
        await visitor.press('hangup');
        assert.equal((await visitor.ended())['outcome'], 'completed');
        assert.deepEqual(await violations(visitor), []);
        assert.deepEqual(visitor.errors, []);
        await visitor.page.close();
      }

      it('carry a call as a module, and each lazy file is asked for once', async () => {
        const visitor = await open(shopPage(script()));
        assert.deepEqual(site.asked, [versioned()]);
        await callAndHear(visitor);
        assert.deepEqual([...site.asked].sort(), [versioned(), versioned('engine'), versioned('sip')].sort());
      });

      it('carry a call by way of the loader', async () => {
        await callAndHear(
          await open(shopPage(script('loader'), { policies: `${POLICIES} sautikit-call-button-loader` })),
        );
        assert.deepEqual(site.asked.slice(0, 2), [versioned('loader'), versioned()]);
      });

      it('carry a call as one file, which asks for no other', async () => {
        await callAndHear(await open(shopPage(script('iife'))));
        assert.deepEqual(site.asked, [versioned('iife')]);
      });

      it('carry a call by a link', async () => {
        const visitor = await open(`${site.shop}/call.html#line=sales`);
        assert.equal(await visitor.page.title(), 'Sales');
        await callAndHear(visitor);
      });

      it('carry a call by a link in a frame of another origin', async () => {
        const html = `<!doctype html><title>A partner</title><link rel="icon" href="data:," />
          <iframe allow="microphone" width="400" height="600" src="${site.shop}/call.html#line=support"></iframe>`;
        site.pages.set('/partner', { policy: '', html });
        const page = await browser.newPage();
        await page.goto(`${site.cdn}/partner`);
        const frame = await (await page.waitForSelector('iframe'))!.contentFrame();
        await (await frame.waitForSelector('sautikit-call-button >>> [part~="button"]'))!.click();
        const state = () => frame.$eval('sautikit-call-button', (element) => element.callState);
        await eventually('the call is active', async () => (await state()) === 'active');
        await frame.$eval('sautikit-call-button', (element) => element.hangup());
        assert.equal(await state(), 'ended');
        await page.close();
      });

      it('have a link page that calls no line but those of its list, and takes nothing else from its address', async () => {
        const visitor = await open(
          `${site.shop}/call.html#line=narrow&token-url=https://thief.example/&callee=sip:thief@thief.example`,
        );
        const { page } = visitor;
        const shown = () =>
          page.evaluate(() => {
            const button = document.querySelector('sautikit-call-button')!;
            const seen = (element: HTMLElement) => element.getBoundingClientRect().height > 0;
            return {
              button: seen(button),
              list: seen(document.querySelector('#lines')!),
              tokenUrl: button.tokenUrl,
              line: button.getAttribute('line'),
            };
          });
        const list = { button: false, list: true, tokenUrl: '/api/sip-token', line: null };
        assert.deepEqual(await shown(), list);
        await page.click('a[href="#line=support"]');
        const chosen = { button: true, list: false, tokenUrl: '/api/sip-token', line: 'support' };
        await eventually('the button calls support', async () => (await shown()).line === 'support');
        assert.deepEqual(await shown(), chosen);
        await page.evaluate(() => (location.hash = '#line=constructor'));
        await eventually('the list is back', async () => (await shown()).list);
        assert.deepEqual(await shown(), list);
        assert.deepEqual(await violations(visitor), []);
        await page.close();
      });

      for (const part of ['engine', 'sip', 'sw', 'before-call']) {
        it(`never run the part "${part}" where somebody has changed it`, async () => {
          const file = versioned(part);
          site.change(file, (text) => `globalThis.tampered = true;${text}`);
          const attributes = part === 'before-call' ? 'status-url="/status"' : '';
          const visitor = await open(shopPage(script(), { attributes, line: 'ringing', lang: part }));
          if (part !== 'before-call') await visitor.press('button');
          if (['engine', 'sip'].includes(part)) assert.equal((await visitor.ended())['code'], 'engine-load-failed');
          const asked = () => site.asked.filter((each) => each.startsWith(file));
          await eventually('it was asked for by two addresses', async () => new Set(asked()).size >= 2);
          // What is not the engine's has nobody to tell.
          if (part === 'sw') await visitor.comesTo('ringing');
          assert.equal(await visitor.page.evaluate(() => window.tampered), undefined);
          await visitor.page.$eval('sautikit-call-button', (element) => element.hangup());
          await visitor.page.close();
        });
      }

      it('are asked for by a second address where the first failed, within the same click', async () => {
        let failed = false;
        const file = versioned('engine');
        site.change(file, (text) => {
          if (failed) return text;
          failed = true;
          return undefined;
        });
        const visitor = await open(shopPage(script(), { line: 'ringing' }));
        await visitor.press('button');
        await visitor.comesTo('ringing');
        const [first, second, ...more] = site.asked.filter((each) => each.startsWith(file));
        assert.equal(first, file);
        assert.match(second ?? '', /\.js\?\d+$/);
        assert.deepEqual(more, []);
        assert.deepEqual(await violations(visitor), []);
        await visitor.press('hangup');
        await visitor.page.close();
      });

      it('do not break each other where a page has several versions of them', async () => {
        const heads = [
          script() + script(undefined, '/older') + script('iife', '/oldest') + script('loader', '/old'),
          `${script('loader')}${script('loader', '/older')}`,
          `${script('iife').replace('async', '')}${script()}${script('iife', '/older')}`,
        ];
        for (const head of heads) {
          const policies = `${POLICIES} sautikit-call-button-loader`;
          const visitor = await open(shopPage(head, { policies, line: 'ringing' }));
          await visitor.press('button');
          await visitor.comesTo('ringing');
          await visitor.press('hangup');
          await visitor.ended();
          assert.deepEqual(await violations(visitor), []);
          assert.deepEqual(visitor.errors, []);
          await visitor.page.close();
          site.asked.length = 0;
        }
      });
    });
  }
});

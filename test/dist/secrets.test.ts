import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser, HTTPRequest } from 'puppeteer-core';
import { startStack, type Stack } from '../../demo/stack/stack.js';
import { eventually, launch, Visitor } from '../support/visitor.js';

/** Everything that a script of the page, or a person with its developer tools, could read: markup, shadows, storage. */
function readPage(): string {
  const markup = (root: Element | ShadowRoot): string =>
    [...root.querySelectorAll('*')].reduce(
      (text, element) => text + (element.shadowRoot ? markup(element.shadowRoot) : ''),
      root.innerHTML,
    );
  const properties = [...document.querySelectorAll('sautikit-call-button')].map((element) => {
    const seen: string[] = [];
    for (let object: object = element; object !== HTMLElement.prototype; object = Object.getPrototypeOf(object)) {
      for (const name of Object.getOwnPropertyNames(object)) {
        try {
          seen.push(`${name}=${JSON.stringify((element as unknown as Record<string, unknown>)[name])}`);
        } catch {
          seen.push(name);
        }
      }
    }
    return seen.join('\n');
  });
  return [
    markup(document.documentElement),
    JSON.stringify({ ...localStorage }),
    JSON.stringify({ ...sessionStorage }),
    document.cookie,
    location.href,
    document.title,
    ...properties,
    ...performance.getEntries().map((entry) => JSON.stringify(entry)),
    JSON.stringify(window.witness.events),
  ].join('\n');
}

describe('the built script in a page, in chromium', () => {
  let stack: Stack;
  let browser: Browser;

  before(async () => {
    stack = await startStack();
    browser = await launch('chromium');
  });

  after(async () => {
    await browser?.close();
    await stack?.stop();
  });

  const url = () => `${stack.addresses.page}pages/visitor.html`;

  it('is one request before the click, to nobody else', async () => {
    const requests: string[] = [];
    const visitor = await Visitor.open(browser, url(), (page) => {
      page.on('request', (request: HTTPRequest) => void requests.push(request.url()));
      return Promise.resolve();
    });
    await new Promise((resolve) => setTimeout(resolve, 1500));
    assert.deepEqual(
      requests.filter((request) => !request.startsWith('data:')),
      [url(), `${stack.addresses.page}dist/cdn/sautikit-call-button.js`],
    );
    await visitor.page.close();
  });

  it('loads the engine on hover and mints no token by it', async () => {
    const requests: string[] = [];
    const visitor = await Visitor.open(browser, url());
    visitor.page.on('request', (request) => void requests.push(new URL(request.url()).pathname));
    await (await visitor.part('button')).hover();
    await eventually('the engine is fetched', async () => requests.some((path) => path.includes('engine')));
    await new Promise((resolve) => setTimeout(resolve, 500));
    const parts = requests.map((path) => /\.(engine|sip)\.[\d.]+js$/.exec(path)?.[1]);
    assert.deepEqual(parts.sort(), ['engine', 'sip'], requests.join());
    await visitor.page.close();
  });

  it('leaks no global, not even during a call', async () => {
    const blank = await browser.newPage();
    await blank.goto(`${stack.addresses.page}pages/blank.html`);
    const usual = new Set(await blank.evaluate(() => Object.getOwnPropertyNames(window)));
    await blank.close();
    const visitor = await Visitor.open(browser, url());
    await visitor.press('button');
    await visitor.comesTo('active');
    // What the tests put there themselves.
    const ours = ['witness', '__name'];
    const names = await visitor.page.evaluate(() => Object.getOwnPropertyNames(window));
    const leaked = names.filter((name) => !usual.has(name) && !ours.includes(name));
    assert.deepEqual(leaked, []);
    await visitor.press('hangup');
    await visitor.comesTo('ended');
    await visitor.page.close();
  });

  it('shows nowhere what a thief looks for: token, SIP addresses, callee', async () => {
    const secrets: string[] = [];
    const visitor = await Visitor.open(browser, url(), async (page) => {
      // Somebody's script has switched every logger on that reads this, and the page asks for our own.
      await page.evaluateOnNewDocument(() => localStorage.setItem('debug', '*'));
      page.on('response', (response) => {
        if (!response.url().endsWith('/api/sip-token')) return;
        void response.json().then((grant: { token: string; sip_uri: string }) => {
          secrets.push(grant.token, ...grant.token.split('.').filter((piece) => piece.length > 8));
          secrets.push(grant.sip_uri, grant.sip_uri.replace(/^sip:|@.*/g, ''));
        });
      });
    });
    await visitor.page.$eval('sautikit-call-button', (element) => element.setAttribute('debug', ''));
    await visitor.press('button');
    await visitor.comesTo('active');
    const during = await visitor.page.evaluate(readPage);
    await visitor.press('hangup');
    await visitor.comesTo('ended');
    const after = await visitor.page.evaluate(readPage);

    assert.ok(secrets.length >= 5, 'the grant was seen on its way');
    assert.ok(visitor.console.length > 10, 'the log was on');
    for (const secret of [...secrets, 'sip:', stack.domain, 'Bearer ']) {
      const shown = { during, after, console: visitor.console.join('\n') };
      for (const [where, text] of Object.entries(shown)) {
        assert.ok(!text.includes(secret), `${where} shows ${secret.slice(0, 12)}…`);
      }
    }
    await visitor.page.close();
  });
});

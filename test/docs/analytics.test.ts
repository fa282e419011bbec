import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'puppeteer-core';
import { eventually } from '../support/visitor.js';
import { readDocument } from './support/documents.js';
import { useHouse } from './support/use-house.js';

/** What the tools would have in the page. */
declare global {
  interface Window {
    told: unknown[][];
    visitorAgreed?: boolean;
  }
}

const BUTTON = '<script type="module" src="/cdn/sautikit-call-button.js"></script>';
const TOOLS = '<script>window.told = []; window.gtag = (...command) => told.push(command);</script>';
const EVENTS = ['attempt', 'dialing', 'ringing', 'answered', 'ended'];

describe('analytics of a real call, by the built file', () => {
  const use = useHouse('?answer-after=300');

  async function open(listener: string): Promise<{ page: Page; requests: string[] }> {
    const page = await use.browser.newPage();
    const requests: string[] = [];
    page.on('request', (request) => requests.push(request.url()));
    const button = '<sautikit-call-button token-url="/api/sip-token" line="sales">Call us</sautikit-call-button>';
    await page.goto(
      use.house.show({ html: `<!doctype html><link rel="icon" href="data:,">${TOOLS}${BUTTON}${listener}${button}` }),
    );
    await page.waitForSelector('sautikit-call-button:defined');
    return { page, requests };
  }

  /** A call from the press to the end. */
  async function call(page: Page): Promise<void> {
    await (await page.waitForSelector('sautikit-call-button >>> [part~="button"]'))!.click();
    const state = () => page.$eval('sautikit-call-button', ({ callState }) => callState);
    await eventually('the call is answered', async () => (await state()) === 'active');
    await page.$eval('sautikit-call-button', (button) => button.hangup());
  }

  const agree = (page: Page, analytics: boolean) =>
    page.evaluate(
      (said) => dispatchEvent(new CustomEvent('sautikit-consent', { detail: { analytics: said } })),
      analytics,
    );
  const layer = (page: Page) =>
    page.evaluate(() => (window.dataLayer ?? []) as { event: string; sautikit: Record<string, unknown> }[]);
  const tag = (query: string) =>
    `<script type="module" src="/cdn/sautikit-call-button.analytics.js?${query}"></script>`;

  it('tells dataLayer, GA4 and Matomo each step, once there is consent', async () => {
    const { page, requests } = await open(tag('to=dataLayer,ga4,matomo'));
    await agree(page, true);
    await call(page);
    await eventually('the end is told', async () => (await layer(page)).some(({ event }) => event.endsWith('ended')));

    const records = await layer(page);
    assert.deepEqual(
      records.map(({ event }) => event),
      EVENTS.map((step) => `sautikit_call_${step}`),
    );
    assert.ok(records.every(({ event }) => event.length <= 40));
    const { sautikit } = records.at(-1)!;
    assert.deepEqual([sautikit['line'], sautikit['outcome']], ['sales', 'completed']);
    assert.ok(Number.isInteger(sautikit['duration_seconds']));

    const told = await page.evaluate(() => window.told as [string, string, Record<string, unknown>][]);
    assert.deepEqual(
      told.map(([command, name]) => `${command} ${name}`),
      EVENTS.map((step) => `event sautikit_call_${step}`),
    );
    assert.ok(Number.isInteger(told[3]![2]['answer_ms']));

    const queue = await page.evaluate(() => window._paq as [string, string, string, string, number?][]);
    assert.deepEqual(
      queue.map((command) => command.slice(0, 3)),
      EVENTS.map((step) => ['trackEvent', 'Call', step]),
    );
    assert.equal(queue.at(-1)![3], 'sales completed');

    // Nothing of the caller, nothing kept, nothing sent.
    const everything = JSON.stringify([records, told, queue]);
    assert.ok(!/sip:|@|eyJ|[0-9a-f]{8}-[0-9a-f]{4}/i.test(everything), everything);
    assert.deepEqual(await page.cookies(), []);
    assert.deepEqual(await page.evaluate(() => [localStorage.length, sessionStorage.length, document.cookie]), [
      0,
      0,
      '',
    ]);
    const hosts = new Set(requests.filter((url) => !url.startsWith('data:')).map((url) => new URL(url).hostname));
    assert.deepEqual([...hosts], ['localhost']);
    await page.close();
  });

  it('tells nothing without consent, and nothing afterwards of what was before', async () => {
    const { page } = await open(tag('to=dataLayer,ga4,matomo'));
    await call(page);
    await agree(page, true);
    await agree(page, false);
    await call(page);
    assert.deepEqual(await page.evaluate(() => [window.dataLayer ?? null, window.told, window._paq ?? null]), [
      null,
      [],
      null,
    ]);
    await page.close();
  });

  it('leaves it to the tool where that is said', async () => {
    const { page } = await open(tag('to=dataLayer&consent=tool'));
    await call(page);
    await eventually('the end is told', async () => (await layer(page)).length === EVENTS.length);
    await page.close();
  });

  it('tells nothing of a call that the page prevents', async () => {
    const { page } = await open(
      `${tag('to=dataLayer&consent=tool')}<script>addEventListener('sautikit-before-call', (event) => event.preventDefault());</script>`,
    );
    const outcome = await page.$eval('sautikit-call-button', async (button) => (await button.call()).outcome);
    assert.equal(outcome, 'cancelled');
    assert.ok(!(await layer(page)).some(({ event }) => event.endsWith('attempt')));
    await page.close();
  });

  it('works as its document shows it', async () => {
    const { snippets } = readDocument('docs/analytics.md');
    const { page } = await open(use.house.housed(snippets[0]!.code));
    await call(page);
    assert.deepEqual(await layer(page), []);
    await page.evaluate(() => (window.visitorAgreed = true));
    await call(page);
    await eventually('the end is told', async () => (await layer(page)).length === EVENTS.length);
    await page.close();
  });
});

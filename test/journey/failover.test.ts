import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Browser, Page } from 'puppeteer-core';
import type { SautikitClient } from '../../src/client.js';
import { startStack, type Stack } from '../../demo/stack/stack.js';
import { eventually, launch, Visitor } from '../support/visitor.js';

declare global {
  interface Window {
    deskClient: SautikitClient;
    /** Where the open WebSocket of the page leads. */
    socketUrl(): string | undefined;
  }
}

async function openDesk(browser: Browser, stack: Stack): Promise<Page> {
  const desk = await browser.newPage();
  await desk.evaluateOnNewDocument(() => {
    const sockets: WebSocket[] = [];
    window.WebSocket = class extends WebSocket {
      constructor(...args: ConstructorParameters<typeof WebSocket>) {
        super(...args);
        sockets.push(this);
      }
    };
    window.socketUrl = () => sockets.find(({ readyState }) => readyState === WebSocket.OPEN)?.url;
  });
  await desk.goto(`${stack.addresses.page}pages/desk.html`);
  await eventually('the desk is registered', async () => (await desk.title()) === 'connected');
  return desk;
}

/** How a machine goes: its system says that nobody listens there any more, or says nothing. */
const ENDS = ['stopped', 'frozen'] as const;

for (const name of ['chromium', 'firefox'] as const) {
  describe(`of two gateways one goes, with a call open, in ${name}`, () => {
    for (const end of ENDS) {
      it(`${end}: who calls next gets through by the other`, async (t) => {
        const stack = await startStack({ gateways: 2, redis: true });
        const browser = await launch(name);
        try {
          const open = () => Visitor.open(browser, `${stack.addresses.page}pages/visitor.html`);
          /** A call that rings and is answered. Returns the time from the click to the ringing, in milliseconds. */
          const call = async (visitor: Visitor): Promise<number> => {
            const known = (await visitor.events()).length;
            await visitor.page.bringToFront();
            await visitor.press('button');
            const events = await eventually('the call is answered', async () => {
              const since = (await visitor.events()).slice(known);
              return since.some(({ name }) => name === 'call-answered' || name === 'call-ended') && since;
            });
            const answered = events.find(({ name }) => name === 'call-answered');
            assert.ok(answered, JSON.stringify(events));
            await visitor.hears('the phone');
            return (answered.detail['timings'] as Record<string, number>)['ringing']!;
          };
          const hangUp = async (visitor: Visitor): Promise<void> => {
            await visitor.press('hangup');
            await visitor.comesTo('ended');
          };

          // One after the other begins with either gateway; the third goes on while one of them goes.
          const [first, second, third] = [await open(), await open(), await open()];
          const before = [await call(first)];
          await hangUp(first);
          before.push(await call(second));
          await hangUp(second);
          // To another phone: one that is called twice mixes the calls.
          await third.page.$eval('sautikit-call-button', (element) => element.setAttribute('line', 'support'));
          await call(third);

          const [gateway] = stack.gateways;
          if (end === 'stopped') await gateway!.stop();
          else gateway!.freeze();

          const after = [await call(first)];
          await hangUp(first);
          after.push(await call(second));
          await hangUp(second);
          const list = (times: number[]) => times.map((time) => `${Math.round(time)} ms`).join(' and ');
          t.diagnostic(
            `${name}, one gateway ${end}: from click to ringing ${list(before)} before, ${list(after)} after`,
          );
        } finally {
          await browser.close();
          await stack.stop();
        }
      });

      it(`${end}: a desk registers with the other`, async (t) => {
        const stack = await startStack({ gateways: 2, redis: true });
        const browser = await launch(name);
        try {
          // Of two desks each begins with another gateway, so that one of them has to move.
          const desks = await Promise.all([openDesk(browser, stack), openDesk(browser, stack)]);
          const [gone, left] = stack.gateways;
          const at = (url: string) => (desk: Page) => desk.evaluate((its) => window.socketUrl() === its, url);
          assert.equal((await Promise.all(desks.map(at(gone!.url)))).filter(Boolean).length, 1);
          if (end === 'stopped') await gone!.stop();
          else gone!.freeze();
          const began = Date.now();
          for (const desk of desks) {
            await eventually(
              'the desk is registered with the other gateway',
              async () =>
                (await at(left!.url)(desk)) &&
                (await desk.evaluate(() => window.deskClient.connectionState === 'registered')),
            );
          }
          t.diagnostic(`${name}, one gateway ${end}: desks registered with the other after ${Date.now() - began} ms`);

          const phone = stack.phone('sales');
          const since = phone.mark();
          await phone.dial(left!.trunk.replace('sip:', 'sip:+254200000002@'));
          await phone.waitFor('CALL_ESTABLISHED', { since });
        } finally {
          await browser.close();
          await stack.stop();
        }
      });
    }
  });
}

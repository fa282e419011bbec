import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startStack } from '../../demo/stack/stack.js';
import { eventually, launch, Visitor } from '../support/visitor.js';

declare global {
  interface Window {
    /** Closes the connection to the gateway, and lets no other open. */
    cutOff(): void;
  }
}

/** Energy (RMS, 0 to 1) that a voice certainly brings. */
const VOICE = 0.01;
/** In seconds: a caller who has no connection and says nothing for so long is gone. */
const MEDIA_SILENCE = 2;

for (const name of ['chromium', 'firefox'] as const) {
  describe(`a visitor whose signalling is cut off, in ${name}`, () => {
    it('keeps the call for as long as sound comes, and no longer', async () => {
      // A grace that no test outlives: what ends sooner, ends for want of sound.
      const settings = { GRACE: 600, MEDIA_SILENCE, MEDIA_TIMER: '"name=media;interval=1;mode=1;"' };
      const stack = await startStack({ settings });
      const browser = await launch(name);
      try {
        const phone = stack.phone('sales');
        const since = phone.mark();
        const visitor = await Visitor.open(browser, `${stack.addresses.page}pages/visitor.html`, async (page) => {
          await page.evaluateOnNewDocument(() => {
            const sockets: WebSocket[] = [];
            let off = false;
            window.cutOff = () => {
              off = true;
              for (const socket of sockets) socket.close();
            };
            window.WebSocket = class extends WebSocket {
              constructor(url: string | URL, protocols?: string | string[]) {
                // Where nobody listens.
                super(off ? 'wss://127.0.0.250:8443' : url, protocols);
                sockets.push(this);
              }
            };
          });
        });
        await visitor.press('button');
        await visitor.comesTo('active');
        await visitor.hears('the phone');

        await visitor.page.evaluate(() => window.cutOff());
        await sleep(3 * MEDIA_SILENCE * 1000);
        assert.ok(!phone.events(since).some(({ type }) => type === 'CALL_CLOSED'), 'the phone was hung up on');
        await eventually('the phone hears the visitor', async () => (await phone.recordedEnergy()) > VOICE);

        await visitor.page.close();
        await phone.waitFor('CALL_CLOSED', { since });
      } finally {
        await browser.close();
        await stack.stop();
      }
    });
  });
}

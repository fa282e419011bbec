import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser } from 'puppeteer-core';
import { startStack, type Stack } from '../../demo/stack/stack.js';
import { eventually, launch, Visitor } from '../support/visitor.js';

/** Energy (RMS, 0 to 1) that a voice certainly brings to the phone. */
const VOICE = 0.01;

let stack: Stack;

before(async () => {
  stack = await startStack({ turn: true });
});

after(() => stack.stop());

for (const name of ['chromium', 'firefox'] as const) {
  describe(`a network that lets nothing but TURN through, in ${name}`, () => {
    let browser: Browser;

    before(async () => {
      browser = await launch(name);
    });

    after(() => browser.close());

    for (const transport of ['udp', 'tcp'] as const) {
      it(`carries a call over ${transport} with the credential of its grant`, async () => {
        const visitor = await Visitor.open(browser, `${stack.addresses.page}pages/visitor.html`, async (page) => {
          await page.evaluateOnNewDocument((over: string) => {
            window.RTCPeerConnection = class extends RTCPeerConnection {
              constructor(configuration?: RTCConfiguration) {
                const iceServers = configuration?.iceServers?.map((server) => ({
                  ...server,
                  urls: [server.urls].flat().filter((url) => url.startsWith('turn:') && url.endsWith(over)),
                }));
                super({ ...configuration, ...(iceServers && { iceServers }), iceTransportPolicy: 'relay' });
              }
            };
          }, transport);
        });
        const phone = stack.phone('sales');
        await visitor.press('button');
        await visitor.comesTo('active');
        await visitor.hears('the phone');
        await eventually('the phone hears the visitor', async () => (await phone.recordedEnergy()) > VOICE);
        const types = await visitor.page.evaluate(async () => {
          const found: string[] = [];
          const peer = window.witness.peers.find(({ connectionState }) => connectionState === 'connected');
          (await peer!.getStats()).forEach((report: { type: string; candidateType?: string }) => {
            if (report.type === 'local-candidate') found.push(report.candidateType ?? '');
          });
          return found;
        });
        assert.deepEqual([...new Set(types)], ['relay']);
        await visitor.press('hangup');
        assert.equal((await visitor.ended())['outcome'], 'completed');
        await visitor.page.close();
      });
    }
  });
}

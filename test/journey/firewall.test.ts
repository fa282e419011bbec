import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Browser } from 'puppeteer-core';
import { MEDIA_HOST } from '../../demo/stack/ports.js';
import { startStack, type Stack } from '../../demo/stack/stack.js';
import { eventually, Visitor } from '../support/visitor.js';
import { forward, type Forwarder } from '../support/network/forwarder.js';
import { launchInside } from '../support/network/inside-browser.js';
import { openNetwork, type Network } from '../support/network/network.js';
import { selectedRoute } from './support/selected-route.js';
import { addToGrants } from './support/sent-offers.js';
import { buildWall, type WallCounts } from './support/wall.js';

/** Energy (RMS, 0 to 1) of nothing at the phone, and what a voice certainly brings to it. */
const SILENCE = 0.005;
const VOICE = 0.01;

describe('a firewall that lets nothing out but TCP to port 443', () => {
  let network: Network;
  let counts: () => Promise<WallCounts>;
  let stack: Stack;
  const forwarders: Forwarder[] = [];

  before(async () => {
    network = await openNetwork();
    counts = await buildWall(network);
    stack = await startStack({
      turn: true,
      allowedOrigins: ['https://shop.test'],
      named: {
        gateways: ['wss://gateway.test/'],
        // Over UDP as well, as the others of the owner's visitors will want it.
        turn: ['turn:turn.test:3478?transport=udp', 'turns:turn.test:443?transport=tcp'],
      },
    });
    const { hosts } = network;
    const { page, gateway_url } = stack.addresses;
    const file = (name: string) => readFile(join(stack.folder, name));
    const tls = { cert: await file('gateway.pem'), key: await file('gateway.key') };
    const at = (url: string) => ({ host: new URL(url).hostname, port: Number(new URL(url).port) });
    const turns = { host: MEDIA_HOST, port: stack.turnPort! + 1 };
    // The microphone is for pages that came over TLS, and the stack's do not.
    forwarders.push(await forward({ host: hosts['shop.test'], port: 443, tls }, at(page)));
    forwarders.push(await forward({ host: hosts['gateway.test'], port: 443 }, at(gateway_url)));
    forwarders.push(await forward({ host: hosts['turn.test'], port: 443 }, turns));
  });

  after(async () => {
    for (const forwarder of forwarders) await forwarder.stop();
    await stack?.stop();
    await network?.close();
  });

  for (const name of ['chromium', 'firefox'] as const) {
    describe(`in ${name}`, () => {
      let browser: Browser;

      before(async () => {
        browser = await launchInside(name, network);
      });

      after(() => browser?.close());

      it('lets a call through by TURN over TLS, and none without', async (t) => {
        const earlier = await counts();
        // Beside it for as long: the same call without TURN in its grant.
        const other = await Visitor.open(browser, 'https://shop.test/pages/visitor.html', (page) =>
          addToGrants(page, { ice_servers: [] }),
        );
        await other.page.$eval('sautikit-call-button', (element) => element.setAttribute('line', 'support'));
        await other.press('button');
        await other.comesTo('active');

        const phone = stack.phone('sales');
        const visitor = await Visitor.open(browser, 'https://shop.test/pages/visitor.html');
        await visitor.press('button');
        await visitor.comesTo('active');
        await visitor.hears('the phone');
        await eventually('the phone hears the visitor', async () => (await phone.recordedEnergy()) > VOICE);
        assert.deepEqual(await selectedRoute(visitor.page), { candidateType: 'relay', relayProtocol: 'tls' });

        assert.ok((await stack.phone('support').recordedEnergy()) < SILENCE, 'the other phone hears nothing');
        await other.page.bringToFront();
        await other.page.$eval('sautikit-call-button', (element) => element.hangup());
        const { timings } = await other.ended();
        assert.ok('answered' in (timings as object), JSON.stringify(timings));
        assert.ok(!('audio' in (timings as object)), 'nor does the other visitor');

        await visitor.page.bringToFront();
        await visitor.press('hangup');
        assert.equal((await visitor.ended())['outcome'], 'completed');

        const passed = await counts();
        t.diagnostic(JSON.stringify({ ...passed, ...((await visitor.ended())['timings'] as object) }));
        assert.ok(passed.udpDropped > earlier.udpDropped, 'UDP was tried');
        assert.ok(passed.tlsPassed > earlier.tlsPassed);
        assert.equal(passed.otherPassed, 0);
      });
    });
  }
});

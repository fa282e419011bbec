import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import puppeteer, { type Browser, type LaunchOptions, type Page } from 'puppeteer-core';
import { startStack, type Stack } from '../../demo/stack/stack.js';
import { launchOptions, type BrowserName } from '../support/browsers.js';
import { eventually, launch, Visitor } from '../support/visitor.js';
import { startDeadServers } from './support/dead-servers.js';
import { callWithoutMicrophone } from './support/lent-caller.js';
import { addToGrants, rememberOffers } from './support/sent-offers.js';

/** Energy (RMS, 0 to 1) that a muted browser may leave at the phone, and that a voice certainly brings. */
const SILENCE = 0.005;
const VOICE = 0.01;
/** Milliseconds from the answer to the first sound, on a machine that is busy with two browsers. */
const SOON = 1500;

/** A browser that shows nobody its addresses. Chromium does without a permission; Firefox does with a made-up microphone, too. */
function hiding(name: BrowserName): LaunchOptions {
  const { args = [], extraPrefsFirefox, ...options } = launchOptions(name);
  if (name === 'chromium') {
    return { ...options, args: args.filter((flag) => flag !== '--use-fake-ui-for-media-stream') };
  }
  const hide = { 'media.peerconnection.ice.obfuscate_host_addresses': true };
  return { ...options, extraPrefsFirefox: { ...extraPrefsFirefox, ...hide } };
}

for (const name of ['chromium', 'firefox'] as const) {
  describe(`a call through Kamailio and rtpengine to a phone, in ${name}, with the built script`, () => {
    let stack: Stack;
    let browser: Browser;

    before(async () => {
      stack = await startStack();
      browser = await launch(name);
    });

    after(async () => {
      await browser?.close();
      await stack?.stop();
    });

    const open = () => Visitor.open(browser, `${stack.addresses.page}pages/visitor.html`);

    it('is heard at both ends, is muted, sends digits, and is hung up on by the visitor', async () => {
      const phone = stack.phone('sales');
      const since = phone.mark();
      const visitor = await open();
      await visitor.press('button');
      await visitor.comesTo('active');
      assert.deepEqual(
        (await visitor.events()).map(({ name }) => name),
        ['call-dialing', 'call-ringing', 'call-answered'],
      );

      await visitor.hears('the phone');
      const spoken = await phone.recordedEnergy();
      assert.ok(spoken > VOICE, `the phone hears the visitor, but the energy is ${spoken}`);

      await visitor.press('mute');
      await eventually('the phone hears silence', async () => (await phone.recordedEnergy()) < SILENCE);
      await visitor.press('mute');
      await eventually('the phone hears the visitor again', async () => (await phone.recordedEnergy()) > VOICE);

      await visitor.page.$eval('sautikit-call-button', (element) => element.sendDTMF('42#'));
      await eventually('the digits arrive', async () => phone.dtmf(since) === '42#');

      await visitor.press('hangup');
      assert.equal((await visitor.ended())['outcome'], 'completed');
      await phone.waitFor('CALL_CLOSED', { since });
      assert.equal(await visitor.liveTracks(), 0);
      assert.deepEqual(visitor.errors, []);
      await visitor.page.close();
    });

    it('is heard as soon as it is answered', async () => {
      const visitor = await open();
      await visitor.press('button');
      await visitor.comesTo('active');
      await visitor.hears('the phone');
      await visitor.press('hangup');
      const { answered, audio } = (await visitor.ended())['timings'] as Record<string, number>;
      // A lost first message of the DTLS handshake is sent again after one second, then after two, four and so on.
      assert.ok(audio! - answered! < SOON, `answered after ${answered} ms, heard after ${audio} ms`);
      await visitor.page.close();
    });

    it('is heard where the offer left before the browser had a candidate', async () => {
      const visitor = await Visitor.open(browser, `${stack.addresses.page}pages/visitor.html`, async (page) => {
        await page.evaluateOnNewDocument(() => {
          window.RTCPeerConnection = class extends RTCPeerConnection {
            override get localDescription(): RTCSessionDescription | null {
              const description = super.localDescription;
              if (!description) return null;
              const { type, sdp } = description;
              return new RTCSessionDescription({ type, sdp: sdp.replace(/^a=(candidate|end-of).*\r\n/gm, '') });
            }
          };
        });
      });
      await visitor.press('button');
      await visitor.comesTo('active');
      await visitor.hears('the phone');
      await visitor.press('hangup');
      await visitor.ended();
      await visitor.page.close();
    });

    it('is heard, and has not waited, where STUN and TURN servers are dead', async (t) => {
      const dead = await startDeadServers();
      try {
        const visitor = await Visitor.open(browser, `${stack.addresses.page}pages/visitor.html`, async (page) => {
          await rememberOffers(page);
          await addToGrants(page, { ice_servers: dead.iceServers });
        });
        await visitor.press('button');
        await visitor.comesTo('active');
        await visitor.hears('the phone');
        const [offer, ...more] = await visitor.page.evaluate(() => window.sentOffers);
        assert.equal(more.length, 0);
        // Firefox tells late that it has begun.
        assert.notEqual(offer?.gathering ?? 'complete', 'complete', 'the INVITE left before the servers were given up');
        assert.ok(offer && offer.addresses.length > 0, JSON.stringify(offer));
        assert.ok(dead.asked.udp > 0 && dead.asked.tcp > 0, JSON.stringify(dead.asked));
        t.diagnostic(`the INVITE left ${offer.age} ms after the peer connection was made`);
        await visitor.press('hangup');
        await visitor.ended();
        await visitor.page.close();
      } finally {
        await dead.stop();
      }
    });

    it('rings, and has not waited, where only relays may be used and the TURN server is dead', async (t) => {
      const dead = await startDeadServers();
      try {
        const visitor = await Visitor.open(browser, `${stack.addresses.page}pages/visitor.html`, async (page) => {
          await rememberOffers(page);
          await addToGrants(page, { ice_servers: dead.iceServers, ice_transport_policy: 'relay' });
        });
        await visitor.page.$eval('sautikit-call-button', (element) => element.setAttribute('line', 'ringing'));
        await visitor.press('button');
        await visitor.comesTo('ringing');
        const [offer, ...more] = await visitor.page.evaluate(() => window.sentOffers);
        assert.equal(more.length, 0);
        assert.notEqual(offer?.gathering ?? 'complete', 'complete', 'the INVITE left before the server was given up');
        assert.deepEqual(offer?.addresses, [], 'and nothing but a relay would have been shown');
        assert.equal(offer?.peers, 1);
        await eventually('the TURN server is asked', async () => dead.asked.udp > 0 && dead.asked.tcp > 0);
        t.diagnostic(`the INVITE left ${offer?.age} ms after the peer connection was made`);
        await visitor.press('hangup');
        assert.equal((await visitor.ended())['outcome'], 'cancelled');
        await visitor.page.close();
      } finally {
        await dead.stop();
      }
    });

    it('is heard where the browser hides its addresses behind names that nobody can resolve', async (t) => {
      const shy = await puppeteer.launch(hiding(name));
      try {
        const phone = stack.phone('sales');
        const since = phone.mark();
        let page: Page;
        let hangUp: () => Promise<void>;
        if (name === 'firefox') {
          const visitor = await Visitor.open(shy, `${stack.addresses.page}pages/visitor.html`, rememberOffers);
          await visitor.press('button');
          await visitor.comesTo('active');
          await visitor.hears('the phone');
          ({ page } = visitor);
          hangUp = () => visitor.press('hangup');
        } else {
          // Chromium shows its addresses with the permission for a microphone, so this caller speaks without one.
          const caller = await callWithoutMicrophone(shy, stack.addresses.page, rememberOffers);
          await caller.hears();
          ({ page, hangUp } = caller);
        }
        await eventually('the phone hears the caller', async () => (await phone.recordedEnergy()) > VOICE);
        const [offer] = await page.evaluate(() => window.sentOffers);
        assert.ok(offer && offer.addresses.length > 0);
        for (const address of offer.addresses) assert.match(address, /\.local$/);
        // A stream that is lent brings no permission, and another connection would hide as much.
        if (name === 'chromium') assert.equal(offer.peers, 1);
        t.diagnostic(`the INVITE left ${offer.age} ms after the peer connection was made`);
        await hangUp();
        await phone.waitFor('CALL_CLOSED', { since });
      } finally {
        await shy.close();
      }
    });

    it('is hung up on by the phone, and the next click calls again', async () => {
      const phone = stack.phone('sales');
      const visitor = await open();
      await visitor.press('button');
      await visitor.comesTo('active');
      phone.hangup();
      assert.equal((await visitor.ended())['outcome'], 'completed');
      assert.equal(await visitor.liveTracks(), 0);

      await visitor.press('button');
      await visitor.comesTo('active');
      await visitor.press('hangup');
      await visitor.comesTo('ended');
      assert.equal((await visitor.events()).filter(({ name }) => name === 'call-ended').length, 2);
      assert.deepEqual(visitor.errors, []);
      await visitor.page.close();
    });

    for (const [line, code] of [
      ['busy', 'busy'],
      ['decline', 'declined'],
      ['unavailable', 'no-answer'],
      ['notfound', 'not-found'],
      ['challenge', 'server-error'],
    ] as const) {
      it(`to the line "${line}" fails as ${code}, with one event and a button that works`, async () => {
        const visitor = await open();
        await visitor.page.$eval('sautikit-call-button', (element, to) => element.setAttribute('line', to), line);
        await visitor.press('button');
        const { outcome, code: told } = await visitor.ended();
        assert.deepEqual({ outcome, told }, { outcome: 'failed', told: code });
        assert.equal(await visitor.liveTracks(), 0);

        await visitor.page.$eval('sautikit-call-button', (element) => element.setAttribute('line', 'support'));
        await visitor.press('button');
        await visitor.comesTo('active');
        await visitor.press('hangup');
        await visitor.comesTo('ended');
        await visitor.page.close();
      });
    }

    it('that rings for ever is given up on by the visitor, and the phone stops ringing', async () => {
      const visitor = await open();
      await visitor.page.$eval('sautikit-call-button', (element) => element.setAttribute('line', 'ringing'));
      await visitor.press('button');
      await visitor.comesTo('ringing');
      await visitor.press('hangup');
      assert.equal((await visitor.ended())['outcome'], 'cancelled');
      await eventually('CANCEL reached the phone', async () => stack.endings.requests({ method: 'CANCEL' }).length > 0);
      await visitor.page.close();
    });

    it('goes on when its connection is cut: registered again, told to the phone, and heard', async () => {
      const phone = stack.phone('support');
      const visitor = await Visitor.open(browser, `${stack.addresses.page}pages/visitor.html`, async (page) => {
        // The cut is made at the browser's own socket, which the test holds; the journey of faults cuts cables.
        await page.evaluateOnNewDocument(() => {
          const { WebSocket: Socket } = window;
          const sockets: WebSocket[] = [];
          Object.assign(window, { sockets });
          window.WebSocket = class extends Socket {
            constructor(...args: ConstructorParameters<typeof WebSocket>) {
              super(...args);
              sockets.push(this);
            }
          };
        });
      });
      await visitor.page.$eval('sautikit-call-button', (element) => element.setAttribute('line', 'support'));
      await visitor.press('button');
      await visitor.comesTo('active');
      const sockets = () =>
        visitor.page.evaluate(() => (window as unknown as { sockets: WebSocket[] }).sockets.map((s) => s.readyState));
      await visitor.page.evaluate(() => (window as unknown as { sockets: WebSocket[] }).sockets[0]!.close());
      await eventually('another socket is open', async () => (await sockets()).join() === '3,1');
      await eventually(
        'it is registered again',
        async () =>
          (await visitor.page.$eval('sautikit-call-button', (element) => element.connectionState)) === 'registered',
      );
      await eventually('the phone hears the visitor', async () => (await phone.recordedEnergy()) > VOICE);
      phone.hangup();
      assert.equal((await visitor.ended())['outcome'], 'completed', 'the BYE found the new connection');
      await visitor.page.close();
    });
  });
}

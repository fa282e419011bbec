import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser } from 'puppeteer-core';
import { startStack, type Stack } from '../../demo/stack/stack.js';
import { eventually, launch, Visitor } from '../support/visitor.js';

/** Energy (RMS, 0 to 1) that a muted browser may leave at the phone, and that a voice certainly brings. */
const SILENCE = 0.005;
const VOICE = 0.01;
/** Milliseconds from the answer to the first sound, on a machine that is busy with two browsers. */
const SOON = 1500;

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

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'puppeteer-core';
import { startStack, type Stack } from '../../demo/stack/stack.js';
import { deskEnergy, openDesk } from '../support/desk-page.js';
import { eventually, launch } from '../support/visitor.js';

/** Energy (RMS, 0 to 1) that a voice certainly brings to the phone. */
const VOICE = 0.01;
/** Energy, in the units of `totalAudioEnergy`, that a voice brings to a browser within a second. */
const HEARD = 0.0001;

for (const name of ['chromium', 'firefox'] as const) {
  describe(`a phone calls a number of the owner, and a desk in ${name} answers, with the built client`, () => {
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

    const open = (answerAfter = 0): Promise<Page> =>
      openDesk(browser, stack.addresses.page, `?answer-after=${answerAfter}`);
    const called = (number: string) => stack.addresses.trunk.replace('sip:', `sip:${number}@`);

    it('both hear each other, and the phone hangs up', async () => {
      const desk = await open();
      // It plays back what it hears.
      const phone = stack.phone('sales');
      const since = phone.mark();
      await phone.dial(called('+254200000001'));
      await phone.waitFor('CALL_ESTABLISHED', { since });
      await eventually('the phone hears the desk', async () => (await phone.recordedEnergy()) > VOICE);
      await eventually('the desk hears the phone', async () => (await deskEnergy(desk)) > HEARD);
      await phone.hangup();
      await eventually('the desk heard of it', () => desk.evaluate(() => !window.deskCall.live));
      await desk.close();
    });

    it('the desk hangs up', async () => {
      const desk = await open();
      const phone = stack.phone('sales');
      const since = phone.mark();
      await phone.dial(called('+254200000001'));
      await phone.waitFor('CALL_ESTABLISHED', { since });
      await desk.evaluate(() => window.deskCall.hangup());
      await phone.waitFor('CALL_CLOSED', { since });
      await desk.close();
    });

    it('of two desks one has the call, and both hear what they should', async () => {
      const desks = [await open(), await open(5000)];
      const phone = stack.phone('sales');
      const since = phone.mark();
      await phone.dial(called('+254200000001'));
      await phone.waitFor('CALL_ESTABLISHED', { since });
      const live = () =>
        Promise.all(desks.map((desk) => desk.evaluate(() => window.deskCall?.live && window.deskCall.state)));
      await eventually('one has it', async () => (await live()).filter((state) => state).length === 1);
      const winner = desks[(await live()).findIndex((state) => state)]!;
      await eventually('the phone hears the desk', async () => (await phone.recordedEnergy()) > VOICE);
      await eventually('the desk hears the phone', async () => (await deskEnergy(winner)) > HEARD);
      await winner.evaluate(() => window.deskCall.hangup());
      await phone.waitFor('CALL_CLOSED', { since });
      for (const desk of desks) await desk.close();
    });

    it('where no desk is open, the fallback answers', async () => {
      const phone = stack.phone('sales');
      const since = phone.mark();
      const mark = stack.phone('support').mark();
      await eventually('the gateway has forgotten the desks', async () => {
        await phone.dial(called('+254200000002'));
        return /^480/.test((await phone.waitFor('CALL_CLOSED', { since: phone.mark() - 1 })).param ?? '');
      });
      await phone.dial(called('+254200000001'));
      await stack.phone('support').waitFor('CALL_ESTABLISHED', { since: mark });
      assert.equal(stack.phone('support').incoming(mark), 1);
      await phone.hangup();
      await phone.waitFor('CALL_CLOSED', { since });
    });
  });
}

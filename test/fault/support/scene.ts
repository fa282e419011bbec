import assert from 'node:assert/strict';
import type { Browser, Page } from 'puppeteer-core';
import type { Phone } from '../../../demo/stack/phone.js';
import { startStack, type Stack, type StackOptions } from '../../../demo/stack/stack.js';
import type { BrowserName } from '../../support/browsers.js';
import { eventually, Visitor } from '../../support/visitor.js';
import { Gate } from './gate.js';
import { launchSpeaking } from './speaking-browser.js';
import { Voice } from './voice.js';

/** Energy (RMS, 0 to 1) that a voice certainly brings to the phone. */
const VOICE = 0.01;

/** A stack whose first gateway browsers reach by a gate, and a browser that speaks without a pause. */
export class Scene {
  readonly stack: Stack;
  readonly gate: Gate;
  readonly browser: Browser;

  private constructor(stack: Stack, gate: Gate, browser: Browser) {
    this.stack = stack;
    this.gate = gate;
    this.browser = browser;
  }

  /** Plays what is wanted in a scene of its own, which is gone afterwards. */
  static async play<T>(name: BrowserName, options: StackOptions, act: (scene: Scene) => Promise<T>): Promise<T> {
    const undo: (() => Promise<unknown>)[] = [];
    try {
      const gate = await Gate.open();
      undo.push(() => gate.close());
      const stack = await startStack({ ...options, named: { gateways: [gate.url], ...options.named } });
      undo.push(() => stack.stop());
      gate.leadTo(stack.addresses.gateway_url);
      const browser = await launchSpeaking(name);
      undo.push(() => browser.close());
      return await act(new Scene(stack, gate, browser));
    } finally {
      for (const step of undo.reverse()) await step();
    }
  }

  get phone(): Phone {
    return this.stack.phone('sales');
  }

  /** A visitor in front of the page, who has not clicked yet. */
  visit(prepare?: (page: Page) => Promise<void>): Promise<Visitor> {
    return Visitor.open(this.browser, `${this.stack.addresses.page}pages/visitor.html`, prepare);
  }

  /** Talks until both ends hear each other, and listens from then on. */
  async talk(visitor: Visitor): Promise<Voice> {
    await visitor.press('button');
    await visitor.comesTo('active');
    await visitor.hears('the phone');
    await eventually('the phone hears the visitor', async () => (await this.phone.recordedEnergy()) > VOICE);
    return Voice.listen(visitor.page, this.phone);
  }
}

/** After a call that was lost: clicks once more, and is heard. A button that is stuck fails here. */
export async function callsAgain(visitor: Visitor): Promise<void> {
  await visitor.page.evaluate(() => (window.witness.events = []));
  await visitor.press('button');
  await visitor.comesTo('active');
  await visitor.hears('the phone');
  await visitor.press('hangup');
  assert.equal((await visitor.ended())['outcome'], 'completed');
  await eventually('no microphone is open', async () => (await visitor.liveTracks()) === 0);
}

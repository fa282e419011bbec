import assert from 'node:assert/strict';
import { after } from 'node:test';
import type { Browser, Page } from 'puppeteer-core';
import type { PhoneName } from '../../../demo/stack/lines.js';
import type { Phone } from '../../../demo/stack/phone.js';
import { startStack, type Stack, type StackOptions } from '../../../demo/stack/stack.js';
import type { BrowserName } from '../../support/browsers.js';
import { eventually, Visitor } from '../../support/visitor.js';
import { Gate } from './gate.js';
import { SipProxy, type Certificate } from './sip-proxy.js';
import { launchSpeaking } from './speaking-browser.js';
import { TokenDesk } from './token-desk.js';
import { watchWishes } from './traces.js';
import { Voice } from './voice.js';
import { keepWords } from './words.js';

/** Energy (RMS, 0 to 1) that a voice certainly brings to the phone. */
const VOICE = 0.01;

/** A stack whose gateways browsers reach by a gate each. */
class Stage {
  readonly stack: Stack;
  readonly gates: readonly Gate[];
  readonly undo: (() => Promise<unknown>)[];
  proxy: Promise<SipProxy> | undefined;
  desk: Promise<TokenDesk> | undefined;

  private constructor(stack: Stack, gates: readonly Gate[], undo: (() => Promise<unknown>)[]) {
    this.stack = stack;
    this.gates = gates;
    this.undo = undo;
  }

  static async set(options: StackOptions): Promise<Stage> {
    const undo: (() => Promise<unknown>)[] = [];
    try {
      const gates: Gate[] = [];
      for (let nth = 1; nth <= (options.gateways ?? 1); nth += 1) {
        // An address for each: see where the stack makes its gateways.
        const gate = await Gate.open(`127.0.0.${nth}`);
        gates.push(gate);
        undo.push(() => gate.close());
      }
      const urls = gates.map(({ url }) => url);
      const stack = await startStack({ ...options, named: { gateways: urls, ...options.named } });
      undo.push(() => stack.stop());
      gates.forEach((gate, index) => gate.leadTo(stack.gateways[index]!.url));
      return new Stage(stack, gates, undo);
    } catch (error) {
      await undone(undo);
      throw error;
    }
  }

  strike(): Promise<void> {
    return undone(this.undo);
  }
}

async function undone(steps: (() => Promise<unknown>)[]): Promise<void> {
  for (const step of steps.reverse()) await step();
}

/** A stack whose first gateway browsers reach by a gate, and a browser that speaks without a pause. */
export class Scene {
  readonly browser: Browser;
  readonly #stage: Stage;

  private constructor(stage: Stage, browser: Browser) {
    this.#stage = stage;
    this.browser = browser;
  }

  /** Plays what is wanted in a scene of its own, which is gone afterwards. */
  static async play<T>(name: BrowserName, options: StackOptions, act: (scene: Scene) => Promise<T>): Promise<T> {
    const stage = await Stage.set(options);
    try {
      const browser = await launchSpeaking(name);
      stage.undo.push(() => browser.close());
      return await act(new Scene(stage, browser));
    } finally {
      await stage.strike();
    }
  }

  /**
   * One stack, and one browser of each kind, for all faults of a file that leave both as they were. It begins with the
   * first of them and ends with the file. Between two, the pages are closed and all ways are open again.
   */
  static shared(options: StackOptions = {}): <T>(name: BrowserName, act: (scene: Scene) => Promise<T>) => Promise<T> {
    let setting: Promise<Stage> | undefined;
    const browsers = new Map<BrowserName, Promise<Browser>>();
    after(async () => {
      for (const browser of browsers.values()) await (await browser).close();
      await (await setting)?.strike();
    });
    return async (name, act) => {
      setting ??= Stage.set(options);
      const stage = await setting;
      const launching = browsers.get(name) ?? launchSpeaking(name);
      browsers.set(name, launching);
      const browser = await launching;
      try {
        return await act(new Scene(stage, browser));
      } finally {
        for (const gate of stage.gates) gate.reopen();
        (await stage.proxy)?.reset();
        await (await stage.desk)?.reopen();
        // The first page is the browser's own, without which some end.
        for (const page of (await browser.pages()).slice(1)) await page.close();
      }
    };
  }

  /** The same with another browser, whose owner closes it. */
  seenBy(browser: Browser): Scene {
    return new Scene(this.#stage, browser);
  }

  get stack(): Stack {
    return this.#stage.stack;
  }

  /** In the path to the first gateway. */
  get gate(): Gate {
    return this.#stage.gates[0]!;
  }

  /** One for each gateway. */
  get gates(): readonly Gate[] {
    return this.#stage.gates;
  }

  /** Of the stack. */
  get certificate(): Certificate {
    const { folder } = this.stack;
    return { certificate: `${folder}/gateway.pem`, key: `${folder}/gateway.key` };
  }

  get phone(): Phone {
    return this.stack.phone('sales');
  }

  /** Behind the gate, in front of the first gateway: reads and alters messages. */
  async sipProxy(): Promise<SipProxy> {
    const { stack, gates, undo } = this.#stage;
    this.#stage.proxy ??= (async () => {
      const proxy = await SipProxy.open(this.certificate, stack.addresses.gateway_url);
      undo.push(() => proxy.close());
      gates[0]!.leadTo(proxy.url);
      return proxy;
    })();
    return await this.#stage.proxy;
  }

  /** In front of the token endpoint; a button that shall ask it needs its `url` as `token-url`. */
  async tokenDesk(): Promise<TokenDesk> {
    this.#stage.desk ??= (async () => {
      const desk = await TokenDesk.open(this.stack.addresses.token_url);
      this.#stage.undo.push(() => desk.close());
      return desk;
    })();
    return await this.#stage.desk;
  }

  /**
   * A visitor in front of the page, who has not clicked yet.
   * @param attributes of the button, beside those in the page
   */
  async visit(prepare?: (page: Page) => Promise<void>, attributes: Record<string, string> = {}): Promise<Visitor> {
    const visitor = await Visitor.open(this.browser, `${this.stack.addresses.page}pages/visitor.html`, async (page) => {
      await page.evaluateOnNewDocument(watchWishes);
      await page.evaluateOnNewDocument(keepWords);
      await prepare?.(page);
    });
    await visitor.page.$eval(
      'sautikit-call-button',
      (element, wanted) => {
        for (const [name, value] of Object.entries(wanted)) element.setAttribute(name, value);
      },
      attributes,
    );
    return visitor;
  }

  /** Talks until both ends hear each other, and listens from then on. */
  async talk(visitor: Visitor): Promise<Voice> {
    await visitor.press('button');
    await visitor.comesTo('active');
    return this.listen(visitor);
  }

  /** Waits until both ends of a call that was answered hear each other, and listens from then on. */
  listen(visitor: Visitor, phone: PhoneName = 'sales'): Promise<Voice> {
    return listenTo(visitor, this.stack.phone(phone));
  }
}

/** Waits until both ends of a call that was answered hear each other, and listens from then on. */
export async function listenTo(visitor: Visitor, phone: Phone): Promise<Voice> {
  await visitor.hears('the phone');
  await eventually('the phone hears the visitor', async () => (await phone.recordedEnergy()) > VOICE);
  return Voice.listen(visitor.page, phone);
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

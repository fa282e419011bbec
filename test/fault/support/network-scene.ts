import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after } from 'node:test';
import type { Browser, Page } from 'puppeteer-core';
import type { Phone } from '../../../demo/stack/phone.js';
import { startStack, type Stack, type StackOptions } from '../../../demo/stack/stack.js';
import type { BrowserName } from '../../support/browsers.js';
import { forward } from '../../support/network/forwarder.js';
import { launchInside } from '../../support/network/inside-browser.js';
import { openNetwork, type Network } from '../../support/network/network.js';
import { Visitor } from '../../support/visitor.js';
import { listenTo } from './scene.js';
import { speakingOptions } from './speaking-browser.js';
import { watchWishes } from './traces.js';
import { keepWords } from './words.js';
import type { Voice } from './voice.js';

declare global {
  interface Window {
    /** Levels of quality that the page was told of, in order. */
    qualities: string[];
  }
}

/** A browser in a network of its own that speaks without a pause, and a stack outside: a call's sound goes through a router. */
export class NetworkScene {
  readonly network: Network;
  readonly stack: Stack;
  readonly #browsers = new Map<BrowserName, Promise<Browser>>();
  readonly #undo: (() => Promise<unknown>)[];

  private constructor(network: Network, stack: Stack, undo: (() => Promise<unknown>)[]) {
    this.network = network;
    this.stack = stack;
    this.#undo = undo;
  }

  static async open(options: StackOptions = {}): Promise<NetworkScene> {
    const undo: (() => Promise<unknown>)[] = [];
    try {
      const network = await openNetwork();
      undo.push(() => network.close());
      const { hosts } = network;
      const stack = await startStack({
        turn: true,
        mediaHost: hosts['turn.test'],
        allowedOrigins: ['https://shop.test'],
        ...options,
        named: { gateways: ['wss://gateway.test/'], turn: turnUrls(hosts['turn.test']), ...options.named },
      });
      undo.push(() => stack.stop());
      const file = (name: string) => readFile(join(stack.folder, name));
      const tls = { cert: await file('gateway.pem'), key: await file('gateway.key') };
      const at = (url: string) => ({ host: new URL(url).hostname, port: Number(new URL(url).port) });
      const turns = { host: hosts['turn.test'], port: stack.turnPort! + 1 };
      const ways = [
        // The microphone is for pages that came over TLS, and the stack's do not.
        [{ host: hosts['shop.test'], port: 443, tls }, at(stack.addresses.page)],
        [{ host: hosts['gateway.test'], port: 443 }, at(stack.addresses.gateway_url)],
        [{ host: hosts['turn.test'], port: 443 }, turns],
      ] as const;
      for (const [from, to] of ways) {
        const forwarder = await forward(from, to);
        undo.push(() => forwarder.stop());
      }
      return new NetworkScene(network, stack, undo);
    } catch (error) {
      for (const step of undo.reverse()) await step();
      throw error;
    }
  }

  get phone(): Phone {
    return this.stack.phone('sales');
  }

  /** A visitor in that network in front of the page, who has not clicked yet. */
  async visit(name: BrowserName, prepare?: (page: Page) => Promise<void>): Promise<Visitor> {
    const browser = await this.#browser(name);
    return Visitor.open(browser, 'https://shop.test/pages/visitor.html', async (page) => {
      await page.evaluateOnNewDocument(watchWishes);
      await page.evaluateOnNewDocument(keepWords);
      await page.evaluateOnNewDocument(keepQualities);
      await prepare?.(page);
    });
  }

  /** Talks until both ends hear each other, and listens from then on. */
  async talk(visitor: Visitor): Promise<Voice> {
    await visitor.press('button');
    await visitor.comesTo('active');
    return this.listen(visitor);
  }

  /** Waits until both ends of a call that was answered hear each other, and listens from then on. */
  listen(visitor: Visitor): Promise<Voice> {
    return listenTo(visitor, this.phone);
  }

  async close(): Promise<void> {
    for (const step of this.#undo.splice(0).reverse()) await step();
  }

  #browser(name: BrowserName): Promise<Browser> {
    const browser = this.#browsers.get(name) ?? this.#launch(name);
    this.#browsers.set(name, browser);
    return browser;
  }

  async #launch(name: BrowserName): Promise<Browser> {
    const { options, dispose } = await speakingOptions(name);
    this.#undo.push(dispose);
    const browser = await launchInside(name, this.network, options);
    this.#undo.push(() => browser.close());
    return browser;
  }
}

/** Chromium finds no TURN server over UDP by its name here, and Firefox none over TLS without. */
const turnUrls = (address: string) => (port: number) => [
  `turn:${address}:${port}?transport=udp`,
  'turns:turn.test:443?transport=tcp',
];

/** Runs in the page before its scripts. */
function keepQualities(): void {
  window.qualities = [];
  document.addEventListener('sautikit-quality-change', ({ detail }) => window.qualities.push(detail.level));
}

/** One scene for all rows of a file: opened for the first one that is played, closed after the last. */
export function useNetworkScene(options?: StackOptions): () => Promise<NetworkScene> {
  let scene: Promise<NetworkScene> | undefined;
  after(async () => (await scene)?.close());
  return () => (scene ??= NetworkScene.open(options));
}

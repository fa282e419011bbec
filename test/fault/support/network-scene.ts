import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after } from 'node:test';
import type { Browser, Page } from 'puppeteer-core';
import type { Phone } from '../../../demo/stack/phone.js';
import { startStack, type Stack, type StackOptions } from '../../../demo/stack/stack.js';
import type { BrowserName } from '../../support/browsers.js';
import { forward } from '../../support/network/forwarder.js';
import { launchInside } from '../../support/network/inside-browser.js';
import { giveServersIpv6 } from '../../support/network/ipv6.js';
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

  /** @param ipv6 whether all that browsers reach has addresses of IPv6, too */
  static async open(options: StackOptions = {}, ipv6 = false): Promise<NetworkScene> {
    const undo: (() => Promise<unknown>)[] = [];
    try {
      const network = await openNetwork();
      undo.push(() => network.close());
      const { hosts } = network;
      const hosts6 = ipv6 ? await giveServersIpv6(network) : undefined;
      const stack = await startStack({
        turn: true,
        mediaHost: hosts['turn.test'],
        allowedOrigins: ['https://shop.test'],
        ...(hosts6 && {
          mediaHost6: hosts6['turn.test'],
          settings: { WSS_LISTEN_6: `tls:[${hosts6['gateway.test']}]:443` },
        }),
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
        ...(hosts6
          ? ([
              [{ host: hosts6['shop.test'], port: 443, tls }, at(stack.addresses.page)],
              [
                { host: hosts6['turn.test'], port: 443 },
                { ...turns, host: hosts6['turn.test'] },
              ],
            ] as const)
          : []),
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

  /** Words of `iptables` for UDP that goes from this way anywhere but to coturn, and comes from anywhere else. */
  besideRelay(from = this.network.wifi): string[][] {
    const turn = String(this.stack.turnPort);
    return [
      ['-i', from.far, '!', '--dport', turn],
      ['-i', 'out', '!', '--sport', turn],
    ];
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
    const browser = await launchInside(name, this.network, {
      ...options,
      ...(name === 'chromium'
        ? // To it, addresses of tests are somebody's own network if they are of IPv6, and the world if they are of IPv4.
          { args: [...(options.args ?? []), '--disable-features=LocalNetworkAccessChecks'] }
        : // A made-up microphone is no permission, without which it tells one address alone, of the family of the page's.
          { extraPrefsFirefox: { ...options.extraPrefsFirefox, 'permissions.default.microphone': 1 } }),
    });
    this.#undo.push(() => browser.close());
    return browser;
  }
}

/** Firefox speaks TLS with no TURN server without a name; and where it looks up both, it takes TLS though UDP would do. */
const turnUrls = (address: string) => (port: number) => [
  `turn:${address}:${port}?transport=udp`,
  'turns:turn.test:443?transport=tcp',
];

/** TURN servers by their names alone: whoever has IPv6 alone finds no other. */
export const TURN_BY_NAME = { turn: turnUrls('turn.test') };

/** Runs in the page before its scripts. */
function keepQualities(): void {
  window.qualities = [];
  document.addEventListener('sautikit-quality-change', ({ detail }) => window.qualities.push(detail.level));
}

/** One scene for all rows of a file: opened for the first one that is played, closed after the last. */
export function useNetworkScene(options?: StackOptions, ipv6 = false): () => Promise<NetworkScene> {
  let scene: Promise<NetworkScene> | undefined;
  after(async () => (await scene)?.close());
  return () => (scene ??= NetworkScene.open(options, ipv6));
}

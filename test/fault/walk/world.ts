import type { ServerResponse } from 'node:http';
import { fileURLToPath } from 'node:url';
import puppeteer, { type Browser, type Page } from 'puppeteer-core';
import { launchOptions, type BrowserName } from '../../support/browsers.js';
import { startSite, type Site } from '../../support/site.js';
import { eventually } from '../../support/visitor.js';
import { Gate } from '../support/gate.js';
import { walkActor } from './actor.js';
import { walkInvariants } from './invariants.js';
import { walkWitness } from './witness.js';

const PAGES = fileURLToPath(new URL('pages', import.meta.url));
/** More than a walk can do in ten seconds or a minute: limits have tests of their own. */
const UNLIMITED = { handshakes: 1e9, registers: 1e9, invites: 1e9, messages: 1e9 };
/** In seconds, instead of a minute: how long a desk waits for who has left the page while nothing could be said. */
const GRACE = 5;
/** In milliseconds, for what takes a moment; a busy machine has more than enough of it. */
const LIMIT = 20_000;
/** Behind a prompt, a slow server or a dead gateway: who hangs up waits for none of them. */
const AT_ONCE = 5_000;

/** Token endpoints that do what they should not. */
const BAD_ENDPOINTS: Readonly<Record<string, (response: ServerResponse) => void>> = {
  '/bad/error': (response) => response.writeHead(500).end(),
  '/bad/limit': (response) => response.writeHead(429).end('{"error":"rate-limited","retry_after":1}'),
  '/bad/html': (response) => response.writeHead(200, { 'Content-Type': 'text/html' }).end('<h1>Log in</h1>'),
  '/bad/cut': (response) => response.destroy(),
  '/bad/silent': () => undefined,
};

/** A page with two buttons, a desk that they call, a gateway between them, and a gate in front of that. */
export class World {
  readonly gate: Gate;
  readonly page: Page;
  readonly #site: Site;
  readonly #browser: Browser;

  private constructor(gate: Gate, site: Site, browser: Browser, page: Page) {
    this.gate = gate;
    this.#site = site;
    this.#browser = browser;
    this.page = page;
  }

  static async open(name: BrowserName): Promise<World> {
    const gate = await Gate.open();
    const site = await startSite(PAGES, {
      callersGatewayUrl: `ws://localhost:${new URL(gate.url).port}/sip`,
      floodLimits: UNLIMITED,
      grace: GRACE,
      answers: (path) => {
        const answer = BAD_ENDPOINTS[path];
        return answer && ((_, response) => answer(response));
      },
    });
    gate.leadTo(site.url.replace('localhost', '127.0.0.1'));
    const browser = await puppeteer.launch(launchOptions(name));
    const page = await browser.newPage();
    await page.setViewport({ width: 800, height: 700 });
    // The TypeScript runner wraps named functions in a helper that a page does not have.
    await page.evaluateOnNewDocument('globalThis.__name ??= (value) => value');
    for (const part of [walkWitness, walkActor, walkInvariants]) await page.evaluateOnNewDocument(part);
    await page.goto(`${site.url}/more/page.html`);
    const world = new World(gate, site, browser, page);
    await eventually('the desk is registered', () =>
      page.evaluate(() => (frames[0] as Window).document.title === 'connected'),
    );
    await page.evaluate(async () => {
      await customElements.whenDefined('sautikit-call-button');
      window.walkActor.begin();
    });
    return world;
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await this.#site.stop();
    await this.gate.close();
  }

  act(name: string, button: number, word: string): Promise<unknown> {
    return this.page.evaluate(
      (does, index, how) => {
        const { acts, buttons } = window.walkActor;
        // Some acts return promises, which may be pending for long.
        void acts[does]!(buttons[index]!, how);
      },
      name,
      button,
      word,
    );
  }

  /** @throws where something is wrong that never may be */
  async look(): Promise<readonly string[]> {
    const [wrong, states] = await this.page.evaluate(() => [window.walkLook(), window.walkStates()] as const);
    if (wrong.length > 0) throw new Error(wrong.join('; '));
    return states;
  }

  /**
   * Hangs up under whatever is broken, mends it, and looks that nothing is held; then clicks, and talks.
   * @returns what became of the calls
   */
  async settle(button: number): Promise<string[]> {
    await this.page.evaluate(() => {
      const { buttons, promised } = window.walkActor;
      for (const one of buttons) if (one.isConnected) promised('hangup()', one.hangup());
    });
    const pending = () =>
      this.page.evaluate(() =>
        window.walkWitness.promises.filter(({ settled }) => !settled).map(({ what }) => `a promise of ${what}`),
      );
    await this.#comes(pending, 'hung up on, there is still', AT_ONCE);
    this.gate.reopen();
    await this.page.evaluate(() => window.walkActor.heal());
    const held = () =>
      this.page.evaluate(() => {
        for (const one of window.walkActor.buttons) one.close();
        return window.walkOpen();
      });
    await this.#comes(held, 'after the end there is still');
    await this.#talk(button);
    await this.#comes(held, 'after one more call there is still');
    await this.look();
    const outcomes = await this.#endings();
    const wrong = await this.page.evaluate(() => window.walkBooks());
    if (wrong.length > 0) throw new Error(wrong.join('; '));
    return outcomes;
  }

  /** Takes the buttons away, with which everything has to go that they hold, and puts new ones there. */
  async renew(): Promise<void> {
    await this.page.evaluate(() => window.walkActor.begin());
    const sockets = () =>
      this.page.evaluate(() =>
        window.walkWitness.sockets.filter(({ readyState }) => readyState !== 3).map(() => 'a socket'),
      );
    await this.#comes(sockets, 'without a button there is still');
    await this.page.evaluate(() => {
      const seen = window.walkWitness;
      seen.peers.length = seen.tracks.length = seen.sockets.length = seen.events.length = 0;
      const { desk } = frames[0] as unknown as { desk: { calls: unknown[] } };
      desk.calls.length = 0;
    });
  }

  /** What became of the calls since the last settling. */
  #endings(): Promise<string[]> {
    return this.page.evaluate(() =>
      window.walkWitness.events
        .filter(({ name }) => name === 'call-ended' || name === 'error')
        .map(({ name, detail }) => detail.code ?? detail.outcome ?? name),
    );
  }

  async #talk(button: number): Promise<void> {
    await this.act('click', button, '');
    await eventually('a click works', async () => (await this.look())[button] === 'active', LIMIT).catch(
      async (error: unknown) => {
        const states = (await this.look()).join(' and ');
        throw new Error(
          `${(error as Error).message}; the buttons are ${states}, after ${(await this.#endings()).join()}`,
        );
      },
    );
    await this.act('hangup', button, '');
  }

  async #comes(look: () => Promise<string[]>, what: string, limit = LIMIT): Promise<void> {
    for (const end = Date.now() + limit; ;) {
      const left = await look();
      if (left.length === 0) return;
      if (Date.now() > end) throw new Error(`${what} ${left.join(', ')}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

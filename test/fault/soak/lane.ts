import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser } from 'puppeteer-core';
import type { Stack } from '../../../demo/stack/stack.js';
import { ButtonPage } from '../../bench/cpu/button.js';
import { keepLedger } from '../../bench/cpu/page/ledger.js';
import { watchCalls, type Kind } from './calls.js';

/** How the calls of one kind went. */
export interface Tally {
  calls: number;
  /** Of those that were answered: at how many each side heard the other, and how many there were. */
  answered: number;
  heardByCaller: number;
  heardByPhone: number;
  failed: string[];
}

/** More than these are no accident: the soak ends. */
const TOO_MANY = 20;

/** One page that calls, one call after the other. */
export class Lane {
  readonly tallies = new Map<string, Tally>();
  readonly button: ButtonPage;
  readonly #stack: Stack;
  readonly #kinds: readonly Kind[];
  readonly #pause: number;
  #next = 0;

  private constructor(button: ButtonPage, stack: Stack, kinds: readonly Kind[], pause: number) {
    this.button = button;
    this.#stack = stack;
    this.#kinds = kinds;
    this.#pause = pause;
  }

  /** @param pause between two calls, in milliseconds */
  static async open(browser: Browser, stack: Stack, kinds: readonly Kind[], pause: number): Promise<Lane> {
    const button = await ButtonPage.open(browser, stack.addresses.page, kinds[0]!.line, async (page) => {
      await page.evaluateOnNewDocument(keepLedger);
      await page.evaluateOnNewDocument(watchCalls);
    });
    return new Lane(button, stack, kinds, pause);
  }

  get failed(): readonly string[] {
    return [...this.tallies.values()].flatMap(({ failed }) => failed);
  }

  /** Calls until then, of `performance.now()`; a call that has begun is gone through. */
  async callUntil(end: number, signal: AbortSignal): Promise<void> {
    while (performance.now() < end && !signal.aborted && this.failed.length <= TOO_MANY) {
      const kind = this.#kinds[this.#next % this.#kinds.length]!;
      this.#next += 1;
      await this.#call(kind, signal);
      await sleep(this.#pause, undefined, { signal }).catch(() => undefined);
    }
  }

  async #call(kind: Kind, signal: AbortSignal): Promise<void> {
    const { button } = this;
    const tally = this.#tallyOf(kind);
    tally.calls += 1;
    try {
      await button.page.evaluate((line) => {
        window.soak.ended = undefined;
        document.querySelector('sautikit-call-button')!.line = line;
      }, kind.line);
      const heard = await kind.go({ button, stack: this.#stack, signal });
      if (heard) {
        tally.answered += 1;
        if (heard.caller) tally.heardByCaller += 1;
        if (heard.phone) tally.heardByPhone += 1;
        if (!heard.caller || !heard.phone) throw new Error(`heard: ${JSON.stringify(heard)}`);
      }
      const { outcome, code } = (await button.page.evaluate(() => window.soak.ended)) ?? { outcome: 'none' };
      const right = kind.outcome.split(' or ').includes(outcome) && code === kind.code;
      if (!right) throw new Error(`it ended as ${outcome} (${code})`);
      // What is closed is let go.
      await button.page.evaluate(() => void window.ledger.open());
    } catch (error) {
      if (signal.aborted) return;
      tally.failed.push(`${new Date().toISOString()} ${kind.name}: ${(error as Error).message}`);
      await button.page.evaluate(() => document.querySelector('sautikit-call-button')!.hangup());
    }
  }

  #tallyOf({ name }: Kind): Tally {
    const found = this.tallies.get(name) ?? {
      calls: 0,
      answered: 0,
      heardByCaller: 0,
      heardByPhone: 0,
      failed: [],
    };
    this.tallies.set(name, found);
    return found;
  }
}

import type { Page } from 'puppeteer-core';

/** Of a phone's sound (RMS, 0 to 1), and of what comes in at the caller in a twentieth of a second: more than nothing. */
const HEARD_RMS = 0.005;
const EVERY_MS = 50;

/** What tells how loud it is at a phone. */
export interface PhoneEar {
  /** Loudness (RMS, 0 to 1) of what comes in from now on, for a while. */
  recordedEnergy(forMs: number): Promise<number>;
}

/** Says when sound was last heard, and how long at most it was not. */
class Ear {
  #last = performance.now();
  #longest = 0;
  ever = false;

  heard(): void {
    this.ever = true;
    this.#longest = this.longest;
    this.#last = performance.now();
  }

  get longest(): number {
    return Math.max(this.#longest, performance.now() - this.#last);
  }

  get since(): number {
    return performance.now() - this.#last;
  }
}

/**
 * Listens at both ends of a call for as long as it is told to. Who speaks has to speak without a pause: the made-up
 * microphone of `launchSpeaking`, which the phone sends back.
 */
export class Voice {
  readonly #caller = new Ear();
  readonly #phone = new Ear();
  readonly #stopping = new AbortController();
  readonly #listening: Promise<unknown>;

  private constructor(page: Page, phone: PhoneEar) {
    // A fault that was lost takes its page along, and nobody stops the listening then.
    page.once('close', () => this.#stopping.abort());
    this.#listening = Promise.all([this.#listenAtCaller(page), this.#listenAtPhone(phone)]);
  }

  /** Call it when both ends hear each other: from now on every silence counts. */
  static listen(page: Page, phone: PhoneEar): Voice {
    return new Voice(page, phone);
  }

  /** Whether both ends have heard something within the last 200 ms. */
  get back(): boolean {
    return this.#caller.since < 200 && this.#phone.since < 200;
  }

  /** Whether neither end has heard anything for half a second. */
  get silent(): boolean {
    return this.#caller.since > 500 && this.#phone.since > 500;
  }

  /** Whether each end has heard something at all. */
  get begun(): boolean {
    return this.#caller.ever && this.#phone.ever;
  }

  /** @returns the longest silence at each end until now, in whole milliseconds */
  get gapMs(): { caller: number; phone: number } {
    return { caller: Math.round(this.#caller.longest), phone: Math.round(this.#phone.longest) };
  }

  /** Call it before the browser is closed. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#listening;
  }

  async #listenAtCaller(page: Page): Promise<void> {
    let before = Infinity;
    while (!this.#stopping.signal.aborted) {
      // A page that is gone or frozen tells nothing, which is silence too.
      const energy = await page.evaluate(energyHeard).catch(() => Infinity);
      if (energy - before > 1e-7) this.#caller.heard();
      before = energy;
      await pause(EVERY_MS);
    }
  }

  async #listenAtPhone(phone: PhoneEar): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      if ((await phone.recordedEnergy(EVERY_MS)) > HEARD_RMS) this.#phone.heard();
    }
  }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Runs in the page: all energy that ever came in, of all its connections. */
async function energyHeard(): Promise<number> {
  let energy = 0;
  for (const peer of window.witness.peers) {
    if (peer.connectionState === 'closed') continue;
    (await peer.getStats()).forEach((report: { type: string; totalAudioEnergy?: number }) => {
      if (report.type === 'inbound-rtp') energy += report.totalAudioEnergy ?? 0;
    });
  }
  return energy;
}

import puppeteer, { type Browser, type ElementHandle, type Frame, type Page } from 'puppeteer-core';
import { launchOptions, type BrowserName } from './browsers.js';

/** What the pages of the journeys remember for the tests, beside the product and unknown to it. */
interface Witness {
  peers: RTCPeerConnection[];
  tracks: MediaStreamTrack[];
  events: { name: string; detail: Record<string, unknown> }[];
}

declare global {
  interface Window {
    witness: Witness;
  }
}

const EVENTS = ['call-dialing', 'call-ringing', 'call-answered', 'mute-change', 'call-ended', 'error'];

export const launch = (name: BrowserName): Promise<Browser> => puppeteer.launch(launchOptions(name));

/** A Chromium that trusts nobody's certificate without a reason, and finds `insecure.test` on this machine. */
export function launchStrict(): Promise<Browser> {
  const { args = [], ...options } = launchOptions('chromium');
  const strict = args.filter((flag) => flag !== '--ignore-certificate-errors');
  return puppeteer.launch({ ...options, args: [...strict, '--host-resolver-rules=MAP insecure.test 127.0.0.1'] });
}

export async function eventually<T>(
  what: string,
  look: () => Promise<T | undefined | false>,
  limit = 20_000,
): Promise<T> {
  for (const end = Date.now() + limit; ;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > end) throw new Error(`waited in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** A person with a browser, in front of a page with the button. */
export class Visitor {
  readonly page: Page;
  /** Where the button is: the page itself, or a frame in it. */
  frame: Frame;
  /** What the page wrote to the console, and what it threw. */
  readonly console: string[] = [];
  readonly errors: string[] = [];
  /** What it threw alone, caught by nobody. */
  readonly thrown: string[] = [];

  private constructor(page: Page) {
    this.page = page;
    this.frame = page.mainFrame();
    page.on('console', (message) => {
      this.console.push(message.text());
      if (message.type() === 'error') this.errors.push(message.text());
    });
    page.on('pageerror', (error) => {
      this.errors.push(String(error));
      this.thrown.push(String(error));
    });
  }

  /** @param frame selects the frame that has the button, where the page itself has none */
  static async open(
    browser: Browser,
    url: string,
    prepare?: (page: Page) => Promise<void>,
    frame?: string,
  ): Promise<Visitor> {
    const page = await browser.newPage();
    await page.setViewport({ width: 800, height: 700 });
    const visitor = new Visitor(page);
    // The TypeScript runner wraps named functions in a helper that a page does not have.
    await page.evaluateOnNewDocument('globalThis.__name ??= (value) => value');
    await page.evaluateOnNewDocument(witness, EVENTS);
    await prepare?.(page);
    await page.goto(url);
    if (frame) visitor.frame = (await (await page.waitForSelector(frame))!.contentFrame())!;
    await visitor.frame.waitForSelector('sautikit-call-button:defined');
    return visitor;
  }

  async part(name: string): Promise<ElementHandle> {
    const handle = await this.frame.waitForSelector(`sautikit-call-button >>> [part~="${name}"]`, { timeout: 10_000 });
    return handle!;
  }

  async press(name: string): Promise<void> {
    await (await this.part(name)).click();
  }

  state(): Promise<string> {
    return this.frame.$eval('sautikit-call-button', (element) => element.callState);
  }

  comesTo(state: string): Promise<unknown> {
    return eventually(`the call is ${state}`, async () => (await this.state()) === state);
  }

  events(): Promise<Witness['events']> {
    return this.frame.evaluate(() => window.witness.events);
  }

  async ended(limit?: number): Promise<Record<string, unknown>> {
    const ended = await eventually(
      'the call has ended',
      async () => (await this.events()).find(({ name }) => name === 'call-ended'),
      limit,
    );
    return ended.detail;
  }

  /** How many microphone tracks are live. */
  liveTracks(): Promise<number> {
    return this.frame.evaluate(() => window.witness.tracks.filter(({ readyState }) => readyState === 'live').length);
  }

  /** Energy that comes in within a second or so, in the units of `totalAudioEnergy` (WebRTC statistics, section 8.5). */
  async heardEnergy(): Promise<number> {
    const before = await this.#totalEnergy();
    await new Promise((resolve) => setTimeout(resolve, 1200));
    return (await this.#totalEnergy()) - before;
  }

  /** Waits until sound comes in before the call is answered. */
  async hearsEarly(what: string): Promise<void> {
    await eventually(`the visitor hears ${what}`, async () => (await this.heardEnergy()) > 0);
  }

  /** Waits until sound comes in. Where none does, the error tells how far the media came. */
  async hears(whom: string): Promise<void> {
    const what = `the visitor hears ${whom}`;
    // A call that is over has closed its peer connection; what was wrong shows before.
    let media: object | undefined;
    try {
      await eventually(what, async () => {
        if ((await this.heardEnergy()) > 0) return true;
        const state = await this.state();
        if (state !== 'active') throw new Error(`the call is ${state} before ${what}`);
        media = await this.media();
        return false;
      });
    } catch (error) {
      const told = JSON.stringify({ before: media, at_last: await this.media() }, undefined, 2);
      throw new Error(`${(error as Error).message}: ${told}`, { cause: error });
    }
  }

  /** What there is to know where a call has no sound: its events, and each peer connection with its statistics. */
  async media(): Promise<object> {
    const peers = await this.frame.evaluate(() =>
      Promise.all(
        window.witness.peers.map(async (peer) => {
          // Of a closed connection Firefox tells nothing else.
          if (peer.connectionState === 'closed') return { connection: 'closed' };
          const types = [
            'transport',
            'candidate-pair',
            'local-candidate',
            'remote-candidate',
            'inbound-rtp',
            'outbound-rtp',
          ];
          const statistics: object[] = [];
          (await peer.getStats()).forEach((report: { type: string }) => {
            if (types.includes(report.type)) statistics.push(report);
          });
          return {
            connection: peer.connectionState,
            ice: peer.iceConnectionState,
            gathering: peer.iceGatheringState,
            signaling: peer.signalingState,
            dtls: peer.getReceivers().map(({ transport }) => transport?.state),
            local: peer.localDescription?.sdp.match(/^a=(candidate|setup|ice-lite|end-of).*$/gm),
            remote: peer.remoteDescription?.sdp.match(/^a=(candidate|setup|ice-lite|end-of).*$/gm),
            statistics,
          };
        }),
      ),
    );
    return { events: await this.events(), errors: this.errors, peers };
  }

  #totalEnergy(): Promise<number> {
    return this.frame.evaluate(async () => {
      const peer = window.witness.peers.find(({ connectionState }) => connectionState === 'connected');
      let energy = 0;
      (await peer?.getStats())?.forEach((report: { type: string; totalAudioEnergy?: number }) => {
        if (report.type === 'inbound-rtp') energy += report.totalAudioEnergy ?? 0;
      });
      return energy;
    });
  }
}

/** Runs in the page before its scripts. */
function witness(names: string[]): void {
  window.witness = { peers: [], tracks: [], events: [] };
  const { RTCPeerConnection: Peer } = window;
  window.RTCPeerConnection = class extends Peer {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      window.witness.peers.push(this);
    }
  };
  const { mediaDevices } = navigator;
  const open = mediaDevices?.getUserMedia.bind(mediaDevices);
  if (mediaDevices) {
    mediaDevices.getUserMedia = async (constraints) => {
      const stream = await open(constraints);
      window.witness.tracks.push(...stream.getTracks());
      return stream;
    };
  }
  for (const name of names) {
    document.addEventListener(`sautikit-${name}`, (event) => {
      const { detail } = event as CustomEvent<Record<string, unknown>>;
      window.witness.events.push({ name, detail });
    });
  }
}

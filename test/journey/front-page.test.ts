import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import puppeteer, { type Browser, type Frame, type Page } from 'puppeteer-core';
import { startDemo, type Demo } from '../../demo/site.js';
import { findProgram } from '../../demo/stack/processes.js';
import { launchOptions } from '../support/browsers.js';

/** No condition of these tests takes nearly as long (ms); it only keeps a failure from hanging. */
const LIMIT = 60_000;

/** What the pages made for calls, recorded so that tests can ask it for statistics. */
interface Recorded {
  connections: RTCPeerConnection[];
  contexts: AudioContext[];
}
type RecordingWindow = typeof globalThis & { recorded: Recorded };

/** Runs in both documents before their own scripts, as its own source text: nothing in it may need a helper. */
function record(): void {
  const recorded: Recorded = { connections: [], contexts: [] };
  Object.assign(globalThis, {
    recorded,
    RTCPeerConnection: new Proxy(RTCPeerConnection, {
      construct(real, [configuration]) {
        return recorded.connections[recorded.connections.push(new real(configuration)) - 1]!;
      },
    }),
    AudioContext: new Proxy(AudioContext, {
      construct(real, [options]) {
        return recorded.contexts[recorded.contexts.push(new real(options)) - 1]!;
      },
    }),
  });
}

/** Energy of all the audio that an end of the call has heard so far (W3C webrtc-stats, `totalAudioEnergy`). */
const heardAt = (end: Page | Frame): Promise<number> =>
  end.evaluate(async () => {
    const { connections } = (globalThis as RecordingWindow).recorded;
    const live = connections.find(({ connectionState }) => connectionState === 'connected');
    let energy = 0;
    for (const stats of (await live?.getStats())?.values() ?? []) {
      if (stats.type === 'inbound-rtp') energy += stats.totalAudioEnergy;
    }
    return energy;
  });

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Waits until a condition holds. */
async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + LIMIT;
  while (!(await holds())) {
    assert.ok(performance.now() < end, `waited in vain: ${what}`);
    await pause(100);
  }
}

/** Waits until an end hears more than it has heard so far. */
async function hears(what: string, end: Page | Frame): Promise<void> {
  const before = await heardAt(end);
  await until(what, async () => (await heardAt(end)) > before + 1e-5);
}

/** Waits until an end hears nothing for longer than the pauses of a made-up microphone's beeps. */
async function hearsNothing(what: string, end: Page | Frame): Promise<void> {
  await until(what, async () => {
    const before = await heardAt(end);
    await pause(2_000);
    return (await heardAt(end)) - before < 1e-6;
  });
}

/**
 * Where there is no sound output, as on a server, Firefox starts no AudioContext, and without one the desk has no voice
 * of its own. A sound server that plays into nothing is enough.
 */
async function soundOutput(): Promise<{ env: NodeJS.ProcessEnv; stop(): Promise<void> }> {
  const program = findProgram('pulseaudio');
  assert.ok(program, 'the program pulseaudio is there');
  const folder = await mkdtemp(join(tmpdir(), 'sound-'));
  const socket = join(folder, 'socket');
  const modules = ['module-null-sink', `module-native-protocol-unix socket=${socket} auth-anonymous=1`];
  const server = spawn(
    program,
    ['-n', '--daemonize=no', '--exit-idle-time=-1', ...modules.flatMap((it) => ['-L', it])],
    {
      stdio: 'ignore',
      env: { ...process.env, HOME: folder, XDG_RUNTIME_DIR: folder },
    },
  );
  const gone = once(server, 'exit');
  await until('the sound server listens', async () => existsSync(socket));
  return {
    env: { PULSE_SERVER: `unix:${socket}` },
    async stop() {
      server.kill();
      await gone;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

for (const name of ['chromium', 'firefox'] as const) {
  describe(`the front page in ${name}`, { timeout: 10 * LIMIT }, () => {
    let sound: Awaited<ReturnType<typeof soundOutput>> | undefined;
    let demo: Demo;
    let browser: Browser;
    let page: Page;
    let desk: Frame;
    let errors: string[];

    const buttonIs = (...states: string[]) =>
      page.waitForFunction(
        (wanted) => wanted.includes(document.querySelector('sautikit-call-button')?.state ?? 'idle'),
        { timeout: LIMIT },
        states,
      );
    const deskIs = (state: string) => desk.waitForSelector(`#stage[data-state=${state}]`, { timeout: LIMIT });
    const deskSays = (id: string, text: string) =>
      desk.waitForFunction(
        (where, what) => document.getElementById(where)?.textContent?.includes(what),
        { timeout: LIMIT },
        id,
        text,
      );

    /** A real press with a real pointer: what a script presses gives no right to play sound. */
    async function press(end: Page | Frame, selector: string): Promise<void> {
      const element = await end.waitForSelector(selector, { visible: true, timeout: LIMIT });
      await element!.click();
      await element!.dispose();
    }

    const call = () => press(page, 'sautikit-call-button');
    const inPanel = (part: string) => press(page, `sautikit-call-button >>> [part~=${part}]`);
    const byHand = () => press(desk, '.switch');

    async function answered(): Promise<void> {
      await buttonIs('active');
      await deskIs('active');
    }

    async function over(): Promise<void> {
      await buttonIs('ended', 'failed');
      await deskIs('idle');
      for (const end of [page, desk]) {
        await until('everything is given back', () =>
          end.evaluate(() => {
            const { connections, contexts } = (globalThis as RecordingWindow).recorded;
            const states = [...connections.map((it) => it.signalingState), ...contexts.map((it) => it.state)];
            return states.every((state) => state === 'closed');
          }),
        );
      }
    }

    /** What the desk hears while it answers by itself: its speaker is turned down then, and Chromium counts after that. */
    const meter = () => desk.$eval('#hears', (it) => Number(it.getAttribute('aria-valuenow')));

    before(async () => {
      if (name === 'firefox') sound = await soundOutput();
      demo = await startDemo({ port: 0 });
      const options = launchOptions(name);
      // As browsers are delivered: a page that nobody has touched is silent.
      if (name === 'chromium') options.args!.push('--autoplay-policy=document-user-activation-required');
      browser = await puppeteer.launch({ ...options, env: { ...process.env, ...sound?.env } });
    });
    after(async () => {
      await browser?.close();
      await demo?.stop();
      await sound?.stop();
    });

    beforeEach(async () => {
      errors = [];
      page = await browser.newPage();
      page.setDefaultTimeout(LIMIT);
      await page.setViewport({ width: 1280, height: 800 });
      page.on('pageerror', (error) => errors.push(String(error)));
      page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
      await page.evaluateOnNewDocument(record);
      await page.goto(demo.url);
      const frame = await page.waitForSelector('iframe#desk');
      desk = (await frame!.contentFrame())!;
      await desk.waitForSelector('#connection[data-state=ready]');
    });
    afterEach(async () => {
      await page.close();
      assert.deepEqual(errors, []);
    });

    it('greets one person alone, and echoes what is said', async () => {
      await desk.evaluate(() => {
        navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', 'NotAllowedError'));
      });
      await call();
      await deskIs('ringing');
      await answered();
      await hears('the visitor hears the greeting', page);
      await until('the desk hears the visitor', async () => (await meter()) > 0);
      await desk.waitForFunction(() => document.getElementById('timer')!.textContent! > '0:07');
      await hears('the visitor hears the echo', page);

      await inPanel('mute');
      await hearsNothing('nothing comes back to a muted visitor', page);
      assert.equal(await meter(), 0);
      await inPanel('mute');
      await until('the desk hears the visitor again', async () => (await meter()) > 0);
      await hears('and echoes again', page);

      await inPanel('hangup');
      await over();
      await deskSays('title', 'The call is over');
    });

    it('carries calls that are answered by hand, whoever hangs up', async () => {
      await byHand();
      for (const hangUp of [() => press(desk, '#hangup'), () => inPanel('hangup')]) {
        await call();
        await press(desk, '#answer');
        // The button is gone, and the focus is not.
        await desk.waitForSelector('#title:focus');
        await answered();
        await hears('the visitor hears the desk', page);
        await hears('the desk hears the visitor', desk);

        await inPanel('mute');
        await hearsNothing('the desk hears nothing of a muted visitor', desk);
        await hears('who still hears the desk', page);
        await press(desk, '#mute');
        await hearsNothing('until the desk is muted too', page);
        await inPanel('mute');
        await hears('the desk hears the visitor again', desk);

        await hangUp();
        await over();
      }
    });

    it('rings until it is declined, or given up', async () => {
      await byHand();
      await call();
      await press(desk, '#decline');
      await buttonIs('failed');
      await over();
      await deskSays('title', 'Call declined');

      await call();
      await deskIs('ringing');
      await inPanel('hangup');
      await over();
      await deskSays('title', 'A call was missed');
    });

    it('lets a second caller wait, and takes or declines them', async () => {
      await byHand();
      await call();
      await press(desk, '#answer');
      await answered();
      for (const decline of [true, false]) {
        await page.evaluate(`import('/src/client.ts').then(({ SautikitClient }) => {
          globalThis.second = new SautikitClient({ tokenUrl: '/api/sip-token', line: 'sales' }).dial();
        })`);
        await desk.waitForSelector('#waiting-calls button', { visible: true });
        if (decline) {
          await press(desk, '#waiting-calls button');
          await desk.waitForSelector('#waiting', { hidden: true });
          await page.waitForFunction(`second.state === 'failed'`);
        }
      }
      await hears('the first call goes on', desk);

      await press(desk, '#hangup');
      await buttonIs('ended');
      await deskIs('ringing');
      await press(desk, '#answer');
      await page.waitForFunction(`second.state === 'active'`);
      await page.evaluate(`second.hangup()`);
      await over();
    });

    it('says so when the gateway goes, and is there again when it is', async () => {
      const { port } = new URL(demo.url);
      await demo.stop();
      await desk.waitForSelector('#connection:not([data-state=ready])');
      demo = await startDemo({ port: Number(port) });
      await desk.waitForSelector('#connection[data-state=ready]');
      await byHand();
      await call();
      await press(desk, '#answer');
      await answered();
      await press(desk, '#hangup');
      await over();
      // The browsers themselves log the connections that were refused meanwhile.
      errors = [];
    });
  });
}

import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually, type Visitor } from '../support/visitor.js';
import { faults } from './support/fault.js';
import { comesAbout, endsWith, goesOn, since, whole } from './support/outcomes.js';
import { putToSleep } from './support/process-tree.js';
import { callsAgain, Scene } from './support/scene.js';
import { leavesNothing } from './support/traces.js';
import type { Met } from './support/told.js';
import type { Voice } from './support/voice.js';

declare global {
  interface Window {
    player?: HTMLMediaElement;
  }
}

/** In milliseconds: longer than a browser lets a page in the background run as ever, and than a silent gateway is trusted. */
const AWAY = 12_000;
/** In milliseconds: a lid that is closed for a moment, and for longer than Firefox keeps a connection without a way. */
const NAP = 20_000;
const SLEEP = 75_000;
/** In milliseconds: by then a gateway has ended the call of a caller who is gone and silent, whatever its grace. */
const GIVEN_UP = 45_000;
/** A clock that is set, in milliseconds. */
const HOURS = 5 * 3_600_000;

/** What the browser asks before it leaves a page, the visitor answers with yes. */
function leavesGladly({ page }: Visitor): void {
  page.on('dialog', (dialog) => void dialog.accept());
}

/** The call is over for the phone; then the page, as it is now, calls again and leaves nothing behind. */
async function endsAndCallsAgain(scene: Scene, visitor: Visitor, began: number): Promise<Met> {
  await eventually('the phone hears of it', () => {
    const closed = scene.phone.events().filter(({ type }) => type === 'CALL_CLOSED').length;
    return Promise.resolve(closed === scene.phone.incoming());
  });
  const recoverMs = since(began);
  await callsAgain(visitor);
  await leavesNothing(visitor, scene.phone);
  return { outcome: 'ended', recoverMs };
}

/** Both hear each other once more, not only on the wire: what plays the far end has gone on. */
async function heardOn(scene: Scene, visitor: Visitor): Promise<Voice> {
  const played = () => visitor.page.evaluate(() => window.player!.currentTime);
  const before = await played();
  await eventually('the far end is played', async () => (await played()) > before);
  return scene.listen(visitor);
}

const defined = ({ page }: Visitor) => page.waitForSelector('sautikit-call-button:defined');

faults('the page', (fault) => {
  const play = Scene.shared();

  fault('is hidden behind another one', (name) =>
    play(name, async (scene) => {
      const visitor = await scene.visit();
      const voice = await scene.talk(visitor);
      const other = await scene.browser.newPage();
      await other.bringToFront();
      await eventually('the page is hidden', () => visitor.page.evaluate(() => document.hidden));
      await sleep(AWAY);
      await visitor.page.bringToFront();
      await eventually('it is seen again', () => visitor.page.evaluate(() => !document.hidden));
      return goesOn(scene, visitor, voice, {});
    }),
  );

  fault(
    'is frozen in the background for 20 s, and thawed',
    (name) =>
      play(name, async (scene) => {
        const visitor = await scene.visit((page) => page.evaluateOnNewDocument(watchPlayer).then(() => undefined));
        // A page that is frozen answers no question of the test's, so nobody listens meanwhile.
        await (await scene.talk(visitor)).stop();
        await (await scene.browser.newPage()).bringToFront();
        const devtools = await visitor.page.createCDPSession();
        await devtools.send('Page.setWebLifecycleState', { state: 'frozen' });
        await sleep(NAP);
        await devtools.send('Page.setWebLifecycleState', { state: 'active' });
        const thawed = performance.now();
        await visitor.page.bringToFront();
        const recoverMs = await whole(visitor, thawed);
        const { gapMs: _, ...met } = await goesOn(scene, visitor, await heardOn(scene, visitor), { recoverMs });
        return met;
      }),
    // Only Chromium freezes a page when it is told to; by itself none freezes one that has a call.
    { browsers: ['chromium'] },
  );

  fault(
    'is left, and comes back from the back-forward cache',
    (name) =>
      play(name, async (scene) => {
        const visitor = await scene.visit();
        leavesGladly(visitor);
        const voice = await scene.talk(visitor);
        await voice.stop();
        const left = performance.now();
        await visitor.page.evaluate(() => Object.assign(window, { remembered: true }));
        await visitor.page.goto(new URL('blank.html', visitor.page.url()).href);
        await visitor.page.goBack();
        await defined(visitor);
        assert.ok(await visitor.page.evaluate(() => 'remembered' in window), 'it was kept in the cache');
        assert.equal(await visitor.state(), 'idle');
        return endsAndCallsAgain(scene, visitor, left);
      }),
    // Firefox keeps no page that has a peer connection when it is left, whatever the page does then: it is loaded again.
    { browsers: ['chromium'] },
  );

  fault('is reloaded', (name) =>
    play(name, async (scene) => {
      const visitor = await scene.visit();
      leavesGladly(visitor);
      const voice = await scene.talk(visitor);
      await voice.stop();
      const left = performance.now();
      await visitor.page.reload();
      await defined(visitor);
      return endsAndCallsAgain(scene, visitor, left);
    }),
  );

  fault('is closed', (name) =>
    play(name, async (scene) => {
      const visitor = await scene.visit();
      const voice = await scene.talk(visitor);
      await voice.stop();
      const left = performance.now();
      await visitor.page.close();
      return endsAndCallsAgain(scene, await scene.visit(), left);
    }),
  );

  fault('takes the element away', (name) =>
    play(name, async (scene) => {
      const visitor = await scene.visit();
      const voice = await scene.talk(visitor);
      await voice.stop();
      const removed = performance.now();
      await visitor.page.$eval('sautikit-call-button', (element) => {
        const { parentNode } = element;
        element.remove();
        setTimeout(() => parentNode!.append(element), 1000);
      });
      await visitor.page.waitForSelector('sautikit-call-button');
      return endsAndCallsAgain(scene, visitor, removed);
    }),
  );

  fault('moves the element, and moves it back', (name) =>
    play(name, async (scene) => {
      const visitor = await scene.visit();
      const voice = await scene.talk(visitor);
      await visitor.page.$eval('sautikit-call-button', async (element) => {
        const { parentNode } = element;
        document.body.appendChild(document.createElement('section')).append(element);
        await new Promise((resolve) => setTimeout(resolve, 1000));
        parentNode!.append(element);
      });
      return goesOn(scene, visitor, voice, {});
    }),
  );

  for (const [how, shift] of [
    ['forward', HOURS],
    ['back', -HOURS],
  ] as const) {
    fault(`has a clock that is set ${how} five hours in the call`, (name) =>
      play(name, async (scene) => {
        const visitor = await scene.visit();
        const voice = await scene.talk(visitor);
        await visitor.page.evaluate(setClock, shift);
        await sleep(AWAY);
        return goesOn(scene, visitor, voice, {});
      }),
    );

    fault(`has a clock that was set ${how} five hours before the call`, (name) =>
      play(name, async (scene) => {
        const visitor = await scene.visit((page) => page.evaluateOnNewDocument(setClock, shift).then(() => undefined));
        await visitor.press('button');
        return comesAbout(scene, visitor, {});
      }),
    );
  }

  for (const asleep of [NAP, SLEEP]) {
    fault(
      `sleeps with its laptop for ${asleep / 1000} s`,
      (name) =>
        play(name, async (scene) => {
          const visitor = await scene.visit();
          const voice = await scene.talk(visitor);
          const wake = putToSleep(scene.browser);
          await sleep(asleep).finally(wake);
          const woken = performance.now();
          await eventually('both hear', () => Promise.resolve(voice.back));
          return goesOn(scene, visitor, voice, { recoverMs: await whole(visitor, woken) });
        }),
      { limitMs: 180_000 },
    );
  }

  fault('sleeps with its laptop, whose network goes, until the gateway has given it up', (name) =>
    play(name, async (scene) => {
      const visitor = await scene.visit();
      await (await scene.talk(visitor)).stop();
      const closed = () => scene.phone.events().filter(({ type }) => type === 'CALL_CLOSED').length;
      const before = closed();
      const wake = putToSleep(scene.browser);
      try {
        scene.gate.cut();
        await eventually('the phone is hung up', () => Promise.resolve(closed() > before), GIVEN_UP);
      } finally {
        wake();
      }
      const woken = performance.now();
      return endsWith(scene, visitor, 'connection-lost', () => woken);
    }),
  );

  fault(
    'is short of memory',
    (name) =>
      play(name, async (scene) => {
        const visitor = await scene.visit();
        const voice = await scene.talk(visitor);
        const devtools = await visitor.page.createCDPSession();
        await devtools.send('Memory.simulatePressureNotification', { level: 'critical' });
        await devtools.send('HeapProfiler.collectGarbage');
        await sleep(2000);
        return goesOn(scene, visitor, voice, {});
      }),
    // Only Chromium can be told so.
    { browsers: ['chromium'] },
  );

  fault('has another button that is clicked meanwhile', (name) =>
    play(name, async (scene) => {
      const visitor = await scene.visit();
      const voice = await scene.talk(visitor);
      const other = await visitor.page.evaluate(async () => {
        const button = document.createElement('sautikit-call-button');
        button.setAttribute('token-url', '/api/sip-token');
        button.setAttribute('line', 'support');
        document.body.append(button);
        const result = await button.call();
        button.remove();
        window.witness.events = window.witness.events.filter(({ name }) => name !== 'error');
        // What is counted are the calls of the one that has one.
        window.wishes.begun -= 1;
        window.wishes.resolved -= 1;
        return result;
      });
      assert.equal(other.code, 'busy-elsewhere');
      assert.equal(scene.stack.phone('support').incoming(), 0);
      return goesOn(scene, visitor, voice, {});
    }),
  );

  fault('is called from at the same time in another tab', (name) =>
    play(name, async (scene) => {
      const [visitor, other] = [await scene.visit(), await scene.visit(undefined, { line: 'support' })];
      await Promise.all([visitor, other].map(({ page }) => page.$eval('sautikit-call-button', (b) => void b.call())));
      await other.comesTo('active');
      await other.hears('the phone');
      await visitor.comesTo('active');
      const voice = await scene.listen(visitor);
      await other.page.$eval('sautikit-call-button', (element) => element.hangup());
      await leavesNothing(other, scene.stack.phone('support'));
      await visitor.page.bringToFront();
      return goesOn(scene, visitor, voice, {});
    }),
  );

  fault('is clicked at hundreds of times a second', (name) =>
    play(name, async (scene) => {
      const visitor = await scene.visit();
      const calls = scene.phone.incoming();
      await visitor.page.$eval('sautikit-call-button', async (element) => {
        const button = element.shadowRoot!.querySelector<HTMLElement>('[part~=button]')!;
        for (const end = performance.now() + 3000; performance.now() < end;) {
          for (let click = 0; click < 10; click += 1) button.click();
          await new Promise((resolve) => setTimeout(resolve, 10));
        }
      });
      await visitor.comesTo('active');
      const voice = await scene.listen(visitor);
      assert.equal(scene.phone.incoming() - calls, 1);
      return goesOn(scene, visitor, voice, {});
    }),
  );
});

/** Runs in the page before its scripts: remembers what last played something. */
function watchPlayer(): void {
  const { play } = HTMLMediaElement.prototype;
  HTMLMediaElement.prototype.play = function () {
    window.player = this;
    return play.call(this);
  };
}

/** Runs in the page: the clock that a person sees is another one from now on. */
function setClock(shift: number): void {
  const Real = Date;
  class Shifted extends Real {
    constructor(...args: [] | [number]) {
      if (args.length > 0) super(...(args as [number]));
      else super(Real.now() + shift);
    }
    static override now(): number {
      return Real.now() + shift;
    }
  }
  globalThis.Date = Shifted as DateConstructor;
}

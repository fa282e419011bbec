import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BrowserName } from '../support/browsers.js';
import { eventually, type Visitor } from '../support/visitor.js';
import { faults } from './support/fault.js';
import { answerLate, microphoneIs, unplugInPage, withMicrophoneThat } from './support/microphone-in-page.js';
import { endsWith, goesOn, reads, since } from './support/outcomes.js';
import { callsAgain, Scene } from './support/scene.js';
import { launchWithSound, SoundServer } from './support/sound-server.js';
import { launchAsking } from './support/speaking-browser.js';
import { leavesNothing } from './support/traces.js';
import type { Met } from './support/told.js';
import type { Voice } from './support/voice.js';

/** In milliseconds: for what the system, and then the browser, do about a device that is gone. */
const SETTLES = 3000;
const HANGUP = 'sautikit-call-button >>> [part~="hangup"]';

const bothHear = (voice: Voice) => eventually('both hear', () => Promise.resolve(voice.back), 30_000);

/** The panel says that the caller is not heard. @returns what the caller reads */
async function isToldOfSilence(visitor: Visitor, voice: Voice): Promise<string> {
  await eventually('the caller is told', async () => /cannot hear you/.test(await reads(visitor)), 30_000);
  await eventually('nothing is said', () => Promise.resolve(voice.silent));
  assert.equal(await visitor.state(), 'active');
  return reads(visitor);
}

faults('devices', (fault) => {
  const play = Scene.shared();

  /** With devices that are plugged in and out for real, and a browser that has no others. */
  const plugged = (
    name: BrowserName,
    { speakers, microphones }: { speakers: readonly string[]; microphones: readonly string[] },
    act: (scene: Scene, sound: SoundServer) => Promise<Met>,
  ): Promise<Met> =>
    play(name, async (scene) => {
      const sound = await SoundServer.start();
      try {
        for (const speaker of speakers) await sound.plugInSpeaker(speaker);
        for (const microphone of microphones) await sound.plugInMicrophone(microphone);
        const browser = await launchWithSound(name, sound);
        return await act(scene.seenBy(browser), sound).finally(() => browser.close());
      } finally {
        await sound.stop();
      }
    });

  fault('the microphone unplugged in mid-call, where there is another', (name) =>
    plugged(name, { speakers: ['room'], microphones: ['desk', 'headset'] }, async (scene, sound) => {
      const visitor = await scene.visit();
      const voice = await scene.talk(visitor);
      await sound.unplug('headset');
      await sleep(SETTLES);
      await bothHear(voice);
      return goesOn(scene, visitor, voice, {});
    }),
  );

  fault(
    'the only microphone unplugged in mid-call, and plugged in again',
    (name) =>
      play(name, async (scene) => {
        const visitor = await scene.visit((page) => withMicrophoneThat(page, 'opens'));
        const voice = await scene.talk(visitor);
        await unplugInPage(visitor.page);
        const sees = await isToldOfSilence(visitor, voice);
        await microphoneIs(visitor.page, 'opens');
        const pluggedIn = performance.now();
        await bothHear(voice);
        return goesOn(scene, visitor, voice, { sees, recoverMs: since(pluggedIn) });
      }),
    // Firefox takes what a speaker plays for one more microphone, and keeps made-up events from its tracks.
    { browsers: ['chromium'] },
  );

  fault('the speaker unplugged in mid-call, where there is another', (name) =>
    plugged(name, { speakers: ['room', 'headset'], microphones: ['desk'] }, async (scene, sound) => {
      const visitor = await scene.visit();
      const voice = await scene.talk(visitor);
      const [used] = await eventually('it plays', async () => {
        const speakers = await sound.playing();
        return speakers.length > 0 && speakers;
      });
      assert.ok(used);
      await sound.unplug(used);
      const unplugged = performance.now();
      await eventually('it plays on the other', async () => {
        const speakers = await sound.playing();
        return speakers.length > 0 && !speakers.includes(used);
      });
      return goesOn(scene, visitor, voice, { recoverMs: since(unplugged) });
    }),
  );

  fault(
    'the permission for the microphone withdrawn in mid-call',
    async (name) =>
      play(name, async (outer) => {
        const browser = await launchAsking();
        return withdrawn(outer.seenBy(browser)).finally(() => browser.close());
      }),
    // Firefox lets nobody but its person do so.
    { browsers: ['chromium'] },
  );

  fault('the microphone taken by another program before the call', (name) =>
    play(name, async (scene) => {
      const visitor = await scene.visit((page) => withMicrophoneThat(page, 'taken'));
      await visitor.press('button');
      return endsWith(scene, visitor, 'mic-busy', async () => {
        await microphoneIs(visitor.page, 'opens');
        return performance.now();
      });
    }),
  );

  fault(
    'getUserMedia that never answers, though it is allowed',
    (name) =>
      play(name, async (scene) => {
        const visitor = await scene.visit((page) => withMicrophoneThat(page, 'silent'));
        await visitor.press('button');
        return endsWith(scene, visitor, 'mic-busy', async () => {
          assert.equal(await answerLate(visitor.page), 1);
          return performance.now();
        });
      }),
    // Firefox's made-up microphone needs no leave, and yet Firefox says that it would ask for one.
    { browsers: ['chromium'] },
  );

  fault('getUserMedia that never answers, and a caller who gives up', (name) =>
    play(name, async (scene) => {
      const visitor = await scene.visit((page) => withMicrophoneThat(page, 'silent'));
      await visitor.press('button');
      // A panel that comes later is none of those changes that puppeteer's own waiting looks at.
      await eventually('the call can be ended', async () => (await visitor.page.$(HANGUP)) ?? false);
      await visitor.press('hangup');
      const cancelled = performance.now();
      assert.equal((await visitor.ended())['outcome'], 'cancelled');
      const recoverMs = since(cancelled);
      assert.equal(await answerLate(visitor.page), 1);
      await eventually('the late microphone is given back', () =>
        visitor.page.evaluate(() => {
          const { tracks } = window.witness;
          return tracks.length > 0 && tracks.every(({ readyState }) => readyState === 'ended');
        }),
      );
      await callsAgain(visitor);
      await leavesNothing(visitor, scene.phone);
      return { outcome: 'ended', recoverMs };
    }),
  );
});

/** In a browser that asks its person, who takes back what was allowed, and allows it again. */
async function withdrawn(scene: Scene): Promise<Met> {
  const { origin } = new URL(scene.stack.addresses.page);
  const devtools = await scene.browser.target().createCDPSession();
  const say = (setting: 'granted' | 'denied') =>
    devtools.send('Browser.setPermission', { permission: { name: 'microphone' }, setting, origin });
  await say('granted');
  const visitor = await scene.visit();
  const voice = await scene.talk(visitor);
  await say('denied');
  const sees = await isToldOfSilence(visitor, voice);
  assert.equal(await visitor.liveTracks(), 0);
  await say('granted');
  const granted = performance.now();
  await bothHear(voice);
  return goesOn(scene, visitor, voice, { sees, recoverMs: since(granted) });
}

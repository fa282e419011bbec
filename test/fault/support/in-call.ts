import assert from 'node:assert/strict';
import type { Page } from 'puppeteer-core';
import type { ErrorCode } from '../../../src/errors.js';
import type { BrowserName } from '../../support/browsers.js';
import { eventually, type Visitor } from '../../support/visitor.js';
import type { Make } from './fault.js';
import type { NetworkScene } from './network-scene.js';
import { endsWith, goesOn, whole } from './outcomes.js';
import type { Met } from './told.js';
import type { Voice } from './voice.js';

/** A call in which both ends hear each other. */
export interface InCall {
  scene: NetworkScene;
  visitor: Visitor;
  voice: Voice;
}

type SceneOf = () => Promise<NetworkScene>;
type Prepare = (page: Page) => Promise<void>;

/** Plays in front of a fresh page, and puts the network back afterwards. */
async function play(
  sceneOf: SceneOf,
  name: BrowserName,
  prepare: Prepare | undefined,
  act: (scene: NetworkScene, visitor: Visitor) => Promise<Met>,
): Promise<Met> {
  const scene = await sceneOf();
  let visitor: Visitor | undefined;
  try {
    visitor = await scene.visit(name, prepare);
    return await act(scene, visitor);
  } finally {
    await scene.network.heal();
    await visitor?.page.close();
  }
}

/** A fault in a call, which goes on all by itself. `act` makes it, and returns when both hear each other again. */
export const survived =
  (sceneOf: SceneOf, act: (call: InCall) => Promise<Omit<Met, 'outcome'>>, prepare?: Prepare): Make =>
  (name) =>
    play(sceneOf, name, prepare, async (scene, visitor) => {
      const voice = await scene.talk(visitor);
      const before = (await visitor.page.evaluate(() => window.words)).length;
      const met = await act({ scene, visitor, voice });
      assert.equal(await visitor.state(), 'active');
      const words = await visitor.page.evaluate(() => window.words);
      return goesOn(scene, visitor, voice, { sees: words.slice(before).join(' → '), ...met });
    });

/** A fault that ends a call, or keeps it from coming about. `act` makes it, and ends it when the call has ended. */
export const ended =
  (
    sceneOf: SceneOf,
    code: ErrorCode,
    act: (
      scene: NetworkScene,
      visitor: Visitor,
    ) => Promise<{ over: () => number | Promise<number>; met?: Omit<Met, 'outcome'> }>,
    prepare?: Prepare,
  ): Make =>
  (name) =>
    play(sceneOf, name, prepare, async (scene, visitor) => {
      const { over, met } = await act(scene, visitor);
      return endsWith(scene, visitor, code, over, met);
    });

/**
 * Waits until both hear each other and the panel is calm.
 * @param from a moment of `performance.now()`; by default this one
 * @returns whole milliseconds from then on until both heard
 */
export async function backAgain({ visitor, voice }: InCall, from = performance.now(), limit = 20_000): Promise<number> {
  await eventually('both hear each other', () => Promise.resolve(voice.back), limit);
  const recoverMs = Math.round(performance.now() - from);
  await whole(visitor, from);
  return recoverMs;
}

/** Waits until neither hears the other. */
export const silence = ({ voice }: InCall): Promise<unknown> =>
  eventually('both hear nothing', () => Promise.resolve(voice.silent));

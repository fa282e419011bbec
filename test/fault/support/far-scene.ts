import assert from 'node:assert/strict';
import { after } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ErrorCode } from '../../../src/errors.js';
import { errorTexts } from '../../../src/i18n/error-texts.js';
import { messages } from '../../../src/i18n/locales/en.js';
import type { BrowserName } from '../../support/browsers.js';
import { eventually, type Visitor } from '../../support/visitor.js';
import type { FarCall } from './far-call.js';
import { FarEnd } from './far-end.js';
import { endsOnce, reads, since } from './outcomes.js';
import { callsAgain, Scene } from './scene.js';
import type { Met } from './told.js';
import { leavesNothing } from './traces.js';
import { Voice } from './voice.js';
import { wasTold } from './words.js';

/** Longer than the longest limit of the product (ms): a minute of ringing, or of grace. */
const LIMIT_MS = 90_000;
/** The line that is called where no other is named. */
const LINE = 'sales';

/** A scene with a far end behind its gateway that does as it is told. */
export interface FarScene {
  scene: Scene;
  far: FarEnd;
}

/**
 * What faults of a file share; see `Scene.shared`.
 * @param lines names of more lines; each is a user of the far end
 */
export async function shareFarScene(
  ...lines: string[]
): Promise<<T>(name: BrowserName, act: (at: FarScene) => Promise<T>) => Promise<T>> {
  const far = await FarEnd.open();
  const callees = [LINE, ...lines].map((line) => [line, { callee: far.address(line), callerId: '+254700000001' }]);
  const play = Scene.shared({ lines: Object.fromEntries(callees) });
  after(() => far.close());
  return (name, act) => play(name, (scene) => act({ scene, far }));
}

/** Clicks, and gives back the call as the far end has it, which nobody has answered yet. */
export async function dial({ scene, far }: FarScene, line = LINE): Promise<{ visitor: Visitor; call: FarCall }> {
  const visitor = await scene.visit(undefined, { line });
  const arrives = far.awaits(line);
  await visitor.press('button');
  return { visitor, call: await arrives };
}

/** The same, and it rings, of which the caller knows. */
export async function rings(at: FarScene, line = LINE): Promise<{ visitor: Visitor; call: FarCall }> {
  const { visitor, call } = await dial(at, line);
  call.ring();
  await visitor.comesTo('ringing');
  return { visitor, call };
}

/** The same, and both hear each other; from then on it is listened to. */
export async function talk(at: FarScene, line = LINE): Promise<{ visitor: Visitor; call: FarCall; voice: Voice }> {
  const { visitor, call } = await dial(at, line);
  call.ring();
  call.answer();
  return { visitor, call, voice: await listen(visitor, call) };
}

/** Waits until both ends of a call that was answered hear each other, and listens from then on. */
export async function listen(visitor: Visitor, call: FarCall): Promise<Voice> {
  await visitor.comesTo('active');
  const voice = Voice.listen(visitor.page, call.voice);
  await eventually('both ends hear each other', () => Promise.resolve(voice.begun));
  await voice.stop();
  return Voice.listen(visitor.page, call.voice);
}

/** A call that went on: both hear each other still, the caller ends it, and nothing is left behind. */
export async function goesOn(
  { far }: Pick<FarScene, 'far'>,
  visitor: Visitor,
  call: FarCall,
  voice: Voice,
  met: Partial<Met> = {},
): Promise<Met> {
  await sleep(1000);
  await eventually('both ends hear each other', () => Promise.resolve(voice.back));
  const { gapMs } = voice;
  await voice.stop();
  assert.equal(await visitor.state(), 'active');
  const sees = await wasTold(visitor);
  await visitor.press('hangup');
  await endsOnce(visitor, { outcome: 'completed' });
  await call.gets('BYE');
  await callsAgain(visitor);
  await leavesNothing(visitor, far);
  return { outcome: 'survived', sees, gapMs, ...met };
}

/** A call that is over without an error: `completed`, or `cancelled` where it was never answered. */
export async function ends(
  { far }: FarScene,
  visitor: Visitor,
  outcome: 'completed' | 'cancelled',
  met: Partial<Met> = {},
): Promise<Met> {
  await endsOnce(visitor, { outcome });
  const sees = await reads(visitor);
  await callsAgain(visitor);
  await leavesNothing(visitor, far);
  return { outcome: 'ended', sees, ...met };
}

/**
 * A call that failed with this code, of which the caller reads.
 * @param began when the fault began, of `performance.now()`
 */
export async function fails(at: FarScene, visitor: Visitor, code: ErrorCode, began: number): Promise<Met> {
  return await isFree(at, visitor, code, await failsAfter(visitor, code, began));
}

/** The first half of it. @returns how long it took, in whole milliseconds */
export async function failsAfter(visitor: Visitor, code: ErrorCode, began: number): Promise<number> {
  await endsOnce(visitor, { outcome: 'failed', code }, LIMIT_MS);
  return since(began);
}

/** The other: a click works again. The page has to be in front of the others. */
export async function isFree({ far }: FarScene, visitor: Visitor, code: ErrorCode, recoverMs: number): Promise<Met> {
  const sees = await reads(visitor);
  for (const words of errorTexts[code]) assert.ok(sees.includes(messages[words]), `${sees} lacks ${words}`);
  await callsAgain(visitor);
  await leavesNothing(visitor, far);
  return { outcome: 'ended', code, sees, recoverMs };
}

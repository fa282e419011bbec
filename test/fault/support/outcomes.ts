import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ErrorCode } from '../../../src/errors.js';
import { eventually, type Visitor } from '../../support/visitor.js';
import { callsAgain, type Scene } from './scene.js';
import type { Met } from './told.js';
import { leavesNothing } from './traces.js';
import type { Voice } from './voice.js';
import { wasTold } from './words.js';

/** In milliseconds: longer than any silence that a fault of signalling could bring would need to begin. */
const AFTERWARDS = 2000;

/** The part of a scene that an outcome is looked for in. */
type Around = Pick<Scene, 'phone' | 'listen'>;

/** What the caller reads: the state, and what can be done. Before there is a panel that says it, the button does. */
export function reads(visitor: Visitor): Promise<string> {
  return visitor.page.$eval('sautikit-call-button', (element) => {
    const read = (...parts: string[]) =>
      parts
        .map((part) => element.shadowRoot?.querySelector(part)?.textContent?.replace(/\s+/g, ' ').trim())
        .filter(Boolean)
        .join('. ');
    return read('[part~=status]', '.message') || read('.said[role=alert]');
  });
}

/** Whether the caller is told that the call is being brought back. */
export function reconnecting(visitor: Visitor): Promise<boolean> {
  return visitor.page.$eval('sautikit-call-button', (element) => element.matches(':state(reconnecting)'));
}

/** Waits until the product has noticed that something is wrong with a call. @returns what the caller reads then */
export async function notices(visitor: Visitor, limit?: number): Promise<string> {
  const { page } = visitor;
  return await eventually('the caller is told', () => page.evaluate(() => window.worries.at(-1) ?? false), limit);
}

/** In whole milliseconds. */
export const since = (moment: number): number => Math.round(performance.now() - moment);

/** The call is whole again. @returns how long that took, in whole milliseconds, since a moment of `performance.now()` */
export async function whole(visitor: Visitor, moment: number, limit?: number): Promise<number> {
  await eventually('the call is whole', async () => !(await reconnecting(visitor)), limit);
  return since(moment);
}

/**
 * A call that went on: both hear each other still, it ends as calls end, the next goes through, and nothing is left behind.
 */
export async function goesOn(scene: Around, visitor: Visitor, voice: Voice, met: Omit<Met, 'outcome'>): Promise<Met> {
  await sleep(AFTERWARDS);
  await eventually('both hear', () => Promise.resolve(voice.back));
  const { gapMs } = voice;
  await voice.stop();
  const sees = met.sees || (await wasTold(visitor));
  await visitor.press('hangup');
  await endsOnce(visitor, { outcome: 'completed' });
  await callsAgain(visitor);
  await leavesNothing(visitor, scene.phone);
  return { outcome: 'survived', ...met, sees, gapMs };
}

/** A wish to call that the fault only held up: it is answered, and so on as above; no voice was there to be lost. */
export async function comesAbout(scene: Around, visitor: Visitor, met: Omit<Met, 'outcome'>): Promise<Met> {
  await visitor.comesTo('active');
  const voice = await scene.listen(visitor);
  const { gapMs: _, ...rest } = await goesOn(scene, visitor, voice, met);
  return rest;
}

/**
 * A call that came to its end by a fault, which is over: with one error, after which the button works.
 * @param over when the fault was over, of `performance.now()`; what failed before then is free at once
 */
export async function endsWith(
  scene: Around,
  visitor: Visitor,
  code: ErrorCode,
  over: () => number | Promise<number>,
  met: Omit<Met, 'outcome'> = {},
): Promise<Met> {
  await endsOnce(visitor, { outcome: 'failed', code });
  const failedAt = performance.now();
  const sees = await reads(visitor);
  const overAt = await over();
  await callsAgain(visitor);
  await leavesNothing(visitor, scene.phone);
  return { outcome: 'ended', code, sees, recoverMs: Math.max(0, Math.round(failedAt - overAt)), ...met };
}

/** One call, and one end of it, as the page is told. */
export async function endsOnce(visitor: Visitor, wanted: Record<string, unknown>, limit?: number): Promise<void> {
  const { outcome, code } = await visitor.ended(limit);
  assert.deepEqual({ outcome, ...(code !== undefined && { code }) }, wanted);
  const ends = (await visitor.events()).filter(({ name }) => name === 'call-ended' || name === 'error');
  assert.equal(ends.length, 1, JSON.stringify(ends));
}

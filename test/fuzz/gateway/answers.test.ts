import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { parameters, patience, times } from '../support/settings.js';
import { tell } from '../support/told-by-node.js';
import { Batch } from './batch.js';
import { memoryOf, type Memory } from './kamailio.js';
import { lies } from './lies.js';
import { Scene } from './scene.js';
import { INJECTED } from './wrong-parts.js';

/** So much may be kept of an answer for as long as a day (bytes): that there was such a call, and whose it was. */
const KEPT = 1500;
/** So much more may be held for seconds only: by transactions that are just over. */
const PASSING = 8 * 2 ** 20;
/** As long as a call that nobody ends may take to be forgotten (ms). */
const FORGOTTEN = 60_000;

/** What is held when every call is over. */
async function settled({ stack }: Scene): Promise<Memory> {
  for (const end = Date.now() + FORGOTTEN; ; await sleep(200)) {
    const memory = await memoryOf(stack);
    if (memory.dialogs === 0 || Date.now() > end) return memory;
  }
}

/** Lies to a gateway that keeps its connections to the hook, or does not. */
async function lieTo(scene: Scene, kept: boolean): Promise<void> {
  const counts = { statuses: {} as Record<string, number>, wires: {} as Record<string, number> };
  const count = (of: Record<string, number>, what: string): void => void (of[what] = (of[what] ?? 0) + 1);
  let inputs = 0;
  const held: Memory[] = [];
  let looked = 0;
  await fc.assert(
    fc.asyncProperty(lies(kept), async (all) => {
      await new Batch(scene).tell(all, ({ about, wire }, status) => {
        inputs++;
        count(counts.statuses, `${about} ${status}`);
        count(counts.wires, wire);
      });
      if (inputs < looked) return;
      held.push(await memoryOf(scene.stack));
      looked = inputs + 1000;
    }),
    parameters(3),
  );

  const [early] = held;
  const late = await settled(scene);
  assert.equal(late.dialogs, 0);
  assert.ok(late.shared - early!.shared < KEPT * inputs + PASSING, `${early!.shared} bytes, then ${late.shared}`);
  const log = await scene.log();
  // With a leak, each process comes to the end of what it has: 8 MB of its own, and 256 MB that all share.
  assert.doesNotMatch(
    log,
    /no more (pkg|shm|private|shared)|out of mem|(could not|cannot) allocate|qm_(malloc|realloc)|CRITICAL|segfault|core was/i,
  );
  for (const secret of [scene.stack.hookSecret, 'token-']) assert.ok(!log.includes(secret), secret);
  assert.doesNotMatch(log, new RegExp(`^${INJECTED}`, 'm'));
  // None of this is worth anything where all are refused; a short run of another seed may have no more than that.
  for (const status of inputs < 500
    ? ['call 503']
    : ['call 200', 'call 486', 'call 503', 'connect 200', 'incoming 503'])
    assert.ok(counts.statuses[status], `${status}: ${JSON.stringify(counts.statuses)}`);
  await tell(`hook answers at Kamailio, ${kept ? 'kept connections' : 'a connection each'}`, inputs, {
    ...counts,
    megabytesOfItsProcesses: [...held, late].map(({ own }) => Math.round(own / 2 ** 20)).join(' '),
    sharedBytesAnAnswer: Math.round((late.shared - early!.shared) / inputs),
  });
}

for (const kept of times > 1 ? [true, false] : [true]) {
  const name = `over ${kept ? 'kept connections' : 'a connection each'}`;
  test(
    `whatever a hook answers ${name}: nobody is called who may not be, and everybody hears an end`,
    { timeout: patience },
    async () => {
      const scene = await Scene.set({ HOOK_KEEP: Number(kept) });
      try {
        await lieTo(scene, kept);
      } finally {
        await scene.clear();
      }
    },
  );
}

import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BrowserName } from '../support/browsers.js';
import { dial, fails, goesOn, listen, shareFarScene, talk, type FarScene } from './support/far-scene.js';
import { faults } from './support/fault.js';
import { reconnecting, since } from './support/outcomes.js';
import type { Met } from './support/told.js';

const play = await shareFarScene('progress', 'trying', 'early');

/** How often a far end that rings says so again (ms); RFC 3261 section 13.3.1.1 asks for one a minute. */
const SAYS_AGAIN = 5000;

/** Whoever has not answered after a minute is called no longer: the caller is told, and the far end. */
const WAITS = {
  'it rings for ever': async (at: FarScene) => {
    const { visitor, call } = await dial(at);
    call.ring();
    const again = setInterval(() => call.ring(), SAYS_AGAIN);
    const began = performance.now();
    return async (): Promise<Met> => {
      try {
        const met = await fails(at, visitor, 'no-answer', began);
        assert.deepEqual(call.sequence, ['INVITE', 'CANCEL', 'ACK']);
        return met;
      } finally {
        clearInterval(again);
      }
    };
  },
  'it says 183 once, and is never heard of again': async (at: FarScene) => {
    const { visitor, call } = await dial(at, 'progress');
    call.ring(183);
    const began = performance.now();
    return async () => {
      const met = await fails(at, visitor, 'no-answer', began);
      assert.deepEqual(call.sequence, ['INVITE', 'CANCEL', 'ACK']);
      return met;
    };
  },
  'it says that it tries, and nothing more': async (at: FarScene) => {
    const { visitor, call } = await dial(at, 'trying');
    const began = performance.now();
    return async () => {
      const met = await fails(at, visitor, 'no-answer', began);
      assert.deepEqual(call.sequence, ['INVITE', 'CANCEL', 'ACK']);
      return met;
    };
  },
  'its early media stops, and nothing follows': async (at: FarScene) => {
    const { visitor, call } = await dial(at, 'early');
    call.ring(183, { early: true });
    const began = performance.now();
    await visitor.hearsEarly('the announcement');
    call.voice.hush();
    return async () => {
      const met = await fails(at, visitor, 'no-answer', began);
      assert.deepEqual(call.sequence, ['INVITE', 'CANCEL', 'ACK']);
      return met;
    };
  },
  'it refuses every re-INVITE, until the grace is over': async (at: FarScene) => {
    const { visitor, call, voice } = await talk(at);
    call.meets.INVITE = (reinvite) => call.reply(reinvite, 500);
    at.scene.gate.cut();
    const began = performance.now();
    await call.gets('INVITE', 2);
    return async () => {
      // For as long as it is tried, the sound goes on.
      while (await reconnecting(visitor)) await sleep(500);
      const { gapMs } = voice;
      await voice.stop();
      const met = await fails(at, visitor, 'connection-lost', began);
      await call.gets('BYE');
      const tried = call.sequence.filter((what) => what === 'INVITE').length - 1;
      assert.ok(tried >= 10, `tried ${tried} times`);
      return { ...met, gapMs };
    };
  },
} satisfies Record<string, (at: FarScene) => Promise<() => Promise<Met>>>;

type Wait = keyof typeof WAITS;

/** All of them wait for a minute; so they wait side by side, in a page each. */
function wait(name: BrowserName): Promise<Map<Wait, PromiseSettledResult<Met>>> {
  return play(name, async (at) => {
    const begun: [Wait, () => Promise<Met>][] = [];
    // The one that cuts the socket first: a call that rings would end with it.
    for (const key of (Object.keys(WAITS) as Wait[]).reverse()) begun.push([key, await WAITS[key](at)]);
    const settled = await Promise.allSettled(begun.map(([, end]) => end()));
    return new Map(begun.map(([key], index) => [key, settled[index]!]));
  });
}

const waits = new Map<BrowserName, ReturnType<typeof wait>>();

async function outcomeOf(key: Wait, name: BrowserName): Promise<Met> {
  const all = waits.get(name) ?? wait(name);
  waits.set(name, all);
  const result = (await all).get(key)!;
  if (result.status === 'rejected') throw result.reason;
  return result.value;
}

faults('the far side keeps silent', (fault) => {
  for (const key of Object.keys(WAITS) as Wait[]) fault(key, (name) => outcomeOf(key, name), { limitMs: 240_000 });

  fault('its early media stops for 3 s before it answers', (name) =>
    play(name, async (at) => {
      const { visitor, call } = await dial(at);
      call.ring(183, { early: true });
      await visitor.hearsEarly('the announcement');
      call.voice.hush();
      await sleep(3000);
      assert.equal(await visitor.state(), 'ringing');
      call.answer();
      const answered = performance.now();
      const voice = await listen(visitor, call);
      return await goesOn(at, visitor, call, voice, { recoverMs: since(answered) });
    }),
  );
});

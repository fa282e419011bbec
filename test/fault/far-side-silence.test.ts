import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BrowserName } from '../support/browsers.js';
import type { Visitor } from '../support/visitor.js';
import type { FarCall } from './support/far-call.js';
import { dial, failsAfter, goesOn, isFree, listen, shareFarScene, talk, type FarScene } from './support/far-scene.js';
import { faults } from './support/fault.js';
import { reads, reconnecting, since, whole } from './support/outcomes.js';
import type { Met } from './support/told.js';

const play = await shareFarScene('progress', 'trying', 'early', 'stubborn');

/** How often a far end that rings says so again (ms); RFC 3261 section 13.3.1.1 asks for one a minute. */
const SAYS_AGAIN = 5000;

/** In milliseconds: the grace is a minute. */
const LONGER_THAN_THE_GRACE = 65_000;

/** A call that nothing happens in any more. */
interface Begun {
  visitor: Visitor;
  /** Waits for whatever comes, beside others; what is given back then looks at it, alone and in front. */
  wait: () => Promise<() => Promise<Met>>;
}

/** A call that is not answered: after a minute nobody waits any longer, and it rings no more. */
async function unanswered(
  at: FarScene,
  line: string,
  act: (call: FarCall) => void,
): Promise<Begun & { call: FarCall }> {
  const { visitor, call } = await dial(at, line);
  act(call);
  const began = performance.now();
  const wait = async () => {
    const recoverMs = await failsAfter(visitor, 'no-answer', began);
    return async () => {
      const met = await isFree(at, visitor, 'no-answer', recoverMs);
      assert.deepEqual(call.sequence, ['INVITE', 'CANCEL', 'ACK']);
      return met;
    };
  };
  return { visitor, call, wait };
}

/** The one that cuts the sockets comes first: a call that rings would end with it. */
const WAITS: Record<string, (at: FarScene) => Promise<Begun>> = {
  'it refuses every re-INVITE until the grace is over, while the voice goes on, and then takes one': async (at) => {
    const { visitor, call, voice } = await talk(at, 'stubborn');
    call.meets.INVITE = (reinvite) => call.reply(reinvite, 500);
    at.scene.gate.cut();
    const began = performance.now();
    await call.gets('INVITE', 2);
    const sees = await reads(visitor);
    const wait = async () => {
      await sleep(LONGER_THAN_THE_GRACE - since(began));
      assert.ok(await reconnecting(visitor));
      const tried = call.sequence.filter((what) => what === 'INVITE').length - 1;
      assert.ok(tried >= 10, `tried ${tried} times`);
      delete call.meets.INVITE;
      const recoverMs = await whole(visitor, performance.now());
      return () => goesOn(at, visitor, call, voice, { sees, recoverMs });
    };
    return { visitor, wait };
  },
  'it rings for ever': async (at) =>
    unanswered(at, 'sales', (call) => {
      call.ring();
      const again = setInterval(() => (call.over ? clearInterval(again) : call.ring()), SAYS_AGAIN);
    }),
  'it says 183 once, and is never heard of again': async (at) => unanswered(at, 'progress', (call) => call.ring(183)),
  'it says that it tries, and nothing more': async (at) => unanswered(at, 'trying', () => undefined),
  'its early media stops, and nothing follows': async (at) => {
    const begun = await unanswered(at, 'early', (call) => call.ring(183, { early: true }));
    await begun.visitor.hearsEarly('the announcement');
    begun.call.voice.hush();
    return begun;
  },
};

type Waited = Map<string, () => Promise<Met>>;

/** All of them wait for a minute; so they wait side by side, in a page each, and are looked at one after the other. */
function wait(name: BrowserName): Promise<Waited> {
  return play(name, async (at) => {
    const begun = new Map<string, Begun>();
    for (const [key, begin] of Object.entries(WAITS)) begun.set(key, await begin(at));
    const ended = await Promise.all([...begun].map(async ([key, one]) => ({ key, one, look: await one.wait() })));
    const met: Waited = new Map();
    for (const { key, one, look } of ended) {
      // Nothing can be clicked in a page behind another.
      await one.visitor.page.bringToFront();
      const [result] = await Promise.allSettled([look()]);
      met.set(key, () =>
        result.status === 'fulfilled' ? Promise.resolve(result.value) : Promise.reject(result.reason as Error),
      );
    }
    return met;
  });
}

const waits = new Map<BrowserName, Promise<Waited>>();

async function outcomeOf(key: string, name: BrowserName): Promise<Met> {
  const waiting = waits.get(name) ?? wait(name);
  waits.set(name, waiting);
  return await (await waiting).get(key)!();
}

faults('the far side keeps silent', (fault) => {
  for (const key of Object.keys(WAITS)) fault(key, (name) => outcomeOf(key, name), { limitMs: 240_000 });

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

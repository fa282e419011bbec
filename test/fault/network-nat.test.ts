import assert from 'node:assert/strict';
import { after } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { raiseNat, type Binding, type Nat } from '../support/network/nat.js';
import { eventually, type Visitor } from '../support/visitor.js';
import type { FarCall } from './support/far-call.js';
import { FarEnd } from './support/far-end.js';
import { goesOn, listen } from './support/far-scene.js';
import { faults, type Make } from './support/fault.js';
import { useNetworkScene, type NetworkScene } from './support/network-scene.js';
import { since } from './support/outcomes.js';
import type { Met } from './support/told.js';
import type { Voice } from './support/voice.js';

const far = await FarEnd.open();
const scene = useNetworkScene({ lines: { sales: { callee: far.address('sales'), callerId: '+254700000001' } } });
after(() => far.close());

/** After so many seconds of nothing the NAT forgets a binding. */
const FORGETS_S = 30;
/** In milliseconds: longer than that. */
const WHILE_MS = 40_000;
/** Of a socket that nothing keeps its binding for. */
const IDLE_PORT = 9_999;

/** A call that rings, of somebody behind such a NAT. */
interface BehindNat {
  scene: NetworkScene;
  visitor: Visitor;
  call: FarCall;
  nat: Nat;
}

const same = (one: Binding) => (other: Binding) => other.outside === one.outside && other.from.port === one.from.port;

/** `act` lasts longer than a binding lives; at its end both hear each other. */
const behindNat =
  (act: (at: BehindNat) => Promise<{ voice: Voice; met: Partial<Met> }>): Make =>
  async (name) => {
    const here = await scene();
    const nat = await raiseNat(here.network, { seconds: FORGETS_S });
    let visitor: Visitor | undefined;
    try {
      const idle = await nat.speak(IDLE_PORT);
      visitor = await here.visit(name);
      const arrives = far.awaits('sales');
      await visitor.press('button');
      const call = await arrives;
      call.ring();
      await visitor.comesTo('ringing');
      const { voice, met } = await act({ scene: here, visitor, call, nat });
      assert.ok(!(await nat.bindings()).some(same(idle)), 'the NAT has forgotten who was silent');
      return await goesOn({ far }, visitor, call, voice, met);
    } finally {
      await here.network.heal();
      await nat.lower();
      await visitor?.page.close();
    }
  };

/** It rings for so long, in which no sound keeps a binding. */
async function ringsLong({ visitor, call }: BehindNat): Promise<{ voice: Voice; met: Partial<Met> }> {
  await sleep(WHILE_MS);
  const answered = performance.now();
  call.answer();
  const voice = await listen(visitor, call);
  return { voice, met: { recoverMs: since(answered) } };
}

/** In a call, of which the sound keeps its binding all the time: by the checks of ICE (RFC 7675) where there is no sound. */
const inCall = (act: (at: BehindNat, voice: Voice) => Promise<{ voice: Voice; met: Partial<Met> }>): Make =>
  behindNat(async (at) => {
    const { visitor, call, nat, scene: here } = at;
    call.answer();
    const first = await listen(visitor, call);
    const { hosts } = here.network;
    const ofSound = (await nat.bindings()).filter(
      ({ to }) => to.address === hosts['turn.test'] && to.port !== here.stack.turnPort,
    );
    assert.ok(ofSound.length > 0);
    const done = await act(at, first);
    const bindings = await nat.bindings();
    assert.ok(
      ofSound.some((one) => bindings.some(same(one))),
      JSON.stringify({ ofSound, bindings }),
    );
    return done;
  });

/** In a call, in which nobody hears anything for so long. */
const silent = (begin: (at: BehindNat) => Promise<unknown>, end: (at: BehindNat) => Promise<unknown>): Make =>
  inCall(async (at, voice) => {
    await begin(at);
    await eventually('both hear nothing', () => Promise.resolve(voice.silent));
    await sleep(WHILE_MS);
    assert.ok(voice.silent);
    await voice.stop();
    await end(at);
    const ended = performance.now();
    return { voice: await listen(at.visitor, at.call), met: { recoverMs: since(ended) } };
  });

faults('UDP bindings that die after 30 s', (fault) => {
  fault('it rings for 40 s', behindNat(ringsLong));

  fault(
    'both are muted for 40 s',
    silent(
      ({ visitor, call }) => {
        call.voice.hush();
        return visitor.press('mute');
      },
      ({ visitor, call }) => {
        call.voice.speak();
        return visitor.press('mute');
      },
    ),
  );

  fault(
    'on hold for 40 s: no sound is sent at all',
    silent(
      ({ call }) => {
        call.voice.hush();
        return call.renew('inactive');
      },
      async ({ call }) => {
        await call.renew('sendrecv');
        call.voice.speak();
      },
    ),
  );

  fault(
    'they talk for 45 s',
    inCall(async (_, voice) => {
      await sleep(45_000);
      return { voice, met: {} };
    }),
  );
});

import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../support/visitor.js';
import { faults } from './support/fault.js';
import { endsWith, goesOn, notices, since, whole } from './support/outcomes.js';
import { Scene } from './support/scene.js';

const play = Scene.shared();

/** For how long a relay is frozen, in milliseconds. */
const FROZEN_MS = 10_000;
/** The gateway's, in milliseconds. */
const GRACE_MS = 60_000;

faults('the servers behind', (fault) => {
  // Its calls were in its memory. What writes each change into a database at once would keep them: see docs/gateway.md.
  fault('the gateway loses its power while they talk, and with it what it knew of the call', (name) =>
    play(name, async (scene) => {
      const visitor = await scene.visit();
      const voice = await scene.talk(visitor);
      await voice.stop();
      const [gateway] = scene.stack.gateways;
      await gateway!.kill();
      await notices(visitor);
      await gateway!.start();
      const backAt = performance.now();
      await visitor.ended();
      // Nobody can tell it, since nobody knows of its call. Who hears nothing any more hangs up.
      await scene.phone.hangup();
      return endsWith(scene, visitor, 'connection-lost', () => backAt);
    }),
  );

  // rtpengine 10.5 never reads a port again on which more than 50 packets had waited (mended by sipwise/rtpengine#1769).
  fault(
    'the media relay stands still for 10 s while they talk, and then hears nothing any more',
    (name) =>
      play(name, async (scene) => {
        const visitor = await scene.visit();
        const voice = await scene.talk(visitor);
        const { rtpengine } = scene.stack;
        rtpengine.freeze();
        try {
          await sleep(FROZEN_MS);
        } finally {
          rtpengine.thaw();
        }
        const thawedAt = performance.now();
        await visitor.ended(GRACE_MS * 2);
        await voice.stop();
        return endsWith(scene, visitor, 'connection-lost', () => thawedAt);
      }),
    { limitMs: 180_000 },
  );

  fault('the media relay is begun anew while they talk, and knows nothing of the call', (name) =>
    play(name, async (scene) => {
      const visitor = await scene.visit();
      const voice = await scene.talk(visitor);
      const { rtpengine } = scene.stack;
      await rtpengine.stop();
      await rtpengine.start();
      const begunAt = performance.now();
      const sees = await notices(visitor);
      await eventually('both hear', () => Promise.resolve(voice.back), 30_000);
      const recoverMs = since(begunAt);
      await whole(visitor, begunAt);
      return goesOn(scene, visitor, voice, { sees, recoverMs });
    }),
  );
});

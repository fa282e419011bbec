import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { faults } from './support/fault.js';
import { backAgain, survived } from './support/in-call.js';
import { useNetworkScene } from './support/network-scene.js';

const scene = useNetworkScene();

/** In milliseconds: Firefox holds connections back after others have failed. */
const PATIENCE = 30_000;

faults('the network', (fault) => {
  fault(
    'the cable cut for 60 s while they talk',
    survived(scene, async (call) => {
      const { wifi } = call.scene.network;
      await wifi.unplug();
      await sleep(60_000);
      assert.ok(call.voice.silent);
      await wifi.plugIn();
      return { recoverMs: await backAgain(call, performance.now(), PATIENCE) };
    }),
    { limitMs: 180_000 },
  );
});

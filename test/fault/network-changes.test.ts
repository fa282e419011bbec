import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { faults } from './support/fault.js';
import { backAgain, silence, survived } from './support/in-call.js';
import { useNetworkScene } from './support/network-scene.js';

const scene = useNetworkScene();

faults('the network', (fault) => {
  fault(
    'from Wi-Fi to mobile while they talk: another address',
    survived(scene, async (call) => {
      const { wifi, mobile } = call.scene.network;
      const changed = performance.now();
      await wifi.down();
      await mobile.up();
      await silence(call);
      return { recoverMs: await backAgain(call, changed) };
    }),
    // Firefox takes longer to start than this fault to pass.
    { quick: ['chromium'] },
  );

  fault(
    'from Wi-Fi to mobile, with nothing in between for 3 s',
    survived(scene, async (call) => {
      const { wifi, mobile } = call.scene.network;
      await wifi.down();
      await sleep(3000);
      await mobile.up();
      return { recoverMs: await backAgain(call) };
    }),
  );

  for (const seconds of [2, 10]) {
    fault(
      `the cable cut for ${seconds} s while they talk`,
      survived(scene, async (call) => {
        const { wifi } = call.scene.network;
        await wifi.unplug();
        await sleep(seconds * 1000);
        assert.ok(call.voice.silent);
        await wifi.plugIn();
        return { recoverMs: await backAgain(call) };
      }),
    );
  }
});

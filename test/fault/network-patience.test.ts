import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { faults } from './support/fault.js';
import { backAgain, survived } from './support/in-call.js';
import { useNetworkScene } from './support/network-scene.js';

const scene = useNetworkScene();

faults('the network', (fault) => {
  fault(
    'the cable cut for 60 s while they talk',
    survived(scene, async (call) => {
      const { wifi } = call.scene.network;
      await wifi.unplug();
      await sleep(60_000);
      assert.ok(call.voice.silent);
      await wifi.plugIn();
      return { recoverMs: await backAgain(call) };
    }),
    // Firefox never sends again over a peer connection that has failed, as it does here after half a minute: ICE restarts,
    // DTLS says that it is connected, and no byte leaves (w3c/webrtc-pc issue 3139).
    { browsers: ['chromium'], limitMs: 180_000 },
  );
});

import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../support/visitor.js';
import { faults } from './support/fault.js';
import { callsAgain, Scene } from './support/scene.js';

/** In milliseconds: longer than any silence that a cut could bring would need to begin. */
const AFTERWARDS = 3000;

faults('signalling', (fault) => {
  fault(
    'the socket is cut while they talk',
    (name) =>
      Scene.play(name, {}, async (scene) => {
        const visitor = await scene.visit();
        const voice = await scene.talk(visitor);
        const connections = scene.gate.connections;
        scene.gate.cut();
        const cutAt = performance.now();
        await eventually('it has connected again', () => Promise.resolve(scene.gate.connections > connections));
        await eventually('it is registered again', () =>
          visitor.page.$eval('sautikit-call-button', (element) => !element.matches(':state(reconnecting)')),
        );
        const recoverMs = Math.round(performance.now() - cutAt);
        await sleep(AFTERWARDS);
        await eventually('both hear', () => Promise.resolve(voice.back));
        const { gapMs } = voice;
        await voice.stop();
        await visitor.press('hangup');
        assert.equal((await visitor.ended())['outcome'], 'completed');
        await callsAgain(visitor);
        return { outcome: 'survived', recoverMs, gapMs };
      }),
    { quick: true },
  );
});

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { faults } from './support/fault.js';
import { Gate } from './support/gate.js';
import { goesOn } from './support/outcomes.js';
import { Scene } from './support/scene.js';

const share = Scene.shared();

/** In milliseconds: what proxies of companies and of mobile networks are set to, as a rule. */
const IDLE_LIMIT = 60_000;
const TALK = 75_000;
/** In milliseconds: what a voice that nothing happened to is silent at most, on a machine that has more to do. */
const GAP = 2000;

/** A connection on which nothing is said, through another such proxy. @returns what ended it, once something has */
async function silentConnection(): Promise<{ ended(): string | undefined; close(): Promise<void> }> {
  const silent = createServer((socket) => socket.on('error', () => undefined)).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const gate = await Gate.open();
  gate.idleLimit = IDLE_LIMIT;
  gate.leadTo(`tcp://127.0.0.1:${(silent.address() as AddressInfo).port}`);
  const { hostname, port } = new URL(gate.url);
  let code: string | undefined;
  const socket = connect(Number(port), hostname);
  socket.on('error', (error: NodeJS.ErrnoException) => (code = error.code));
  return {
    ended: () => code,
    async close() {
      socket.destroy();
      await gate.close();
      silent.close();
    },
  };
}

faults('the socket to the gateway', (fault) => {
  fault('a proxy that cuts what is idle for 60 s, in a call of 75 s', (name) =>
    share(name, async (scene) => {
      const { gate } = scene;
      const silent = await silentConnection();
      try {
        gate.idleLimit = IDLE_LIMIT;
        const visitor = await scene.visit();
        const voice = await scene.talk(visitor);
        const known = gate.connections;
        await sleep(TALK);
        assert.equal(silent.ended(), 'ECONNRESET', 'such a proxy cuts');
        assert.equal(gate.connections, known);
        const { caller, phone } = voice.gapMs;
        assert.ok(Math.max(caller, phone) < GAP, `silent for ${caller} ms at the caller, ${phone} ms at the phone`);
        return await goesOn(scene, visitor, voice, {});
      } finally {
        await silent.close();
      }
    }),
  );
});

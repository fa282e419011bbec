import { setTimeout as sleep } from 'node:timers/promises';
import assert from 'node:assert/strict';
import { faults } from './support/fault.js';
import { comesAbout, endsWith, goesOn, reconnecting, since, whole } from './support/outcomes.js';
import { Scene } from './support/scene.js';
import { answer, registered, type Alter, type Passing } from './support/sip-proxy.js';

/** In seconds: a call registers anew after five, at the latest. */
const LIFETIME = 6;
const share = Scene.shared({ tokenLifetime: LIFETIME });

/** Answers what fits in the gateway's place; all else passes. */
const refuse =
  (fits: (message: Passing) => boolean, status: number, reason: string, ...headers: string[]): Alter =>
  (message, way) => {
    if (message.from !== 'browser' || !fits(message)) return message.text;
    way.toBrowser(answer(message, status, reason, ...headers));
    return undefined;
  };

const isInvite = ({ method, again }: Passing) => method === 'INVITE' && !again;
const isRegister = ({ method }: Passing) => method === 'REGISTER';

faults('the gateway refuses', (fault) => {
  fault('the call: 503 with Retry-After', (name) =>
    share(name, async (scene) => {
      const proxy = await scene.sipProxy();
      const visitor = await scene.visit();
      proxy.alter = refuse(isInvite, 503, 'Service Unavailable', 'Retry-After: 30');
      await visitor.press('button');
      await visitor.ended();
      proxy.reset();
      const overAt = performance.now();
      return endsWith(scene, visitor, 'server-error', () => overAt);
    }),
  );

  fault('the registration: 503 with Retry-After', (name) =>
    share(name, async (scene) => {
      const proxy = await scene.sipProxy();
      const visitor = await scene.visit();
      proxy.alter = refuse(isRegister, 503, 'Service Unavailable', 'Retry-After: 2');
      const voice = await scene.talk(visitor);
      proxy.reset();
      const overAt = performance.now();
      await proxy.sees('the answer to a REGISTER', registered);
      return goesOn(scene, visitor, voice, { recoverMs: since(overAt) });
    }),
  );

  for (const status of [403, 503]) {
    fault(`registrations in the middle of a call: ${status}`, (name) =>
      share(name, async (scene) => {
        const proxy = await scene.sipProxy();
        const visitor = await scene.visit();
        const voice = await scene.talk(visitor);
        proxy.reset();
        proxy.alter = refuse(isRegister, status, 'No');
        await proxy.sees('a REGISTER', isRegister);
        await sleep(2000);
        assert.equal(await visitor.state(), 'active');
        assert.equal(await reconnecting(visitor), false);
        // It still is when the caller hangs up.
        return goesOn(scene, visitor, voice, {});
      }),
    );

    fault(`registrations in the middle of a call: ${status}, and then its socket is cut`, (name) =>
      share(name, async (scene) => {
        const proxy = await scene.sipProxy();
        const visitor = await scene.visit();
        const voice = await scene.talk(visitor);
        proxy.reset();
        proxy.alter = refuse(isRegister, status, 'No');
        await proxy.sees('a REGISTER', isRegister);
        await sleep(500);
        scene.gate.cut();
        await sleep(4000);
        proxy.reset();
        const recoverMs = await whole(visitor, performance.now(), 40_000);
        return goesOn(scene, visitor, voice, { recoverMs });
      }),
    );
  }

  fault('a new token once: 401', (name) =>
    share(name, async (scene) => {
      const proxy = await scene.sipProxy();
      const visitor = await scene.visit();
      let first = true;
      const refused = refuse(isInvite, 401, 'Unauthorized');
      proxy.alter = (message, way) => {
        if (!isInvite(message) || message.from !== 'browser' || !first) return message.text;
        first = false;
        return refused(message, way);
      };
      await visitor.press('button');
      return comesAbout(scene, visitor, {});
    }),
  );
});

import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ErrorCode } from '../../src/errors.js';
import { eventually } from '../support/visitor.js';
import { faults } from './support/fault.js';
import { comesAbout, endsWith, goesOn, notices, reconnecting, since, whole } from './support/outcomes.js';
import { allow, asksForMicrophone } from './support/prompt.js';
import { Scene } from './support/scene.js';
import { registered } from './support/sip-proxy.js';
import type { TokenDesk, Trouble } from './support/token-desk.js';

/** In seconds. A renewal is asked for at the half of it, so that minutes of a call become seconds. */
const LIFETIME = 6;
/** In seconds: the gateway's, for who is gone. */
const GRACE = 8;
const share = Scene.shared({ tokenLifetime: LIFETIME, settings: { GRACE } });
/** One in which a renewal may fail and be made in time all the same. */
const shareLong = Scene.shared({ tokenLifetime: 20 });

const HTML = { headers: { 'Content-Type': 'text/html' }, body: '<!doctype html><title>Log in to the Wi-Fi</title>' };

/** What may be wrong with a token endpoint, and what the developer gets of it when nothing has begun yet. */
const TROUBLES: [what: string, make: (desk: TokenDesk) => void | Promise<void>, code: ErrorCode][] = [
  ['never answers', troubled({ hangs: true }), 'token-unreachable'],
  ['answers 500', troubled({ status: 500, body: 'Internal Server Error' }), 'token-unreachable'],
  ['refuses connections', (desk) => desk.shut(), 'token-unreachable'],
  ['cuts connections', troubled({ cuts: true }), 'token-unreachable'],
  [
    'answers 429 with a time to wait',
    troubled({ status: 429, headers: { 'Retry-After': '3' }, body: '{"error":"rate-limited","retry_after":3}' }),
    'rate-limited',
  ],
  ['answers with the page of a captive portal', troubled(HTML), 'token-malformed'],
  ['answers with half of its JSON', troubled({ body: '{"token":"eyJhbGciOi' }), 'token-malformed'],
  ['answers with wrong types', troubled({ body: '{"token":["x"],"expires_in":"soon"}' }), 'token-malformed'],
];

function troubled(trouble: Trouble): (desk: TokenDesk) => void {
  return (desk) => (desk.trouble = trouble);
}

const renewals = (desk: TokenDesk) => desk.asked.filter(({ renew }) => renew !== undefined).length;

/** A visitor whose button asks the desk that has its troubles. */
async function visitDesk(scene: Scene, prepare?: Parameters<Scene['visit']>[0]) {
  const desk = await scene.tokenDesk();
  desk.asked.length = 0;
  return { desk, visitor: await scene.visit(prepare, { 'token-url': desk.url }) };
}

faults('the token endpoint as a call begins', (fault) => {
  fault('is slow: four seconds', (name) =>
    share(name, async (scene) => {
      const { desk, visitor } = await visitDesk(scene);
      desk.trouble = { until: sleep(4000) };
      await visitor.press('button');
      await visitor.comesTo('active');
      return comesAbout(scene, visitor, {});
    }),
  );

  for (const [what, make, code] of TROUBLES) {
    fault(what, (name) =>
      share(name, async (scene) => {
        const { desk, visitor } = await visitDesk(scene);
        await make(desk);
        await visitor.press('button');
        return endsWith(scene, visitor, code, async () => {
          await desk.reopen();
          return performance.now();
        });
      }),
    );
  }
});

/** The same at renewals, where whatever is no grant has the same consequence: another try. */
const AT_RENEWALS = TROUBLES.filter(([, , code]) => code !== 'token-malformed');

faults('the token endpoint at the renewals of a call', (fault) => {
  for (const [what, make] of AT_RENEWALS) {
    fault(`${what}, until token and registration have run out`, (name) =>
      share(name, async (scene) => {
        const { desk, visitor } = await visitDesk(scene);
        const voice = await scene.talk(visitor);
        await make(desk);
        await sleep((LIFETIME + 3) * 1000);
        assert.equal(await visitor.state(), 'active');
        assert.equal(await reconnecting(visitor), false);
        await desk.reopen();
        // What has run out is renewed no more. The connection is the call's own, and needs no token to end it.
        return goesOn(scene, visitor, voice, {});
      }),
    );
  }

  fault('answers with what is no grant, of one kind after the other', (name) =>
    share(name, async (scene) => {
      const { desk, visitor } = await visitDesk(scene);
      const voice = await scene.talk(visitor);
      for (const [, make] of TROUBLES.filter(([, , code]) => code === 'token-malformed')) {
        await make(desk);
        const before = renewals(desk);
        await eventually('it was asked', () => Promise.resolve(renewals(desk) > before));
      }
      assert.equal(await visitor.state(), 'active');
      await desk.reopen();
      return goesOn(scene, visitor, voice, {});
    }),
  );

  fault('is slow: four seconds', (name) =>
    share(name, async (scene) => {
      const { desk, visitor } = await visitDesk(scene);
      const voice = await scene.talk(visitor);
      desk.trouble = { until: sleep(4000) };
      const before = renewals(desk);
      await eventually('two tokens were asked for', () => Promise.resolve(renewals(desk) > before + 1));
      assert.equal(await reconnecting(visitor), false);
      return goesOn(scene, visitor, voice, {});
    }),
  );

  fault('answers 500 for a while, and the token is renewed before its end', (name) =>
    shareLong(name, async (scene) => {
      const proxy = await scene.sipProxy();
      const { desk, visitor } = await visitDesk(scene);
      const voice = await scene.talk(visitor);
      desk.trouble = { status: 500, body: '' };
      await eventually('renewals were asked for', () => Promise.resolve(renewals(desk) > 1));
      await desk.reopen();
      const mendedAt = performance.now();
      proxy.reset();
      await proxy.sees('the answer to a REGISTER', registered);
      const recoverMs = since(mendedAt);
      scene.gate.cut();
      const sees = await notices(visitor);
      await whole(visitor, performance.now());
      return goesOn(scene, visitor, voice, { sees, recoverMs });
    }),
  );

  // The gateway lets nobody into a call who cannot prove whose it is; the voice goes on until it has waited long enough.
  fault('fails, and the socket is cut when the token has run out', (name) =>
    share(name, async (scene) => {
      const { desk, visitor } = await visitDesk(scene);
      const voice = await scene.talk(visitor);
      desk.trouble = { status: 500, body: '' };
      await sleep((LIFETIME + 1) * 1000);
      scene.gate.cut();
      const cutAt = performance.now();
      await notices(visitor);
      await sleep((GRACE - 3) * 1000);
      assert.ok(voice.back, 'both hear each other for as long as the gateway waits');
      await voice.stop();
      await desk.reopen();
      await visitor.ended();
      return endsWith(scene, visitor, 'connection-lost', () => cutAt + GRACE * 1000);
    }),
  );
});

faults('the token', (fault) => {
  fault('runs out under the permission prompt', (name) =>
    share(name, async (scene) => {
      const { desk, visitor } = await visitDesk(scene, asksForMicrophone);
      await visitor.press('button');
      await sleep((LIFETIME + 2) * 1000);
      assert.ok(renewals(desk) > 0);
      await allow(visitor.page);
      return comesAbout(scene, visitor, {});
    }),
  );

  fault('runs out under the permission prompt, and the endpoint fails', (name) =>
    share(name, async (scene) => {
      const { desk, visitor } = await visitDesk(scene, asksForMicrophone);
      await visitor.press('button');
      await eventually('there is a grant', () => Promise.resolve(desk.asked.length > 0));
      await sleep(500);
      desk.trouble = { status: 500, body: '' };
      await sleep((LIFETIME + 2) * 1000);
      await allow(visitor.page);
      return endsWith(scene, visitor, 'token-unreachable', async () => {
        await desk.reopen();
        return performance.now();
      });
    }),
  );

  fault('has run out after a call', (name) =>
    share(name, async (scene) => {
      const { visitor } = await visitDesk(scene);
      await visitor.press('button');
      await visitor.comesTo('active');
      await visitor.press('hangup');
      await visitor.ended();
      await sleep((LIFETIME + 1) * 1000);
      await visitor.page.evaluate(() => (window.witness.events = []));
      await visitor.press('button');
      return comesAbout(scene, visitor, {});
    }),
  );
});

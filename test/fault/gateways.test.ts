import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BrowserName } from '../support/browsers.js';
import { eventually } from '../support/visitor.js';
import { makeExpired, trusting } from './support/certificates.js';
import { faults } from './support/fault.js';
import { comesAbout, endsWith, goesOn, notices, reads, reconnecting, since, whole } from './support/outcomes.js';
import { allow, asksForMicrophone, intends } from './support/prompt.js';
import { Scene } from './support/scene.js';
import { registered, type SipProxy } from './support/sip-proxy.js';
import { launchSpeaking } from './support/speaking-browser.js';
import type { Met } from './support/told.js';

const share = Scene.shared();
const shareTwo = Scene.shared({ gateways: 2, redis: true });

/** In milliseconds: the gateway's grace. */
const MINUTE = 60_000;

/** Ends the first gateway, and begins it anew. @returns when it was back */
async function restart(scene: Scene, meanwhile = () => Promise.resolve()): Promise<number> {
  const [gateway] = scene.stack.gateways;
  await gateway!.stop();
  try {
    await meanwhile();
  } finally {
    await gateway!.start();
  }
  return performance.now();
}

/** With a browser that believes the stack's own certificate, and none that is not in order; the proxy shows another one. */
const strictly = (name: BrowserName, act: (scene: Scene, proxy: SipProxy) => Promise<Met>): Promise<Met> =>
  share(name, async (all) => {
    const browser = await launchSpeaking(name, trusting(all.certificate));
    const proxy = await all.sipProxy();
    try {
      return await act(all.seenBy(browser), proxy);
    } finally {
      proxy.show(all.certificate);
      await browser.close();
    }
  });

faults('the gateway', (fault) => {
  fault('restarted before the grant has come', (name) =>
    share(name, async (scene) => {
      const desk = await scene.tokenDesk();
      let give = () => {};
      desk.trouble = { until: new Promise<void>((resolve) => (give = resolve)) };
      desk.asked.length = 0;
      const known = scene.gate.connections;
      const visitor = await scene.visit(undefined, { 'token-url': desk.url, 'gateway-url': scene.gate.url });
      await intends(visitor);
      await eventually('it connects', () => Promise.resolve(scene.gate.connections > known));
      await visitor.press('button');
      await eventually('a grant is asked for', () => Promise.resolve(desk.asked.length > 0));
      await restart(scene);
      const restartedAt = performance.now();
      give();
      await visitor.comesTo('active');
      return comesAbout(scene, visitor, { recoverMs: since(restartedAt) });
    }),
  );

  fault('down as the call begins', (name) =>
    share(name, async (scene) => {
      const visitor = await scene.visit();
      const backAt = await restart(scene, async () => {
        await visitor.press('button');
        await visitor.ended();
      });
      return endsWith(scene, visitor, 'gateway-unreachable', () => backAt);
    }),
  );

  fault('restarted between REGISTER and INVITE', (name) =>
    share(name, async (scene) => {
      const proxy = await scene.sipProxy();
      const visitor = await scene.visit(asksForMicrophone);
      await visitor.press('button');
      await proxy.sees('the answer to a REGISTER', registered);
      const backAt = await restart(scene, async () => proxy.reset());
      await proxy.sees('the answer to a REGISTER', registered);
      const recoverMs = since(backAt);
      await allow(visitor.page);
      return comesAbout(scene, visitor, { recoverMs });
    }),
  );

  fault('restarted while it rings', (name) =>
    share(name, async (scene) => {
      const visitor = await scene.visit(undefined, { line: 'ringing' });
      await visitor.press('button');
      await visitor.comesTo('ringing');
      const backAt = await restart(scene);
      await visitor.ended();
      await visitor.page.$eval('sautikit-call-button', (element) => element.setAttribute('line', 'sales'));
      return endsWith(scene, visitor, 'connection-lost', () => backAt);
    }),
  );

  fault('restarted while they talk', (name) =>
    share(name, async (scene) => {
      const visitor = await scene.visit();
      const voice = await scene.talk(visitor);
      const backAt = await restart(scene);
      const sees = await reads(visitor);
      const recoverMs = await whole(visitor, backAt);
      return goesOn(scene, visitor, voice, { sees, recoverMs });
    }),
  );

  fault(
    'gone for a minute while they talk',
    (name) =>
      share(name, async (scene) => {
        const visitor = await scene.visit();
        const voice = await scene.talk(visitor);
        let sees = '';
        const backAt = await restart(scene, async () => {
          sees = await notices(visitor);
          await sleep(MINUTE);
          assert.equal(await visitor.state(), 'active');
        });
        const recoverMs = await whole(visitor, backAt);
        return goesOn(scene, visitor, voice, { sees, recoverMs });
      }),
    { limitMs: 180_000 },
  );

  // A driven Firefox believes every certificate or none. What a page is told of one that it does not believe is the same.
  const strict = { browsers: ['chromium'] } as const;

  fault(
    'shows a certificate that has expired, to a call that runs and loses its socket',
    (name) =>
      strictly(name, async (scene, proxy) => {
        const visitor = await scene.visit();
        const voice = await scene.talk(visitor);
        proxy.show(await makeExpired(scene.stack.folder));
        await sleep(2000);
        assert.equal(await reconnecting(visitor), false, 'a connection that stands is not asked again');
        scene.gate.cut();
        const sees = await notices(visitor);
        await sleep(5000);
        proxy.show(scene.certificate);
        const recoverMs = await whole(visitor, performance.now());
        return await goesOn(scene, visitor, voice, { sees, recoverMs });
      }),
    strict,
  );

  fault(
    'shows a certificate that has expired, to a new call',
    (name) =>
      strictly(name, async (scene, proxy) => {
        const visitor = await scene.visit();
        proxy.show(await makeExpired(scene.stack.folder));
        await visitor.press('button');
        await visitor.ended();
        proxy.show(scene.certificate);
        const mendedAt = performance.now();
        return await endsWith(scene, visitor, 'gateway-unreachable', () => mendedAt);
      }),
    strict,
  );
});

faults('the first of two gateways', (fault) => {
  for (const [how, make] of [
    ['refuses', (scene: Scene, nth: number) => scene.gates[nth]!.shut()],
    ['says nothing', (scene: Scene, nth: number) => scene.gates[nth]!.freeze()],
  ] as const) {
    fault(`${how} as the call begins`, (name) =>
      shareTwo(name, async (scene) => {
        // The gateways take turns in the grants: of two calls one begins with this one.
        make(scene, 0);
        const times: number[] = [];
        for (const _ of [1, 2]) {
          const visitor = await scene.visit();
          await visitor.press('button');
          const clickedAt = performance.now();
          await visitor.comesTo('active');
          times.push(since(clickedAt));
          await visitor.hears('the phone');
          await visitor.press('hangup');
          assert.equal((await visitor.ended())['outcome'], 'completed');
        }
        scene.gates[0]!.reopen();
        const visitor = await scene.visit();
        await visitor.press('button');
        return comesAbout(scene, visitor, { recoverMs: Math.max(...times) });
      }),
    );
  }

  fault(
    'restarted while they talk: the call stays with it, and who calls meanwhile gets through by the other',
    (name) =>
      shareTwo(name, async (scene) => {
        const visitor = await scene.visit();
        const known = scene.gates.map(({ connections }) => connections);
        const voice = await scene.talk(visitor);
        const its = scene.gates.findIndex(({ connections }, nth) => connections > known[nth]!);
        const gateway = scene.stack.gateways[its]!;
        await gateway.stop();
        let sees: string;
        try {
          sees = await notices(visitor);
          const next = await scene.visit(undefined, { line: 'support' });
          await next.press('button');
          await next.comesTo('active');
          await next.hears('the phone');
          await next.press('hangup');
          assert.equal((await next.ended())['outcome'], 'completed');
          await next.page.close();
          await visitor.page.bringToFront();
        } finally {
          await gateway.start();
        }
        const recoverMs = await whole(visitor, performance.now());
        return goesOn(scene, visitor, voice, { sees, recoverMs });
      }),
  );
});

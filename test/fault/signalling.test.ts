import { eventually } from '../support/visitor.js';
import { faults } from './support/fault.js';
import { comesAbout, endsWith, goesOn, notices, since, whole } from './support/outcomes.js';
import { allow, asksForMicrophone, intends } from './support/prompt.js';
import { Scene } from './support/scene.js';
import { registered } from './support/sip-proxy.js';

const share = Scene.shared();

/** What may become of a connection; in either case the network is there for the next one. */
const FAULTS = [
  ['cut', (scene: Scene) => scene.gate.cut()],
  // No close and no answer: only the missing pong of RFC 5626 tells.
  ['half dead', (scene: Scene) => scene.gate.stall()],
] as const;

/** More connections have come than were known. */
const connects = (scene: Scene, known: number) =>
  eventually('it connects again', () => Promise.resolve(scene.gate.connections > known));

faults('the socket to the gateway', (fault) => {
  for (const [how, make] of FAULTS) {
    const timed = (madeAt: number) => (how === 'cut' ? {} : { noticedMs: since(madeAt) });

    fault(`${how} before the grant has come`, (name) =>
      share(name, async (scene) => {
        const [desk, proxy] = [await scene.tokenDesk(), await scene.sipProxy()];
        desk.asked.length = 0;
        let give = () => {};
        desk.trouble = { until: new Promise<void>((resolve) => (give = resolve)) };
        const known = proxy.pongs;
        const visitor = await scene.visit(undefined, { 'token-url': desk.url, 'gateway-url': scene.gate.url });
        await intends(visitor);
        await eventually('a connection is open', () => Promise.resolve(proxy.pongs > known));
        await visitor.press('button');
        await eventually('a grant is asked for', () => Promise.resolve(desk.asked.length > 0));
        make(scene);
        const madeAt = performance.now();
        give();
        if (how === 'cut') {
          await visitor.comesTo('active');
          return comesAbout(scene, visitor, { recoverMs: since(madeAt) });
        }
        // The INVITE went to nobody, or somebody: the caller cannot know.
        await visitor.ended();
        return endsWith(scene, visitor, 'gateway-unreachable', () => madeAt, timed(madeAt));
      }),
    );

    fault(`${how} before the REGISTER is answered`, (name) =>
      share(name, async (scene) => {
        const proxy = await scene.sipProxy();
        const visitor = await scene.visit(asksForMicrophone);
        const known = scene.gate.connections;
        let madeAt = 0;
        proxy.alter = () => {
          proxy.reset();
          make(scene);
          madeAt = performance.now();
          return undefined;
        };
        await visitor.press('button');
        await connects(scene, known + 1);
        const noticed = timed(madeAt);
        await proxy.sees('the answer to a REGISTER', registered);
        const recoverMs = since(madeAt);
        await allow(visitor.page);
        return comesAbout(scene, visitor, { recoverMs, ...noticed });
      }),
    );

    fault(`${how} between REGISTER and INVITE`, (name) =>
      share(name, async (scene) => {
        const proxy = await scene.sipProxy();
        const visitor = await scene.visit(asksForMicrophone);
        await visitor.press('button');
        await proxy.sees('the answer to a REGISTER', registered);
        const known = scene.gate.connections;
        proxy.reset();
        make(scene);
        const madeAt = performance.now();
        await connects(scene, known);
        const noticed = timed(madeAt);
        await proxy.sees('the answer to a REGISTER', registered);
        const recoverMs = since(madeAt);
        await allow(visitor.page);
        return comesAbout(scene, visitor, { recoverMs, ...noticed });
      }),
    );

    fault(`${how} while it rings`, (name) =>
      share(name, async (scene) => {
        const { endings } = scene.stack;
        const visitor = await scene.visit(undefined, { line: 'ringing' });
        const cancelled = endings.requests({ method: 'CANCEL' }).length;
        await visitor.press('button');
        await visitor.comesTo('ringing');
        make(scene);
        const madeAt = performance.now();
        await visitor.ended();
        const noticed = timed(madeAt);
        // Nobody shall pick up for nothing.
        await eventually('it rings no more', () =>
          Promise.resolve(endings.requests({ method: 'CANCEL' }).length > cancelled),
        );
        await visitor.page.$eval('sautikit-call-button', (element) => element.setAttribute('line', 'sales'));
        return endsWith(scene, visitor, 'connection-lost', () => madeAt, noticed);
      }),
    );

    fault(
      `${how} while they talk`,
      (name) =>
        share(name, async (scene) => {
          const visitor = await scene.visit();
          const voice = await scene.talk(visitor);
          make(scene);
          const madeAt = performance.now();
          const sees = await notices(visitor);
          const noticed = timed(madeAt);
          const recoverMs = await whole(visitor, madeAt);
          return goesOn(scene, visitor, voice, { sees, recoverMs, ...noticed });
        }),
      { quick: how === 'cut' },
    );
  }
});

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ErrorCode } from '../../src/errors.js';
import { raisePortal, type Portal, type PortalOptions } from '../support/network/portal.js';
import { eventually, type Visitor } from '../support/visitor.js';
import { faults } from './support/fault.js';
import { ended, survived } from './support/in-call.js';
import { useNetworkScene, type NetworkScene } from './support/network-scene.js';
import { notices, whole } from './support/outcomes.js';
import { intends } from './support/prompt.js';

const scene = useNetworkScene();

/** In milliseconds: Firefox holds connections back after others have failed. */
const WHOLE_LIMIT = 40_000;

const raise = ({ network, stack: { folder } }: NetworkScene, options: Omit<PortalOptions, 'tls'>): Promise<Portal> =>
  raisePortal(network, { ...options, tls: { cert: join(folder, 'gateway.pem'), key: join(folder, 'gateway.key') } });

/** Waits until what the button loads before a call is there. */
const loads = ({ page }: Visitor, file: string) =>
  eventually(`${file} is loaded`, () =>
    page.evaluate((name) => performance.getEntriesByType('resource').some((entry) => entry.name.includes(name)), file),
  );

/** The page was open already when its network wanted a login; who has logged in clicks once more. */
const clicked = (code: ErrorCode, asked: RegExp, options: Omit<PortalOptions, 'tls'>, loaded = true) =>
  ended(scene, code, async (here, visitor) => {
    if (loaded) {
      await intends(visitor);
      for (const file of ['.engine.', '.sip.']) await loads(visitor, file);
    }
    const portal = await raise(here, options);
    try {
      await visitor.press('button');
      await visitor.ended();
      assert.match(portal.asked.join('\n'), asked);
    } finally {
      await portal.pass();
    }
    const passed = performance.now();
    return { over: () => passed };
  });

faults('a captive portal', (fault) => {
  for (const [what, answers, code] of [
    ['answers everything with its page', 'page', 'token-malformed'],
    ['sends everything to its page', 'redirect', 'token-unreachable'],
  ] as const) {
    fault(`${what}, before the files of a call are loaded`, clicked('engine-load-failed', /\.js/, { answers }, false));
    fault(`${what}, before the click`, clicked(code, /^POST /m, { answers }));
  }

  fault(
    'answers for the gateway alone, with its page',
    clicked('gateway-unreachable', /^GET \/$/m, { answers: 'page', host: 'gateway.test' }),
  );

  fault(
    'comes while they talk, for 15 s, and answers everything with its page',
    survived(scene, async (call) => {
      const portal = await raise(call.scene, { answers: 'page' });
      try {
        await notices(call.visitor);
        await sleep(15_000);
        assert.ok(portal.asked.includes('GET /'), 'it was asked for the WebSocket');
      } finally {
        await portal.pass();
      }
      return { recoverMs: await whole(call.visitor, performance.now(), WHOLE_LIMIT) };
    }),
  );
});

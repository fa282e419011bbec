import { setTimeout as sleep } from 'node:timers/promises';
import { makeBadLine, type Badness } from '../support/network/bad-line.js';
import { eventually } from '../support/visitor.js';
import { faults } from './support/fault.js';
import { backAgain, survived, type InCall } from './support/in-call.js';
import { useNetworkScene } from './support/network-scene.js';

const scene = useNetworkScene();

/** How long a bad line is held against a call, in milliseconds: quality is measured every two seconds. */
const BAD_MS = 10_000;

/** Waits until the page was told that the quality is one of these. */
const qualityOf = ({ visitor }: InCall, ...levels: string[]) =>
  eventually(`the quality is ${levels.join(' or ')}`, async () =>
    levels.includes((await visitor.page.evaluate(() => window.qualities.at(-1))) ?? ''),
  );

/** Makes the line bad in a call, and good again. */
const bad = (badness: Badness, ...levels: string[]) =>
  survived(scene, async (call) => {
    const line = await makeBadLine(call.scene.network, badness);
    try {
      const began = performance.now();
      await qualityOf(call, ...levels);
      await sleep(Math.max(0, BAD_MS - (performance.now() - began)));
    } finally {
      await line.mend();
    }
    const recoverMs = await backAgain(call);
    // What the receiver keeps back against jitter, it gives up too slowly to be waited for.
    if (!badness.jitterMs) await qualityOf(call, 'good', 'fair');
    return { recoverMs };
  });

faults('bad lines', (fault) => {
  fault('800 ms of round trip while they talk', bad({ delayMs: 400 }, 'fair', 'poor'));
  fault('300 ms of jitter while they talk', bad({ jitterMs: 300 }, 'fair', 'poor'));
  fault('5 % of the packets lost while they talk', bad({ loss: 0.05 }, 'fair', 'poor'));
  fault('20 % of the packets lost while they talk', bad({ loss: 0.2 }, 'poor'));
  fault('800 ms of round trip from the click on', async (name) => {
    const { network } = await scene();
    const line = await makeBadLine(network, { delayMs: 400 });
    try {
      return await survived(scene, async (call) => ({ recoverMs: await backAgain(call) }))(name);
    } finally {
      await line.mend();
    }
  });
});

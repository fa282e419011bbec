/**
 * Real calls through the real stack for as long as is wanted, in two pages of one Chromium, and what is left of them:
 * `npm run soak -- --minutes 60`. With `--write` the figures are kept in test/fault/soak-results.json.
 */
import { writeFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { format, resolveConfig } from 'prettier';
import puppeteer from 'puppeteer-core';
import { startStack } from '../../../demo/stack/stack.js';
import { count, type Count } from '../../bench/cpu/count.js';
import { interruption } from '../../bench/interruption.js';
import { speakingOptions } from '../support/speaking-browser.js';
import { KINDS, LONG } from './calls.js';
import { Lane } from './lane.js';
import { takeSample, type Sample } from './measure.js';
import { leftOver, print, type Figures } from './report.js';

const RESULTS = new URL('../soak-results.json', import.meta.url);
/** Between two calls of one page (ms): of the one that calls all the time, and of the other. */
const PAUSES = [300, 10_000] as const;
/**
 * What is counted comes after this (ms): a SIP transaction may be remembered for 64*T1 = 32 s (RFC 3261 section 17), and of a
 * call that the gateway itself ended, rtpengine knows only when it has heard nothing of it for 60 s.
 */
const QUIET = 70_000;
const MINUTE = 60_000;

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '60' }, write: { type: 'boolean', default: false } },
});
const minutes = Number(values.minutes);
if (!(minutes >= 4)) throw new Error('--minutes wants a number of at least 4');

const signal = interruption();
const undo: (() => Promise<unknown>)[] = [];
try {
  // One address makes all the calls; the gateway's limits are for one that runs wild.
  const settings = { HANDSHAKES_A_MINUTE: 0, REGISTERS_A_MINUTE: 0, INVITES_A_MINUTE: 0 };
  const stack = await startStack({ settings, signal });
  undo.push(() => stack.stop());
  const { options, dispose } = await speakingOptions('chromium');
  undo.push(dispose);
  // Whoever interrupts this program has the stack ended, too; the driver would leave at once.
  const browser = await puppeteer.launch({
    ...options,
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
  undo.push(() => browser.close());
  const lanes = [await Lane.open(browser, stack, KINDS, PAUSES[0]), await Lane.open(browser, stack, [LONG], PAUSES[1])];

  const began = performance.now();
  const samples: Sample[] = [];
  const sample = async (): Promise<void> => {
    samples.push(await takeSample(stack, browser, (performance.now() - began) / 1000));
  };
  const callUntil = async (end: number): Promise<void> => {
    const over = new AbortController();
    const looking = (async () => {
      for (;;) {
        await sleep(MINUTE, undefined, { signal: AbortSignal.any([over.signal, signal]) });
        await sample();
      }
    })().catch((error: unknown) => {
      if (!over.signal.aborted && !signal.aborted) throw error;
    });
    await Promise.all(lanes.map((lane) => lane.callUntil(end, signal)));
    over.abort();
    await looking;
  };
  const rest = async (): Promise<Figures['pages'][number]> => {
    await sleep(QUIET, undefined, { signal });
    await sample();
    const counts: Count[] = [];
    for (const { page } of lanes.map(({ button }) => button)) {
      // A page behind another draws nothing, and until it does Chromium holds on to what the page has removed.
      await page.bringToFront();
      await sleep(1000, undefined, { signal });
      counts.push(await count(page));
    }
    return counts;
  };

  const end = began + minutes * MINUTE - QUIET;
  await callUntil(began + (minutes * MINUTE) / 10);
  const warm = await rest();
  const restedAt = samples.length - 1;
  await callUntil(end);
  signal.throwIfAborted();
  const last = await rest();

  const figures: Figures = {
    minutes,
    processors: cpus().length,
    load: loadavg()[0]!,
    calls: Object.fromEntries(lanes.flatMap(({ tallies }) => [...tallies])),
    pages: [warm, last],
    atRest: [samples[restedAt]!, samples.at(-1)!],
    samples,
  };
  print(figures);
  if (lanes.some(({ failed }) => failed.length > 0) || leftOver(figures).length > 0) process.exitCode = 1;
  if (values.write) {
    const options = { ...(await resolveConfig(RESULTS)), parser: 'json' };
    await writeFile(RESULTS, await format(JSON.stringify(figures), options));
  }
} catch (error) {
  if (!signal.aborted) throw error;
} finally {
  for (const step of undo.reverse()) await step();
}

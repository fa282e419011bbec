/**
 * `npm run bench:call`: from the click to the INVITE, to ringing and to the first sound, of this project, of JsSIP and of SIP.js
 * as their documentation shows them, through the same gateway to the same phone. Not a test: it asserts nothing, and other
 * programs on the machine show in its figures.
 */
import { writeFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { format, resolveConfig } from 'prettier';
import puppeteer, { type Browser } from 'puppeteer-core';
import { launchOptions } from '../../support/browsers.js';
import { installPeers } from '../peers/install.js';
import { oneCall } from './one-call.js';
import { interruption } from '../interruption.js';
import { readOptions, type Options } from './options.js';
import { fileOf, neverDials, type Cell } from './results.js';
import { resultTable, toldTable, wordsFor } from './table.js';
import { versions, type System } from './systems.js';
import { openWorkbench, type Workbench } from './workbench.js';

/** More tries for a call that broke for another reason than its own. */
const RETRIES = 2;

async function main(): Promise<void> {
  const options = readOptions();
  if (!options) return;
  const signal = interruption();
  await installPeers();
  let bench: Workbench | undefined;
  let browser: Browser | undefined;
  try {
    bench = await openWorkbench(options, signal);
    // Signals are for this process, which ends things in order.
    browser = await puppeteer.launch({
      ...launchOptions('chromium'),
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
    });
    signal.addEventListener('abort', () => void browser?.close());
    await measure(options, bench, browser, signal);
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    await browser?.close();
    await bench?.close();
  }
}

async function measure(options: Options, bench: Workbench, browser: Browser, signal: AbortSignal): Promise<void> {
  const { conditions, systems, runs, output } = options;
  const cells: Cell[] = conditions.flatMap((condition) =>
    systems.map((system) => ({ system, condition, calls: [], assumed: 0 })),
  );
  const busy = [load()];
  const about = { browser: await browser.version(), peers: await versions(), runs };

  // The browser starts its services for sound with the first call, whoever makes it.
  const [warmUp] = conditions;
  for (const system of systems) await oneCall(browser, bench, system, { ...warmUp!, stun: 'alive', cpu: 1 });

  for (let round = 0; round < runs; round += 1) {
    for (const condition of conditions) {
      for (const system of turned(systems, round)) {
        signal.throwIfAborted();
        const cell = cells.find((one) => one.system === system && one.condition === condition)!;
        if (neverDials(cell)) cell.assumed += 1;
        else cell.calls.push(await tried(() => oneCall(browser, bench, system, condition), signal));
        console.error(`round ${round + 1} of ${runs}: ${wordsFor(condition)}: ${system} ${told(cell)}`);
      }
    }
    // After each round, so that a long run that is cut short was not for nothing.
    busy.push(load());
    const text = fileOf(cells, { ...about, rounds: round + 1, load: busy });
    await writeFile(output, await format(text, { ...(await resolveConfig(output)), parser: 'json' }));
  }

  const [cpu] = cpus();
  console.log(`${cpus().length} × ${cpu?.model.trim()}, Node.js ${process.version}, ${about.browser}`);
  console.log(`load average before and after each round, this benchmark included: ${busy.join(', ')}`);
  console.log(`medians of ${runs} (least–most), in milliseconds since the click; written to ${output}\n`);
  console.log(resultTable(cells));
  if (systems.includes('sautikit')) console.log(`\n${toldTable(cells)}`);
}

/** What the machine did in the last minute, in processors' worth: where others are at work, times are longer than alone. */
const load = (): number => Math.round(loadavg()[0]! * 10) / 10;

/** Nobody is always the first, whom a busy moment hits alone. */
const turned = (systems: readonly System[], round: number): System[] =>
  systems.map((_, index) => systems[(index + round) % systems.length]!);

async function tried<T>(act: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await act();
    } catch (error) {
      signal.throwIfAborted();
      if (attempt === RETRIES) throw error;
      console.error(`again, after: ${(error as Error).message}`);
    }
  }
}

function told({ calls, assumed }: Cell): string {
  if (assumed > 0) return 'not tried, counted as never';
  const { invite, audio, refused } = calls.at(-1)!;
  if (invite === undefined) return 'never dialled';
  if (refused !== undefined) return `refused with ${refused}`;
  return `${invite.toFixed(0)} ms to INVITE, ${audio?.toFixed(0) ?? '–'} ms to audio`;
}

await main();

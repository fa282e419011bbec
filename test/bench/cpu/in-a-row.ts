import type { CDPSession, Page } from 'puppeteer-core';
import { ButtonPage } from './button.js';
import { count, type Count } from './count.js';
import { openPlainPage } from './plain-jssip.js';
import { keepLedger, type Open } from './page/ledger.js';
import { printTable } from '../figures.js';
import { sleep, type Workbench } from './workbench.js';

/** A phone that answers after 200 ms, and says nothing. */
const LINE = 'silent';
/** A SIP transaction may be remembered for 64*T1 = 32 s (RFC 3261 section 17); what is counted comes after that (ms). */
const QUIET = 33_000;
/** Progress is told each so many calls. */
const STEP = 100;
/** What one kind of page lets be done. */
interface Caller {
  page: Page;
  call(): Promise<void>;
  hangup(): Promise<void>;
}

export interface InARow {
  calls: number;
  /** Calls before what the end is compared with: until some 200, the browser makes machine code of what is run often. */
  warmUp: number;
  failed: string[];
  /** A call, from the press to the end, with 200 ms until the phone answers (s). */
  seconds: number;
  /** Main thread of a call, and scripts of it (ms). */
  task: number;
  script: number;
  /** Ever opened by the page. */
  made: Record<string, number>;
  /** In the order in which they were taken. */
  counts: { when: string; count: Count }[];
  /** At the end against after the warm-up, 0.02 is 2 percent more: V8's heap, the same without code, what scripts have made. */
  growth: { heap: number; withoutCode: number; objects: number };
  /** What is open at the end, or was counted more often there than after the warm-up. */
  left: string[];
}

/** Many calls in one page with the button, each answered and then hung up at once. */
export async function buttonInARow(
  { stack, browser }: Workbench,
  calls: number,
  warmUp: number,
  signal: AbortSignal,
): Promise<InARow> {
  const button = await ButtonPage.open(browser, stack.addresses.page, LINE, (page) =>
    page.evaluateOnNewDocument(keepLedger),
  );
  const { page } = button;
  const result = await inARow(
    { page, call: () => button.call(), hangup: () => button.hangup() },
    calls,
    warmUp,
    signal,
  );
  await page.evaluate(() => document.querySelector('sautikit-call-button')!.remove());
  await sleep(1000, signal);
  result.counts.push({ when: 'element removed', count: await count(page) });
  await page.close();
  return result;
}

/** The same with plain JsSIP. */
export async function plainInARow(
  { stack, browser }: Workbench,
  calls: number,
  warmUp: number,
  signal: AbortSignal,
): Promise<InARow> {
  const page = await openPlainPage(browser, stack.addresses.page, (to) => to.evaluateOnNewDocument(keepLedger));
  // A gesture, without which nothing may be played.
  await page.mouse.click(5, 5);
  const caller: Caller = {
    page,
    call: () => page.evaluate((line) => window.plainCalls.call(line), LINE),
    hangup: () => page.evaluate(() => window.plainCalls.hangup()),
  };
  const result = await inARow(caller, calls, warmUp, signal);
  await page.close();
  return result;
}

async function inARow(caller: Caller, calls: number, warmUp: number, signal: AbortSignal): Promise<InARow> {
  const { page } = caller;
  const failed: string[] = [];
  const spent = { seconds: 0, task: 0, script: 0 };
  let done = 0;
  const session = await page.createCDPSession();
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const callUntil = async (last: number): Promise<void> => {
    const before = await read(session);
    for (; done < last; done += 1) {
      try {
        await caller.call();
        await caller.hangup();
      } catch (error) {
        signal.throwIfAborted();
        failed.push(`${done + 1}: ${(error as Error).message}`);
        if (failed.length > 10) throw new Error(`too many calls fail: ${failed.join('; ')}`, { cause: error });
      }
      // What was closed is let go.
      await page.evaluate(() => void window.ledger.open());
      if ((done + 1) % STEP === 0) console.error(`${done + 1} calls`);
    }
    const after = await read(session);
    for (const key of ['seconds', 'task', 'script'] as const) spent[key] += after[key] - before[key];
  };
  const counts: InARow['counts'] = [{ when: 'before', count: await count(page) }];
  for (const last of new Set([warmUp, Math.round((warmUp + calls) / 2), calls])) {
    await callUntil(last);
    await sleep(QUIET, signal);
    counts.push({ when: `after ${last}`, count: await count(page) });
  }
  const [warm, end] = [counts[1]!.count, counts.at(-1)!.count];
  const made = await page.evaluate(() => ({ ...window.ledger.made }));
  await session.detach();
  const grown = (of: (count: Count) => number): number => of(end) / of(warm) - 1;
  return {
    calls,
    warmUp,
    failed,
    seconds: spent.seconds / calls,
    task: (spent.task * 1000) / calls,
    script: (spent.script * 1000) / calls,
    made,
    counts,
    growth: {
      heap: grown(({ heap }) => heap),
      withoutCode: grown(({ heap, code }) => heap - code),
      objects: grown(({ objects }) => objects),
    },
    left: leftOver(warm, end),
  };
}

async function read(session: CDPSession): Promise<{ seconds: number; task: number; script: number }> {
  const { metrics } = await session.send('Performance.getMetrics');
  const metric = (name: string): number => metrics.find((one) => one.name === name)?.value ?? NaN;
  return { seconds: performance.now() / 1000, task: metric('TaskDuration'), script: metric('ScriptDuration') };
}

/** Only these are there between two calls; everything else that can be open must not be. */
const LASTING: readonly (keyof Open)[] = ['domNodes', 'marks'];

function leftOver(warm: Count, end: Count): string[] {
  const open = (Object.keys(end.open) as (keyof Open)[])
    .filter((key) => (LASTING.includes(key) ? end.open[key] > warm.open[key] : end.open[key] > 0))
    .map((key) => `${key}: ${end.open[key]}`);
  const more = (what: 'listeners' | 'alive' | 'browser', allowed = 0): string[] =>
    Object.entries(end[what])
      .map(([key, number]) => ({ key, number, before: (warm[what] as Record<string, number>)[key]! }))
      .filter(({ number, before }) => number > before + allowed)
      .map(({ key, number, before }) => `${what} ${key}: ${before} to ${number}`);
  // The browser's own counts go back and forth by two between any two calls.
  return [...open, ...more('listeners'), ...more('alive'), ...more('browser', 2)];
}

/** A row for each thing that was there at any time, and one that names the others. */
export function printInARow(name: string, result: InARow): void {
  const { calls, warmUp, failed, seconds, task, script, made, growth, left, counts } = result;
  console.log(`\n${name}: ${calls} calls in a row in one page, ${failed.length} failed; after forced collections\n`);
  for (const line of failed) console.log(`  ${line}`);
  const never: string[] = [];
  const row = (title: string, of: (count: Count) => number): string[][] => {
    const values = counts.map(({ count }) => of(count));
    if (values.some((value) => value > 0)) return [[title, ...values.map((value) => value.toFixed(0))]];
    never.push(title);
    return [];
  };
  const group = (title: string, of: (count: Count) => object): string[][] =>
    Object.keys(of(counts[0]!.count)).flatMap((key) =>
      row(`${title} ${key}`, (count) => (of(count) as Record<string, number>)[key]!),
    );
  printTable(
    ['', ...counts.map(({ when }) => when)],
    [
      ...row('heap of scripts (V8), kB', ({ heap }) => heap / 1000),
      ...row('of it code, kB', ({ code }) => code / 1000),
      ...row('of it objects, kB', ({ objects }) => objects / 1000),
      ...row('heap of nodes and media (Blink), kB', ({ embedderHeap }) => embedderHeap / 1000),
      ...group('open:', ({ open }) => open),
      ...group('listeners:', ({ listeners }) => listeners),
      ...group('in the heap:', ({ alive }) => alive),
      ...group('browser:', ({ browser }) => browser),
    ],
  );
  const percent = (share: number): string => `${(share * 100).toFixed(2)} %`;
  const all = Object.entries(made).map(([what, number]) => `${number} ${what}`);
  console.log(`\n0 each time: ${never.join(', ')}`);
  console.log(`made in all: ${all.join(', ')}`);
  console.log(
    `a call: ${seconds.toFixed(2)} s, main thread ${task.toFixed(1)} ms, of it script ${script.toFixed(1)} ms`,
  );
  console.log(
    `after ${calls} calls against after ${warmUp}: heap ${percent(growth.heap)}, without code ` +
      `${percent(growth.withoutCode)}, objects ${percent(growth.objects)}; left over: ${left.join(', ') || 'nothing'}`,
  );
}

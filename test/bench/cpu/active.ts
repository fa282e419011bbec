import { readdirSync, readFileSync } from 'node:fs';
import type { Browser, CDPSession, Page } from 'puppeteer-core';
import { ButtonPage } from './button.js';
import { collect } from './count.js';
import type { Options } from './options.js';
import { openPlainPage } from './plain-jssip.js';
import { median, printTable } from '../figures.js';
import { countTrace, type Traced } from './trace.js';
import { sleep, type Workbench } from './workbench.js';

/** A phone that sends back what it hears. */
const LINE = 'support';
/** After the answer, until everything that a call begins with is over, compiling what it repeats among it (ms). */
const SETTLE = 15_000;
/** Length of the trace, which costs something itself and is therefore taken after the measurement (s). */
const TRACED = 10;

/** A call that is there, and its end. */
interface Active {
  page: Page;
  end(): Promise<void>;
}

type Kind = (bench: Workbench) => Promise<Active>;

const PEER = 'plain JsSIP';
const HIDDEN_PEER = `${PEER}, page hidden`;
const OPEN = 'panel open';
const METER = 'panel open, devices pane with the level meter';
const COLLAPSED = 'panel collapsed';
const HIDDEN = 'panel open, page hidden';

/** What is compared; each is a page of its own with one answered call. */
const KINDS: Record<string, Kind> = {
  [PEER]: plain,
  [OPEN]: (bench) => withButton(bench, async () => {}),
  [METER]: (bench) => withButton(bench, (button) => button.press('#devices-toggle')),
  [COLLAPSED]: (bench) => withButton(bench, (button) => button.press('.hide')),
  [HIDDEN_PEER]: async (bench) => {
    const active = await plain(bench);
    await hide(active.page);
    return active;
  },
  [HIDDEN]: (bench) => withButton(bench, ({ page }) => hide(page)),
};

/** Differences between kinds, round by round: what a part of the panel costs. */
const PARTS: [name: string, of: string, without: string][] = [
  ['all of the button, panel open', OPEN, PEER],
  ['panel and its timer', OPEN, COLLAPSED],
  ['level meter and devices pane', METER, OPEN],
  ['button, page hidden', HIDDEN, HIDDEN_PEER],
];

/** Of one measurement, by the minute. */
export interface Sample {
  /** Of the page's main thread (ms). */
  task: number;
  script: number;
  layout: number;
  style: number;
  /** Processor time of the page's process, all its threads (ms). */
  renderer: number;
  /** Of the browser's processes for sound and network (ms). */
  services: number;
  /** Of the process that draws (ms). */
  gpu: number;
  /** How often the main thread was woken: its voluntary context switches. */
  wakeUps: number;
  /** The same of all threads of the process. */
  allWakeUps: number;
  /** After a forced collection at the end, and how much more than before the measurement, not by the minute (kB). */
  heap: number;
  heapGrowth: number;
  /** Of the first round only. */
  traced?: Traced;
}

export type ActiveResults = Record<string, Sample[]>;

/** One answered call after the other, of each kind in turn. */
export async function measureActive(bench: Workbench, options: Options, signal: AbortSignal): Promise<ActiveResults> {
  const { rounds, seconds, kinds } = options;
  const wanted = Object.entries(KINDS).filter(
    ([name]) => kinds.length === 0 || kinds.some((kind) => name.includes(kind)),
  );
  const results: ActiveResults = {};
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, begin] of wanted) {
      const { page, end } = await begin(bench);
      await sleep(SETTLE, signal);
      const sample = await measure(bench.browser, page, seconds, round === 0);
      (results[name] ??= []).push(sample);
      await end();
      await page.close();
      console.error(`round ${round + 1}: ${name}`);
    }
  }
  return results;
}

async function withButton(
  { stack, browser }: Workbench,
  shape: (button: ButtonPage) => Promise<void>,
): Promise<Active> {
  const button = await ButtonPage.open(browser, stack.addresses.page, LINE);
  await button.call();
  await shape(button);
  return {
    page: button.page,
    // Out of sight it hears nothing of a mouse.
    end: () => button.page.evaluate(() => document.querySelector('sautikit-call-button')!.hangup()),
  };
}

async function plain({ stack, browser }: Workbench): Promise<Active> {
  const page = await openPlainPage(browser, stack.addresses.page);
  await page.mouse.click(5, 5);
  await page.evaluate((line) => window.plainCalls.call(line), LINE);
  return { page, end: () => page.evaluate(() => window.plainCalls.hangup()) };
}

/** Another tab comes to the front, and stays there until the page is closed. */
async function hide(page: Page): Promise<void> {
  const front = await page.browser().newPage();
  await front.bringToFront();
  page.once('close', () => void front.close().catch(() => undefined));
  if (!(await page.evaluate(() => document.hidden))) throw new Error('the page is not hidden');
}

async function measure(browser: Browser, page: Page, seconds: number, traced: boolean): Promise<Sample> {
  const session = await page.createCDPSession();
  const whole = await browser.target().createCDPSession();
  try {
    // By the thread's own clock: what else the machine does is not the page's cost.
    await session.send('Performance.enable', { timeDomain: 'threadTicks' });
    await collect(session);
    const heapBefore = await heapOf(session);
    const pid = await processOf(page, whole);
    const before = await read(session, whole, pid);
    await sleep(seconds * 1000);
    const after = await read(session, whole, pid);
    await collect(session);
    const heapAfter = await heapOf(session);
    const minutes = (after.at - before.at) / 60;
    const each = (of: (reading: Reading) => number): number => (of(after) - of(before)) / minutes;
    return {
      task: each((reading) => reading.metric('TaskDuration') * 1000),
      script: each((reading) => reading.metric('ScriptDuration') * 1000),
      layout: each((reading) => reading.metric('LayoutDuration') * 1000),
      style: each((reading) => reading.metric('RecalcStyleDuration') * 1000),
      renderer: each((reading) => reading.cpu({ id: pid }) * 1000),
      services: each((reading) => (reading.cpu({ type: 'audio.' }) + reading.cpu({ type: 'network.' })) * 1000),
      gpu: each((reading) => reading.cpu({ type: 'GPU' }) * 1000),
      wakeUps: each((reading) => reading.wakeUps),
      allWakeUps: each((reading) => reading.allWakeUps),
      heap: heapAfter / 1000,
      heapGrowth: (heapAfter - heapBefore) / 1000,
      ...(traced && { traced: await countTrace(page, pid, TRACED) }),
    };
  } finally {
    await whole.detach();
    await session.detach();
  }
}

interface Reading {
  /** (s) */
  at: number;
  metric(name: string): number;
  /** (s) */
  cpu(of: { id: number } | { type: string }): number;
  wakeUps: number;
  allWakeUps: number;
}

async function read(session: CDPSession, whole: CDPSession, pid: number): Promise<Reading> {
  const { metrics } = await session.send('Performance.getMetrics');
  const { processInfo } = await whole.send('SystemInfo.getProcessInfo');
  const metric = (name: string): number => metrics.find((one) => one.name === name)?.value ?? NaN;
  return {
    at: performance.now() / 1000,
    metric,
    cpu: (of) =>
      processInfo
        .filter(({ id, type }) => ('id' in of ? id === of.id : type.startsWith(of.type)))
        .reduce((sum, { cpuTime }) => sum + cpuTime, 0),
    wakeUps: switchesOf(pid, pid),
    allWakeUps: readdirSync(`/proc/${pid}/task`).reduce((sum, thread) => sum + switchesOf(pid, Number(thread)), 0),
  };
}

/** Voluntary context switches: the thread had nothing to do, and was woken again. */
function switchesOf(pid: number, thread: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/task/${thread}/status`, 'utf8');
    return Number(/^voluntary_ctxt_switches:\s*(\d+)/m.exec(status)?.[1]);
  } catch {
    // It ended meanwhile.
    return 0;
  }
}

async function heapOf(session: CDPSession): Promise<number> {
  return (await session.send('Runtime.getHeapUsage')).usedSize;
}

/** The process of a page: the one that works while the page does. */
async function processOf(page: Page, whole: CDPSession): Promise<number> {
  const look = async () => {
    const { processInfo } = await whole.send('SystemInfo.getProcessInfo');
    return new Map(processInfo.filter(({ type }) => type === 'renderer').map(({ id, cpuTime }) => [id, cpuTime]));
  };
  const before = await look();
  await page.evaluate(() => {
    for (const end = performance.now() + 300; performance.now() < end;);
  });
  const after = await look();
  const worked = [...after].map(([id, cpu]) => ({ id, cpu: cpu - (before.get(id) ?? 0) }));
  return worked.reduce((most, one) => (one.cpu > most.cpu ? one : most)).id;
}

const wholeCpu = ({ renderer, services, gpu }: Sample): number => renderer + services + gpu;

/** Median, and the range where there is one. */
function spread(values: readonly number[]): string {
  const [middle, low, high] = [median(values), Math.min(...values), Math.max(...values)].map((one) => one.toFixed(0));
  return low === high ? middle! : `${middle} (${low}–${high})`;
}

export function printActive(results: ActiveResults, { rounds, seconds }: Options): void {
  console.log(`\nAn answered call, a minute of it: medians of ${rounds} rounds of ${seconds} s in turn (least–most)\n`);
  const columns: [title: string, of: (sample: Sample) => number | undefined][] = [
    ['main thread, ms', ({ task }) => task],
    ['of it script', ({ script }) => script],
    ['style and layout', ({ style, layout }) => style + layout],
    ['wake-ups', ({ wakeUps }) => wakeUps],
    ['timers', ({ traced }) => traced?.timers],
    ['frames', ({ traced }) => traced?.frames],
    ['CPU of all processes, ms', wholeCpu],
    ['heap, kB', ({ heap }) => heap],
    ['it grew by', ({ heapGrowth }) => heapGrowth],
  ];
  printTable(
    ['', ...columns.map(([title]) => title)],
    Object.entries(results).map(([name, samples]) => [
      name,
      ...columns.map(([, of]) => spread(samples.flatMap((sample) => of(sample) ?? []))),
    ]),
  );
  const parts = PARTS.filter(([, of, without]) => results[of] && results[without]);
  if (parts.length === 0) return;
  console.log('\nWhat a part costs: differences and ratios round by round\n');
  printTable(
    ['', 'main thread, ms a minute', 'of one processor', 'main thread, ratio', 'CPU of all processes, ratio'],
    parts.map(([name, of, without]) => {
      const by = (compare: (one: Sample, other: Sample) => number): number[] =>
        results[of]!.map((sample, round) => compare(sample, results[without]![round]!));
      const more = by((one, other) => one.task - other.task);
      return [
        name,
        spread(more),
        `${(median(more) / 600).toFixed(2)} %`,
        median(by((one, other) => one.task / other.task)).toFixed(1),
        median(by((one, other) => wholeCpu(one) / wholeCpu(other))).toFixed(2),
      ];
    }),
  );
}

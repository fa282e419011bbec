import type { Browser } from 'puppeteer-core';
import { settle, visit } from './chromium.js';
import type { Site } from './site.js';
import type { Subject } from './subjects.js';

interface TraceEvent {
  name: string;
  pid: number;
  tid: number;
  ts: number;
  dur?: number;
  tdur?: number;
  args: { data?: { url?: string }; fileName?: string };
}

export interface ScriptTime {
  /** Processor time of the page's thread, in milliseconds. */
  compile: number;
  /** Of all top-level code; elements of the page are upgraded in it. */
  evaluate: number;
  /** The same, and the microtasks after it up to the next task of the thread: Lit draws in them. */
  untilDrawn: number;
}

const MODULE = 'v8.compileModule';
const EVALUATE_MODULE = 'v8.evaluateModule';
const CLASSIC = 'EvaluateScript';
const COMPILE_CLASSIC = 'v8.compile';
const TASK = 'RunTask';

/**
 * What a page's script costs its thread, from V8's own events in Chromium's trace: the real page loads the real file, so
 * that nothing of a harness is in the figures. Time is the thread's (`tdur`), in which the throttling is and other
 * programs on the machine are not. A first visit with no cache and another text each time leaves no cache of code to use.
 */
export async function measureScript(
  browser: Browser,
  site: Site,
  subject: Subject,
  buttons: number,
  slowdown: number,
): Promise<ScriptTime> {
  return await visit(browser, site.url, async (page) => {
    // A navigation takes throttling away for a moment; when the page asks for its script, that is over.
    site.holdFiles(() => page.emulateCPUThrottling(slowdown));
    await page.tracing.start({
      categories: ['-*', 'v8', 'devtools.timeline', 'disabled-by-default-devtools.timeline'],
    });
    await page.goto(site.page(subject, buttons), { waitUntil: 'load' });
    await settle(page, 200);
    const trace = Buffer.from((await page.tracing.stop())!).toString();
    return readTrace((JSON.parse(trace) as { traceEvents: TraceEvent[] }).traceEvents, `${site.url}/files/`);
  });
}

const time = (event: TraceEvent): number => (event.tdur ?? event.dur ?? 0) / 1000;
const total = (events: TraceEvent[]): number => events.reduce((sum, event) => sum + time(event), 0);

function readTrace(all: TraceEvent[], files: string): ScriptTime {
  const ours = ({ args }: TraceEvent) => (args.data?.url ?? args.fileName ?? '').startsWith(files);
  const compiled = all.filter((event) => event.name === MODULE && ours(event));
  const classic = all.filter((event) => event.name === CLASSIC && ours(event));
  const first = [...compiled, ...classic][0];
  if (!first) throw new Error('The trace has no script of the page');
  const thread = all.filter(({ pid, tid }) => pid === first.pid && tid === first.tid);
  // It has no address, but this thread has no other module: what puppeteer evaluates is none.
  const evaluated = compiled.length
    ? thread.filter(({ name, ts }) => name === EVALUATE_MODULE && ts >= first.ts)
    : classic;
  if (!evaluated.length) throw new Error('The trace has no evaluation');
  const within = (inner: TraceEvent, outer: TraceEvent) =>
    inner.ts >= outer.ts && inner.ts + (inner.dur ?? 0) <= outer.ts + (outer.dur ?? 0);
  const tasks = thread.filter((task) => task.name === TASK && evaluated.some((event) => within(event, task)));
  const compiledInside = thread.filter(
    (event) => event.name === COMPILE_CLASSIC && classic.some((outer) => within(event, outer)),
  );
  const compile = total(compiled) + total(compiledInside);
  const evaluate = total(evaluated) - total(compiledInside);
  const drawn = total(tasks) - total(compiledInside);
  return { compile, evaluate, untilDrawn: compile + drawn };
}

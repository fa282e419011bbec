import type { Page } from 'puppeteer-core';
import { sleep } from './workbench.js';

/** What a trace of a page counts, by the minute. */
export interface Traced {
  /** Timers of the page that fired. */
  timers: number;
  /** Frames that the page had drawn. */
  frames: number;
  /** Of them, those that the main thread drew; the others are the compositor's alone, as in a transition. */
  mainFrames: number;
  animationFrames: number;
  styles: number;
  layouts: number;
  paints: number;
}

interface TraceEvent {
  name: string;
  pid: number;
  /** `E` and `e` are the ends of what began with an event of the same name. */
  ph: string;
}

const CATEGORIES = [
  '-*',
  'devtools.timeline',
  'disabled-by-default-devtools.timeline',
  'disabled-by-default-devtools.timeline.frame',
];

/** Traces a page for a while. @param pid its process @param seconds how long */
export async function countTrace(page: Page, pid: number, seconds: number): Promise<Traced> {
  await page.tracing.start({ categories: CATEGORIES });
  await sleep(seconds * 1000);
  const buffer = await page.tracing.stop();
  const { traceEvents } = JSON.parse(new TextDecoder().decode(buffer)) as { traceEvents: TraceEvent[] };
  const found = new Map<string, number>();
  for (const { name, pid: of, ph } of traceEvents) {
    if (of === pid && ph.toLowerCase() !== 'e') found.set(name, (found.get(name) ?? 0) + 1);
  }
  const each = (name: string): number => ((found.get(name) ?? 0) * 60) / seconds;
  return {
    timers: each('TimerFire'),
    frames: each('DrawFrame'),
    mainFrames: each('BeginMainThreadFrame'),
    animationFrames: each('FireAnimationFrame'),
    styles: each('UpdateLayoutTree'),
    layouts: each('Layout'),
    paints: each('Paint'),
  };
}

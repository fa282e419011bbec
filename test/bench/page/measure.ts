import { gzipSync } from 'node:zlib';
import type { Browser } from 'puppeteer-core';
import { measureHeap, type Heap } from './heap.js';
import type { Options } from './options.js';
import { measureLoad, type PageLoad } from './page-load.js';
import { measureScript, type ScriptTime } from './script-time.js';
import { pageOf, type Site } from './site.js';
import { PAGE_ALONE, type Subject } from './subjects.js';

/** Everything that was measured of a subject on a page with so many buttons; one entry of a list a round. */
export interface Figures {
  name: string;
  buttons: number;
  /** Bytes of its files as gzip, whether or not the page asks for them. */
  bytes: number;
  /** Bytes that its tags and styles add to the page itself, as gzip. */
  markup: number;
  loads: PageLoad[];
  scripts: ScriptTime[];
  heaps: Heap[];
}

const gzip = (text: string): number => gzipSync(text, { level: 9 }).length;

export function newFigures(subject: Subject, buttons: number): Figures {
  return {
    name: subject.name,
    buttons,
    bytes: Object.values(subject.files).reduce((sum, text) => sum + gzip(text), 0),
    markup: gzip(pageOf(subject, buttons)) - gzip(pageOf(PAGE_ALONE, buttons)),
    loads: [],
    scripts: [],
    heaps: [],
  };
}

/** A subject and its figures on pages with a number of buttons each. */
export type Entry = { subject: Subject; figures: Figures };

/** Rounds interleaved, each in another order: whatever else the machine does meets everybody. */
async function rounds(count: number, entries: readonly Entry[], act: (entry: Entry) => Promise<void>): Promise<void> {
  for (let round = 0; round < count; round++) {
    const from = round % entries.length;
    for (const entry of [...entries.slice(from), ...entries.slice(0, from)]) await act(entry);
  }
}

export async function measureScripts(browser: Browser, site: Site, entries: readonly Entry[], options: Options) {
  await rounds(options.rounds, entries, async ({ subject, figures }) => {
    figures.scripts.push(await measureScript(browser, site, subject, figures.buttons, options.slowdown));
  });
}

export async function measurePages(browser: Browser, site: Site, entries: readonly Entry[], options: Options) {
  await rounds(options.loadRounds, entries, async ({ subject, figures }) => {
    figures.loads.push(await measureLoad(browser, site, subject, figures.buttons, options.slowdown));
  });
  await rounds(options.heapRounds, entries, async ({ subject, figures }) => {
    figures.heaps.push(await measureHeap(browser, site, subject, figures.buttons));
  });
}

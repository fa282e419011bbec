/**
 * What a page pays before anybody clicks: bytes, requests, compile and evaluate, heap, layout shift and long tasks of our
 * element, of a trivial Lit button and of what else sells calls on a page; and what a call loads, beside plain JsSIP. Not
 * a test: it asserts nothing, and other programs on the machine show in its figures.
 */
import { writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { installPeers } from '../peers/install.js';
import { startChromium } from './chromium.js';
import { measurePages, measureScripts, newFigures, type Entry } from './measure.js';
import { readOptions } from './options.js';
import { goalsOf, MANY, printReport } from './report.js';
import { startSite } from './site.js';
import { lazySubjects, PAGE_ALONE, pageSubjects } from './subjects.js';

const options = readOptions();
await installPeers();
const subjects = [PAGE_ALONE, ...(await pageSubjects(options.only))];
const page: Entry[] = subjects.flatMap((subject) =>
  [0, 1, MANY].map((buttons) => ({ subject, figures: newFigures(subject, buttons) })),
);
const lazy: Entry[] = (await lazySubjects()).map((subject) => ({ subject, figures: newFigures(subject, 0) }));

const site = await startSite([...page, ...lazy].map(({ subject }) => subject));
const browser = await startChromium();
const end = async (): Promise<void> => {
  await browser.close().catch(() => {});
  await site.stop();
};
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void end().then(() => process.exit(1)));

try {
  const machine = `${await browser.version()}, Node.js ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? '?'}`;
  const scripts = page.filter(({ subject, figures }) => subject !== PAGE_ALONE && figures.buttons > 0);
  console.log(`${machine}; ${options.rounds} rounds for times, ${options.heapRounds} for heaps\n`);
  await measurePages(browser, site, page, options);
  await measureScripts(browser, site, [...scripts, ...lazy], options);
  const goals = goalsOf(page, lazy);
  printReport(page, lazy, goals, options.slowdown);
  const figures = { page: page.map((entry) => entry.figures), lazy: lazy.map((entry) => entry.figures) };
  const { out, ...settings } = options;
  const result = { taken: new Date().toISOString(), machine, options: settings, goals, ...figures };
  await writeFile(out, `${JSON.stringify(result, undefined, 2)}\n`);
} finally {
  await end();
}

import type { Entry, Figures } from './measure.js';
import type { ScriptTime } from './script-time.js';
import { LIT, OURS, PAGE_ALONE, PLAIN_JSSIP, SIP_PART } from './subjects.js';

export const MANY = 100;

const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
};

/** Median, and the middle half of the values. */
function spread(values: readonly number[], digits: number): string {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;
  return `${median(values).toFixed(digits)} (${at(0.25).toFixed(digits)}–${at(0.75).toFixed(digits)})`;
}

const bytes = (count: number): string => Math.round(count).toLocaleString('en');
const whole = ({ compile, evaluate }: ScriptTime): number => compile + evaluate;

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): void {
  console.log(`| ${head.join(' | ')} |`);
  console.log(`|${' --- |'.repeat(head.length)}`);
  for (const row of rows) console.log(`| ${row.join(' | ')} |`);
  console.log();
}

export interface Goal {
  what: string;
  /** Round by round, where a round has both. */
  ratio: number;
  quarter: number;
  threeQuarters: number;
  goal: number;
}

/** Ratios round by round, so that what else the machine did meanwhile is on both sides. */
function goalOf(what: string, of: readonly number[], to: readonly number[], goal: number): Goal {
  const ratios = of.map((value, round) => value / to[round]!).sort((a, b) => a - b);
  const at = (share: number) => ratios[Math.min(ratios.length - 1, Math.floor(ratios.length * share))]!;
  return { what, ratio: median(ratios), quarter: at(0.25), threeQuarters: at(0.75), goal };
}

const find = (entries: readonly Entry[], name: string, buttons: number): Figures =>
  entries.find(({ figures }) => figures.name === name && figures.buttons === buttons)!.figures;

/** Bytes of a heap that so many buttons add to the same page with its script and none. */
function heapOf(entries: readonly Entry[], { name, heaps }: Figures, part: 'script' | 'nodes'): number[] {
  const none = find(entries, name, 0);
  return heaps.map((heap, round) => heap[part] - none.heaps[round]![part]);
}

export function goalsOf(page: readonly Entry[], lazy: readonly Entry[]): Goal[] {
  const scripts = (entries: readonly Entry[], name: string, buttons: number, value = whole) =>
    find(entries, name, buttons).scripts.map(value);
  const heaps = (name: string) => heapOf(page, find(page, name, MANY), 'script');
  return [
    goalOf(
      'facade, compile and evaluate, 1 button / trivial Lit button',
      scripts(page, OURS, 1),
      scripts(page, LIT, 1),
      1.2,
    ),
    goalOf(
      `facade, compile and evaluate, ${MANY} buttons / ${MANY} trivial Lit buttons`,
      scripts(page, OURS, MANY),
      scripts(page, LIT, MANY),
      1.2,
    ),
    goalOf(`heap of ${MANY} buttons / ${MANY} trivial Lit buttons`, heaps(OURS), heaps(LIT), 1.5),
    goalOf(
      'JsSIP part, compile and evaluate / plain JsSIP',
      scripts(lazy, SIP_PART, 0),
      scripts(lazy, PLAIN_JSSIP, 0),
      0.4,
    ),
  ];
}

export function printReport(
  page: readonly Entry[],
  lazy: readonly Entry[],
  goals: readonly Goal[],
  slowdown: number,
): void {
  const shown = page.filter(({ figures }) => figures.buttons > 0);
  const withScript = shown.filter(({ figures }) => figures.scripts.length > 0);
  console.log('Before the click: what a page loads\n');
  table(
    ['', 'buttons', 'files, gzip', 'in the page, gzip', 'requests', 'to other hosts', 'layout shift', 'long tasks'],
    shown.map(({ figures: { name, buttons, bytes: size, markup, loads } }) => {
      const load = loads[0]!;
      const visits = loads.filter(({ longTasks }) => longTasks > 0).length;
      const longest = Math.max(...loads.map((each) => each.longest)).toFixed(0);
      const long = visits ? `in ${visits} of ${loads.length} visits, longest ${longest} ms` : 'none';
      return [
        name,
        buttons,
        bytes(size),
        bytes(markup),
        load.requests,
        load.elsewhere,
        median(loads.map(({ shift }) => shift)).toFixed(4),
        long,
      ];
    }),
  );

  console.log(`Thread time of the script, ${slowdown} times slower, in ms: median (middle half)\n`);
  const head = ['', 'buttons', 'compile', 'evaluate', 'both', 'and to the end of the task'];
  const parts: readonly ((time: ScriptTime) => number)[] = [
    ({ compile }) => compile,
    ({ evaluate }) => evaluate,
    whole,
    ({ untilDrawn }) => untilDrawn,
  ];
  const times = ({ figures: { name, buttons, scripts } }: Entry) => [
    name,
    buttons,
    ...parts.map((part) => spread(scripts.map(part), 1)),
  ];
  table(head, withScript.map(times));

  console.log(
    'Heap after a collection: what the script adds to the page, and the buttons to the page with the script\n',
  );
  const alone = find(page, PAGE_ALONE.name, 0).heaps;
  table(
    ['', 'buttons', 'script, V8', 'buttons, V8', 'buttons, Blink'],
    withScript.map(({ figures }) => {
      const script = find(page, figures.name, 0).heaps.map((heap, round) => heap.script - alone[round]!.script);
      const added = (['script', 'nodes'] as const).map((part) => median(heapOf(page, figures, part)));
      return [figures.name, figures.buttons, ...[median(script), ...added].map(bytes)];
    }),
  );

  console.log('What a call loads\n');
  table(
    ['', 'gzip', 'compile', 'evaluate', 'both'],
    lazy.map((entry) => [entry.figures.name, bytes(entry.figures.bytes), ...times(entry).slice(2, 5)]),
  );

  console.log('Goals: ratios round by round, median (middle half)\n');
  table(
    ['', 'ratio', 'goal'],
    goals.map(({ what, ratio, quarter, threeQuarters, goal }) => [
      what,
      `${ratio.toFixed(2)} (${quarter.toFixed(2)}–${threeQuarters.toFixed(2)})`,
      `at most ${goal}`,
    ]),
  );
}

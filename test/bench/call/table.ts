import type { Condition } from './options.js';
import { median, MILESTONES, missing, ratio, spread, type Cell, type Milestone } from './results.js';
import { TITLES } from './systems.js';

/** In the order in which the element comes by them where nothing waits. */
const TOLD = ['grant', 'socket', 'microphone', 'invite', 'ringing', 'answered', 'audio'] as const;

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
const rule = (columns: number): string => row(Array<string>(columns).fill('---'));
const whole = (value: number): string => value.toFixed(0);

export const wordsFor = ({ rtt, stun, start, cpu }: Condition): string =>
  `${rtt} ms, STUN ${stun}, ${start}, ${cpu}× CPU`;

/** Medians and spread of all cells, a block for each condition. */
export function resultTable(cells: readonly Cell[]): string {
  const head = [
    'circumstances',
    'system',
    'click to INVITE',
    'to ringing',
    'to first audio',
    '× this project, INVITE, audio',
  ];
  const lines = [row(head), rule(head.length)];
  for (const condition of new Set(cells.map((cell) => cell.condition))) {
    const block = cells.filter((cell) => cell.condition === condition);
    const own = block.find(({ system }) => system === 'sautikit');
    for (const [index, cell] of block.entries()) {
      const beside = (milestone: Milestone): string => {
        const times = own && own !== cell ? ratio(cell, own, milestone) : undefined;
        return times === undefined ? '' : times.toFixed(1);
      };
      const ratios = [beside('invite'), beside('audio')].filter(Boolean).join(', ');
      const figures = MILESTONES.map((milestone) => figure(cell, milestone));
      lines.push(row([index === 0 ? wordsFor(condition) : '', TITLES[cell.system], ...figures, ratios]));
    }
  }
  return lines.join('\n');
}

function figure(cell: Cell, milestone: Milestone): string {
  const found = spread(cell, milestone);
  const missed = missing(cell, milestone);
  const all = missed + (found?.reached ?? 0);
  const assumed = cell.assumed > 0 ? `, ${cell.assumed} of them not tried` : '';
  if (!found) return `never (${missed} of ${cell.calls.length + cell.assumed}${assumed})`;
  const { median, min, max } = found;
  const never = missed > 0 ? `, never ${missed} of ${all}${assumed}` : '';
  return `${whole(median)} (${whole(min)}–${whole(max)}${never})`;
}

/** Where the element's own time goes, as its events tell: medians of milestones, in milliseconds since the click. */
export function toldTable(cells: readonly Cell[]): string {
  const head = ['this project', ...TOLD];
  const lines = [row(head), rule(head.length)];
  for (const cell of cells.filter(({ system }) => system === 'sautikit')) {
    const figures = TOLD.map((name) => {
      const values = cell.calls.flatMap(({ told }) => told?.[name] ?? []);
      return values.length === 0 ? '–' : whole(median(values));
    });
    lines.push(row([wordsFor(cell.condition), ...figures]));
  }
  return lines.join('\n');
}

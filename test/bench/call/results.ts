import { cpus } from 'node:os';
import type { Call } from './one-call.js';
import type { Condition } from './options.js';
import type { System } from './systems.js';

export const MILESTONES = ['invite', 'ringing', 'audio'] as const;
export type Milestone = (typeof MILESTONES)[number];

/** All calls of one system under one condition, by round. */
export interface Cell {
  system: System;
  condition: Condition;
  calls: Call[];
  /** How many of the calls were not made, since two before them never dialled: they count as never too. */
  assumed: number;
}

export interface Spread {
  median: number;
  min: number;
  max: number;
  /** How many calls came that far. */
  reached: number;
}

/** Calls that are made before a cell that never dials is believed. */
const ENOUGH = 2;

export const neverDials = ({ calls }: Cell): boolean =>
  calls.length >= ENOUGH && calls.every(({ invite }) => invite === undefined);

/** Calls that never dialled count as the slowest there are; undefined where half or more did not come that far. */
export function spread(cell: Cell, milestone: Milestone): Spread | undefined {
  const reached = cell.calls.flatMap((call) => call[milestone] ?? []).sort((a, b) => a - b);
  const middle = median([...reached, ...Array<number>(missing(cell, milestone)).fill(Infinity)]);
  if (!Number.isFinite(middle)) return undefined;
  return { median: middle, min: reached[0]!, max: reached.at(-1)!, reached: reached.length };
}

export const missing = ({ calls, assumed }: Cell, milestone: Milestone): number =>
  assumed + calls.filter((call) => call[milestone] === undefined).length;

/** How many times as long as `base` it took, round by round; undefined where no round has both. */
export function ratio(cell: Cell, base: Cell, milestone: Milestone): number | undefined {
  const ratios = cell.calls.flatMap((call, round) => {
    const [one, other] = [call[milestone], base.calls[round]?.[milestone]];
    return one === undefined || other === undefined ? [] : [one / other];
  });
  return ratios.length === 0 ? undefined : median(ratios);
}

/** The lower middle one of an even number. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? NaN;
}

/** What stands in the file. */
export function fileOf(cells: readonly Cell[], about: Record<string, unknown>): string {
  const rounded = (value: unknown): unknown => (typeof value === 'number' ? Math.round(value * 10) / 10 : value);
  const [cpu] = cpus();
  const machine = { processors: cpus().length, model: cpu?.model.trim(), node: process.version };
  const file = {
    about: { ...about, machine, unit: 'milliseconds since the click' },
    cells: cells.map((cell) => ({
      system: cell.system,
      ...cell.condition,
      ...Object.fromEntries(MILESTONES.map((milestone) => [milestone, spread(cell, milestone) ?? 'never'])),
      never: missing(cell, 'invite'),
      assumed_never: cell.assumed,
      calls: cell.calls,
    })),
  };
  return `${JSON.stringify(file, (_, value: unknown) => rounded(value), 2)}\n`;
}

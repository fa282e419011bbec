import { seed } from './settings.js';

/** What a fuzz has done, for `results.json`. */
export interface Figures {
  target: string;
  seed: number;
  /** Inputs that were tried. */
  inputs: number;
  [figure: string]: unknown;
}

/** Seen by the long run, which collects what its processes tell. */
export type Tell = (figures: Figures) => Promise<void>;

export const figuresOf = (target: string, inputs: number, more: Record<string, unknown> = {}): Figures => ({
  target,
  seed,
  inputs,
  ...more,
});

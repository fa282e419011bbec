import { opensAt } from './hours.js';
import type { Line } from './line.js';

/** What a closed line answers instead of a credential. */
export function closedLine(line: Line, now: Date): { available: false; opens_at?: string } {
  const opens = opensAt(line, now);
  return { available: false, ...(opens && { opens_at: opens.toISOString() }) };
}

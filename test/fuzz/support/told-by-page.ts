import { executeServerCommand } from '@web/test-runner-commands';
import { figuresOf } from './figures.js';

/** Hands the figures of a fuzz in a page on to who has started it. */
export async function tell(target: string, inputs: number, more: Record<string, unknown> = {}): Promise<void> {
  await executeServerCommand('fuzz-figures', figuresOf(target, inputs, more));
}

import type { EventName } from '../../src/element/events.js';
import type { Setup } from './playground-setup.js';

/** What the playground and the frame that stands for a phone tell each other; both come from this very server. */
export interface ToPhone {
  kind: 'show';
  setup: Setup;
  /** A face to look at; without one the button is live. */
  face?: string | undefined;
}

export type FromPhone =
  { kind: 'ready' } | { kind: 'left-face' } | { kind: 'event'; name: EventName; detail: object; live: boolean };

/** Everything that the element tells its page. */
export const CALL_EVENTS = [
  'sautikit-before-call',
  'sautikit-state-change',
  'sautikit-call-dialing',
  'sautikit-call-ringing',
  'sautikit-call-answered',
  'sautikit-mute-change',
  'sautikit-quality-change',
  'sautikit-call-ended',
  'sautikit-error',
] as const satisfies readonly EventName[];

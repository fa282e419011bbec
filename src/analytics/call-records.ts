import type { EventName, SautikitEventMap } from '../element/events.js';

/** What is told of one step of a call: nothing that could name a caller, a number, or a single call. */
export interface CallRecord {
  /** Which step, in the words of this product; `targets.ts` puts them into those of each tool. */
  step: 'attempt' | 'dialing' | 'ringing' | 'answered' | 'ended' | 'poor_quality' | 'error';
  /** Name of the line, as the page's own attribute has it. */
  line?: string;
  /** How a call ended. */
  outcome?: string;
  /** Why it failed: one of our own codes. */
  code?: string;
  /** Whole seconds between answer and end. */
  seconds?: number;
  /** Whole milliseconds between click and answer. */
  answerMs?: number;
}

type Reader<Name extends EventName> = (event: SautikitEventMap[Name]) => CallRecord | undefined;

const lineOf = ({ line }: { line: string | null }): Pick<CallRecord, 'line'> => (line === null ? {} : { line });

/**
 * What each event becomes. Every record is put together here, field by field, so that a field which an event gets one day
 * is not told by itself: `callId` is left out, since it would join what a tool knows of a visitor with what a server knows.
 */
export const RECORDS: { readonly [Name in EventName]?: Reader<Name> } = {
  'sautikit-before-call': ({ detail }) => ({ step: 'attempt', ...lineOf(detail) }),
  'sautikit-call-dialing': ({ detail }) => ({ step: 'dialing', ...lineOf(detail) }),
  'sautikit-call-ringing': ({ detail }) => ({ step: 'ringing', ...lineOf(detail) }),
  'sautikit-call-answered': ({ detail }) => ({
    step: 'answered',
    ...lineOf(detail),
    ...(detail.timings.answered !== undefined && { answerMs: detail.timings.answered }),
  }),
  'sautikit-quality-change': ({ detail }) =>
    detail.level === 'poor' ? { step: 'poor_quality', ...lineOf(detail) } : undefined,
  'sautikit-call-ended': ({ detail }) => ({
    step: 'ended',
    ...lineOf(detail),
    outcome: detail.outcome,
    ...(detail.code !== undefined && { code: detail.code }),
    seconds: Math.round(detail.durationSeconds),
  }),
  'sautikit-error': ({ detail }) => ({ step: 'error', code: detail.code }),
};

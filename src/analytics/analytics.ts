import type { EventName } from '../element/events.js';
import { RECORDS, type CallRecord } from './call-records.js';
import { TARGETS, type Target } from './targets.js';

export type { CallRecord, Target };

export interface AnalyticsOptions {
  /** The tools that are told; a function is told of each record itself. */
  to: readonly (Target | ((record: CallRecord) => void))[];
  /**
   * Whether the visitor has agreed, asked at each event. What happens before is told to nobody, also not afterwards.
   * `'tool'` leaves it to the tool: the consent settings of Tag Manager, Google's consent mode, `requireConsent` of Matomo.
   */
  consent: 'tool' | (() => boolean);
}

/**
 * Tells analytics of the calls of this page. It sets no cookie, stores nothing and sends nothing by itself: it puts a
 * record of each step into the queue of a tool that the page has anyway.
 *
 * @returns what ends it
 */
export function watchCalls({ to, consent }: AnalyticsOptions): () => void {
  const targets = to.map((target) => (typeof target === 'function' ? target : TARGETS[target]));
  const tell = (record: CallRecord | undefined): void => {
    if (!record || (consent !== 'tool' && !consent())) return;
    for (const target of targets) target(record);
  };
  const onEvent = (event: Event): void => {
    const read = RECORDS[event.type as EventName] as ((event: Event) => CallRecord | undefined) | undefined;
    const tellOf = (): void => {
      let record: CallRecord | undefined;
      try {
        record = read?.(event);
      } catch {
        // Whoever shares the page may send events by these names, with anything in them.
      }
      tell(record);
    };
    // A listener of the page may yet keep this call from beginning.
    if (event.cancelable) queueMicrotask(() => event.defaultPrevented || tellOf());
    else tellOf();
  };
  for (const name of Object.keys(RECORDS)) document.addEventListener(name, onEvent);
  return () => {
    for (const name of Object.keys(RECORDS)) document.removeEventListener(name, onEvent);
  };
}

/**
 * A page that can only paste tags says in the address of this file what is wanted: `?to=dataLayer` (or several, separated
 * by commas) and, where the tools know themselves who has agreed, `&consent=tool`. Without that the page tells it with
 * the event `sautikit-consent` on `window`, `detail: { analytics: true }`.
 */
const wanted = new URL(import.meta.url).searchParams;
const named = wanted.get('to')?.split(',') ?? [];
const known = named.filter((name): name is Target => name in TARGETS);
if (known.length > 0) {
  let agreed = false;
  addEventListener('sautikit-consent', (event) => {
    agreed = (event as CustomEvent<{ analytics?: unknown } | null>).detail?.analytics === true;
  });
  watchCalls({ to: known, consent: wanted.get('consent') === 'tool' ? 'tool' : () => agreed });
}

import type { CallRecord } from './call-records.js';

/** Tools that can be told of calls. Each has its queue in the page; nothing is sent from here. */
export type Target = 'dataLayer' | 'ga4' | 'matomo';

declare global {
  interface Window {
    /** Of Google Tag Manager. */
    dataLayer?: unknown[];
    /** Of Google Analytics. */
    gtag?: (...command: unknown[]) => void;
    /** Of Matomo. */
    _paq?: unknown[];
  }
}

/** Names of the fields in Google's tools; underscores, since hyphens are not allowed there. */
const parameters = ({ line, outcome, code, seconds, answerMs }: CallRecord): Record<string, string | number> => ({
  ...(line !== undefined && { line }),
  ...(outcome !== undefined && { outcome }),
  ...(code !== undefined && { code }),
  ...(seconds !== undefined && { duration_seconds: seconds }),
  ...(answerMs !== undefined && { answer_ms: answerMs }),
});

/** Name of the event in Google's tools, which take 40 characters at most. */
const nameOf = ({ step }: CallRecord): string => `sautikit_call_${step}`;

export const TARGETS: Readonly<Record<Target, (record: CallRecord) => void>> = {
  dataLayer(record) {
    // Fields of an earlier push stay in Tag Manager's model, so those that there are not are taken out of it.
    const none = { line: undefined, outcome: undefined, code: undefined, duration_seconds: undefined };
    (window.dataLayer ??= []).push({
      event: nameOf(record),
      sautikit: { ...none, answer_ms: undefined, ...parameters(record) },
    });
  },
  ga4(record) {
    window.gtag?.('event', nameOf(record), parameters(record));
  },
  matomo(record) {
    // Category, action, name, value (a number).
    const value = record.seconds ?? record.answerMs;
    const name = [record.line, record.outcome, record.code].filter((text) => text !== undefined).join(' ');
    const command: unknown[] = ['trackEvent', 'Call', record.step, name];
    (window._paq ??= []).push(value === undefined ? command : [...command, value]);
  },
};

import { messages as english } from './locales/en.js';
import type { Messages, Plural } from './messages.js';

const CATEGORIES: readonly string[] = ['zero', 'one', 'two', 'few', 'many', 'other'] satisfies Intl.LDMLPluralRule[];

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

const isPlural = (value: unknown): value is Plural =>
  isObject(value) &&
  typeof value['other'] === 'string' &&
  Object.entries(value).every(([category, text]) => CATEGORIES.includes(category) && typeof text === 'string');

/** What can be used of an owner's own texts: keys that there are, with texts; the rest is left out. */
export function knownOverrides(given: unknown): Partial<Messages> | undefined {
  try {
    if (!isObject(given)) return undefined;
    const known = Object.entries(english).flatMap(([key, text]) => {
      const own = Object.hasOwn(given, key) ? given[key] : undefined;
      return (typeof text === 'string' ? typeof own === 'string' : isPlural(own)) ? [[key, own]] : [];
    });
    return known.length ? (Object.fromEntries(known) as Partial<Messages>) : undefined;
  } catch {
    // An object of the page's may throw when it is looked at.
    return undefined;
  }
}

/** An owner's own texts from the attribute `messages`, a JSON object; `undefined` where nothing in it can be used. */
export function readOverrides(json: string | null): Partial<Messages> | undefined {
  try {
    return knownOverrides(JSON.parse(json ?? ''));
  } catch {
    return undefined;
  }
}

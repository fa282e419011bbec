import { catalogueOf, knownTag, type Language } from './language.js';
import { messages as english } from './locales/en.js';
import type { Messages, Plural } from './messages.js';
import { Words } from './words.js';

/** The texts alone, in the order of the English ones: how the script-tag build packs a catalogue. `0` stands for none. */
export type PackedMessages = readonly (string | Plural | 0)[];

export type Catalogues = Readonly<
  Record<Exclude<Language, 'en'>, () => Promise<{ messages: Partial<Messages> | PackedMessages }>>
>;

/** Each in a file of its own, loaded when a call panel needs it. English is what is left if that fails, and is here. */
const catalogues: Catalogues = {
  sw: () => import('./locales/sw.js'),
  fr: () => import('./locales/fr.js'),
  ar: () => import('./locales/ar.js'),
  am: () => import('./locales/am.js'),
  pt: () => import('./locales/pt.js'),
  es: () => import('./locales/es.js'),
  de: () => import('./locales/de.js'),
  ha: () => import('./locales/ha.js'),
  yo: () => import('./locales/yo.js'),
  zu: () => import('./locales/zu.js'),
  so: () => import('./locales/so.js'),
};

/** A catalogue as it is used; a text that it lacks is English. */
export function unpackMessages(messages: Partial<Messages> | PackedMessages): Messages {
  if (!Array.isArray(messages)) return { ...english, ...messages };
  const entries = Object.entries(english).map(([key, text], index) => [key, messages[index] || text]);
  return Object.fromEntries(entries) as Messages;
}

/**
 * The words of a language (a tag as `languageOf` gives it), with an owner's own texts over them. It never rejects: where
 * there is no catalogue, or its file does not come, the words are English.
 */
export async function loadWords(
  language: string,
  overrides?: Partial<Messages>,
  from: Catalogues = catalogues,
): Promise<Words> {
  const tag = knownTag(language) ?? 'en';
  const catalogue = catalogueOf(tag)!;
  if (catalogue === 'en') return new Words(tag, english, overrides);
  try {
    return new Words(tag, unpackMessages((await from[catalogue]()).messages), overrides);
  } catch {
    return new Words('en', english, overrides);
  }
}

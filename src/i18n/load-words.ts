import type { Language } from './language.js';
import type { Messages } from './messages.js';
import { Words } from './words.js';

/** Each in a file of its own, loaded when a call panel needs it. */
const catalogues: Readonly<Record<Language, () => Promise<{ messages: Messages }>>> = {
  en: () => import('./locales/en.js'),
};

/** The words of a language; where its file does not come, the English ones. */
export async function loadWords(language: Language, overrides?: Partial<Messages>): Promise<Words> {
  try {
    return new Words(language, (await catalogues[language]()).messages, overrides);
  } catch {
    return new Words('en', (await catalogues.en()).messages, overrides);
  }
}

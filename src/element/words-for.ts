import { languageOf } from '../i18n/language.js';
import { loadWords } from '../i18n/load-words.js';
import { knownOverrides, readOverrides } from '../i18n/overrides.js';
import type { Words } from '../i18n/words.js';
import type { ButtonElement } from './facade-port.js';

/** What is said at an element: its language, with the texts that its owner wants otherwise. */
export function wordsFor(element: ButtonElement): Promise<Words> {
  return loadWords(
    languageOf(element),
    knownOverrides(element.messages) ?? readOverrides(element.getAttribute('messages')),
  );
}

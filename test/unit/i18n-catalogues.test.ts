import { expect } from '@open-wc/testing';
import { packMessages } from '../../build/pack-messages.js';
import { LANGUAGES } from '../../src/i18n/language.js';
import { unpackMessages } from '../../src/i18n/load-words.js';
import type { Messages, Plural } from '../../src/i18n/messages.js';
import { CATALOGUES } from './support/catalogues.js';

const english = CATALOGUES.en;

const placeholders = (text: string): string[] => (text.match(/\{\w+\}/g) ?? []).sort();

/** Each text of a catalogue with the path of its key. */
const textsOf = (messages: Messages): [path: string, text: string][] =>
  Object.entries(messages).flatMap(([key, text]: [string, string | Plural]) =>
    typeof text === 'string'
      ? [[key, text] as [string, string]]
      : Object.entries(text).map(([category, form]): [string, string] => [`${key}.${category}`, form]),
  );

/** Words for one and for two that need no figure beside them, as Arabic has. */
const SAYS_THE_NUMBER: readonly string[] = ['ar.secondsLeft.one', 'ar.secondsLeft.two'];

for (const language of LANGUAGES) {
  const messages = CATALOGUES[language];

  describe(`the catalogue of ${language}`, () => {
    it('has every text, and no other, in the order of the English one', () => {
      expect(Object.keys(messages)).to.deep.equal(Object.keys(english));
    });

    it('has words in every text', () => {
      for (const [path, text] of textsOf(messages)) {
        expect(text, path).to.match(/\p{Letter}/u);
        expect(text, path).to.equal(text.trim());
      }
    });

    it('writes a letter with marks in one way, so that one font draws it', () => {
      for (const [path, text] of textsOf(messages)) expect(text, path).to.equal(text.normalize('NFC'));
    });

    it('fills in what the English one fills in', () => {
      for (const key of Object.keys(english) as (keyof Messages)[]) {
        const [text, model] = [messages[key], english[key]];
        if (typeof text !== 'string' || typeof model !== 'string') continue;
        expect(placeholders(text), key).to.deep.equal(placeholders(model));
      }
      for (const [category, text] of Object.entries(messages.secondsLeft)) {
        if (SAYS_THE_NUMBER.includes(`${language}.secondsLeft.${category}`)) continue;
        expect(text.split('#'), `secondsLeft.${category}`).to.have.length(2);
      }
    });

    it('has the plural forms that seconds take in this language', () => {
      const rules = new Intl.PluralRules([language, 'en']);
      const taken = new Set(Array.from({ length: 3600 }, (_, seconds) => rules.select(seconds)));
      expect(messages.secondsLeft).to.include.all.keys('other', ...taken);
    });

    it('has no plural form that the language lacks', () => {
      const categories = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
      // Some browsers' tables give Yoruba one form for all numbers, newer ones give it two.
      const known = language === 'yo' ? ['one', 'other'] : categories;
      expect(known).to.include.members(Object.keys(messages.secondsLeft));
    });

    it('says what went wrong without a full stop, and what to do with one', () => {
      // They stand beside each other: as a heading, and as a sentence.
      expect(messages.busy).not.to.match(/[.።]$/);
      expect(messages.later).to.match(/[.።]$/);
    });

    it('is the same after it was packed', () => {
      expect(unpackMessages(packMessages(messages))).to.deep.equal(messages);
    });
  });
}

describe('a catalogue that is behind the English one', () => {
  const { busy: _, ...rest } = CATALOGUES.fr;

  it('borrows what it lacks from it', () => {
    expect(unpackMessages(rest).busy).to.equal(english.busy);
    expect(unpackMessages(rest).later).to.equal(CATALOGUES.fr.later);
  });

  it('keeps each text at its key when it is packed', () => {
    expect(unpackMessages(packMessages(rest))).to.deep.equal({ ...CATALOGUES.fr, busy: english.busy });
  });
});

import { expect } from '@open-wc/testing';
import type { Language } from '../../src/i18n/language.js';
import { loadWords, type Catalogues } from '../../src/i18n/load-words.js';
import type { Messages } from '../../src/i18n/messages.js';
import { knownOverrides, readOverrides } from '../../src/i18n/overrides.js';
import { Words } from '../../src/i18n/words.js';
import { CATALOGUES } from './support/catalogues.js';

const wordsIn = (language: string, overrides?: Partial<Messages>) =>
  new Words(language, CATALOGUES[language.slice(0, 2) as Language], overrides);
const numberIn = (language: string, value: number) => new Intl.NumberFormat(language).format(value);

describe('words', () => {
  it('fill in what they are given', () => {
    expect(wordsIn('en').text('lasted', { time: '3:05' })).to.equal('It lasted 3:05.');
  });

  it('fill in numbers as the language writes them', () => {
    expect(wordsIn('ar-EG').text('unnamed', { n: 2 })).to.equal('جهاز ٢');
  });

  it('take what they are given as it is', () => {
    expect(wordsIn('en').text('lasted', { time: '$& {time} <b>' })).to.equal('It lasted $& {time} <b>.');
  });

  it('leave a name that nobody fills in', () => {
    expect(wordsIn('en', { lasted: '{time} {toString}' }).text('lasted')).to.equal('{time} {toString}');
  });

  it('say how many seconds are left, in the plural of the language', () => {
    const english = wordsIn('en');
    expect([1, 2, 60].map((seconds) => english.secondsLeft(seconds))).to.deep.equal([
      '1 second left',
      '2 seconds left',
      '60 seconds left',
    ]);
    const arabic = wordsIn('ar-EG');
    expect([1, 2, 3, 11].map((seconds) => arabic.secondsLeft(seconds))).to.deep.equal([
      'بقيت ثانية واحدة',
      'بقيت ثانيتان',
      'بقيت ٣ ثوانٍ',
      'بقيت ١١ ثانية',
    ]);
    expect(wordsIn('fr').secondsLeft(0)).to.equal('Encore 0 seconde');
  });

  it('say seconds with the one text that an owner gives', () => {
    const words = wordsIn('ar', { secondsLeft: { other: '#!' } });
    expect(words.secondsLeft(1)).to.equal(`${numberIn('ar', 1)}!`);
  });

  it('tell the time of a call', () => {
    const words = wordsIn('en');
    expect([0, 5, 65, 599.9, 3600, 3785].map((seconds) => words.clock(seconds))).to.deep.equal([
      '0:00',
      '0:05',
      '1:05',
      '9:59',
      '1:00:00',
      '1:03:05',
    ]);
    expect(wordsIn('ar-EG').clock(185)).to.equal('٣:٠٥');
  });

  it('name star and hash, and no other key', () => {
    const words = wordsIn('de');
    expect(['1', '*', '#'].map((key) => words.digit(key))).to.deep.equal(['1', 'Stern', 'Raute']);
  });

  it('have the direction of their catalogue, whatever the region', () => {
    expect(wordsIn('ar-MA').direction).to.equal('rtl');
    // Hausa is written in Arabic letters there; the catalogue is not.
    expect(wordsIn('ha-SD').direction).to.equal('ltr');
  });
});

describe('a moment in words', () => {
  const words = wordsIn('en-GB');
  /** A Wednesday, in the time zone of whoever runs this. */
  const now = new Date(2026, 2, 25, 23, 30);
  const inDays = (days: number) => new Date(2026, 2, 25 + days, 8, 0);

  it('is a weekday and a time within a week', () => {
    expect(words.when(inDays(1), now)).to.match(/^Thursday\D*08:00$/);
    // The clocks change in between, in many places.
    expect(words.when(inDays(6), now)).to.match(/^Tuesday\D*08:00$/);
    expect(words.when(new Date(2026, 2, 25, 23, 45), now)).to.match(/^Wednesday\D*23:45$/);
  });

  it('has its date from a week on, where the weekday alone would be today or sooner', () => {
    expect(words.when(inDays(7), now)).to.match(/^Wednesday\D*1 April\D*0?8:00$/);
  });

  it('has its date in the past', () => {
    expect(words.when(inDays(-1), now)).to.match(/^Tuesday\D*24 March\D*0?8:00$/);
  });

  it('is written as the region does', () => {
    expect(wordsIn('en-US').when(inDays(1), now)).to.match(/^Thursday\D*8:00\sAM$/u);
    expect(wordsIn('de').when(inDays(1), now)).to.match(/^Donnerstag\D*08:00$/);
  });

  it('is English where the browser has no dates of a language, and not in the language of the browser', () => {
    const unknown = new Words('tlh', CATALOGUES.en);
    expect(unknown.when(inDays(1), now)).to.equal(wordsIn('en').when(inDays(1), now));
  });
});

describe('loading words', () => {
  const broken = new Proxy({} as Catalogues, { get: () => () => Promise.reject(new TypeError('Failed to fetch')) });

  for (const [language, { hangup }] of Object.entries(CATALOGUES)) {
    it(`brings the catalogue of ${language}`, async () => {
      const words = await loadWords(language);
      expect(words.language).to.equal(language);
      expect(words.text('hangup')).to.equal(hangup);
    });
  }

  it('keeps the region', async () => {
    const words = await loadWords('pt-BR');
    expect(words.language).to.equal('pt-BR');
    expect(words.text('hangup')).to.equal(CATALOGUES.pt.hangup);
  });

  for (const language of ['nl', '', 'constructor', '!']) {
    it(`brings English for ${JSON.stringify(language)}`, async () => {
      const words = await loadWords(language);
      expect(words.language).to.equal('en');
      expect(words.text('busy')).to.equal(CATALOGUES.en.busy);
    });
  }

  it('brings English where a file does not come', async () => {
    const words = await loadWords('ar-EG', { hangup: 'Bye' }, broken);
    expect([words.language, words.direction]).to.deep.equal(['en', 'ltr']);
    expect(words.text('busy')).to.equal(CATALOGUES.en.busy);
    expect(words.text('hangup'), 'of the owner').to.equal('Bye');
  });

  it('needs no file for English', async () => {
    expect((await loadWords('en-KE', undefined, broken)).language).to.equal('en-KE');
  });

  it('puts the texts of an owner over those of the catalogue', async () => {
    const words = await loadWords('fr', { hangup: 'Salut' });
    expect(words.text('hangup')).to.equal('Salut');
    expect(words.text('mute')).to.equal(CATALOGUES.fr.mute);
  });
});

describe('the texts of an owner', () => {
  it('are those of known keys', () => {
    expect(readOverrides('{"hangup": "Bye", "secondsLeft": {"one": "#", "other": "##"}}')).to.deep.equal({
      hangup: 'Bye',
      secondsLeft: { one: '#', other: '##' },
    });
  });

  it('may be empty, which leaves a text out', () => {
    expect(readOverrides('{"ownWindowHint": ""}')).to.deep.equal({ ownWindowHint: '' });
  });

  it('lose what cannot be used', () => {
    const json = `{"hangup": "Bye", "busy": 1, "later": null, "mute": {"other": "x"}, "nonsense": "x", "toString": "x",
      "secondsLeft": {"one": "#"}}`;
    expect(readOverrides(json)).to.deep.equal({ hangup: 'Bye' });
    expect(readOverrides('{"secondsLeft": {"other": "#", "dozens": "#"}}')).to.equal(undefined);
    expect(readOverrides('{"secondsLeft": "#"}')).to.equal(undefined);
  });

  for (const json of [null, '', 'hangup', '{', 'null', '[]', '"x"', '1', '{"__proto__": {"hangup": "x"}}']) {
    it(`are none where the attribute is ${String(json) || 'empty'}`, () => {
      expect(readOverrides(json)).to.equal(undefined);
    });
  }

  it('are read from a property in the same way', () => {
    expect(knownOverrides({ hangup: 'Bye', busy: () => 'x' })).to.deep.equal({ hangup: 'Bye' });
    for (const value of [undefined, null, 1, 'x', []]) expect(knownOverrides(value)).to.equal(undefined);
  });
});

import { expect } from '@open-wc/testing';
import { defaultLabel } from '../../src/element/default-label.js';
import { directionOf, knownTag, LANGUAGES, languageOf } from '../../src/i18n/language.js';

/** The text direction that the browser itself knows for a language, in its two spellings. */
interface WithTextInfo {
  getTextInfo?(): { direction?: string };
  textInfo?: { direction?: string };
}

/** Until the end of the test, the browser prefers these. */
function browserPrefers(...languages: string[]): void {
  Object.defineProperty(navigator, 'languages', { configurable: true, get: () => languages });
}

let documentLang: string | null;
let place: HTMLElement;

beforeEach(() => {
  documentLang = document.documentElement.getAttribute('lang');
  document.documentElement.removeAttribute('lang');
  place = document.createElement('div');
  document.body.append(place);
  browserPrefers('de-AT', 'en');
});

afterEach(() => {
  place.remove();
  if (documentLang !== null) document.documentElement.setAttribute('lang', documentLang);
  else document.documentElement.removeAttribute('lang');
  delete (navigator as { languages?: unknown }).languages;
});

/** Writes the place, and gives its element `#here`. */
function at(html: string): Element {
  place.innerHTML = html;
  return place.querySelector('#here')!;
}

describe('the language of an element', () => {
  it('is its own', () => {
    document.documentElement.lang = 'fr';
    expect(languageOf(at('<p lang="es"><i id="here" lang="sw"></i></p>'))).to.equal('sw');
  });

  it('is that of the closest ancestor', () => {
    document.documentElement.lang = 'fr';
    expect(languageOf(at('<div lang="pt"><p lang="es"><i id="here"></i></p></div>'))).to.equal('es');
  });

  it('is that of the document', () => {
    document.documentElement.lang = 'fr';
    expect(languageOf(at('<i id="here"></i>'))).to.equal('fr');
  });

  it('is what the browser prefers, where nothing is said', () => {
    expect(languageOf(at('<i id="here"></i>'))).to.equal('de-AT');
  });

  it('comes from outside of shadow roots, also closed ones', () => {
    const outer = at('<section lang="ha"><p id="here"></p></section>').attachShadow({ mode: 'open' });
    const host = document.createElement('p');
    outer.append(host);
    const element = document.createElement('i');
    host.attachShadow({ mode: 'closed' }).append(element);
    expect(languageOf(element)).to.equal('ha');
  });

  it('is that around the slot which shows it', () => {
    const layout = at('<section lang="ha"><p id="here"><i></i></p></section>');
    layout.attachShadow({ mode: 'open' }).innerHTML = '<div lang="yo"><slot></slot></div>';
    expect(languageOf(layout.querySelector('i')!)).to.equal('yo');
  });

  it('is that of its own document in a frame, and not of the page around', async () => {
    document.documentElement.lang = 'fr';
    const frame = document.createElement('iframe');
    place.append(frame);
    const inside = frame.contentDocument!;
    const element = document.createElement('i');
    inside.body.append(element);
    expect(languageOf(element), 'says nothing').to.equal('de-AT');
    inside.documentElement.lang = 'zu';
    expect(languageOf(element), 'its document').to.equal('zu');
    inside.body.lang = 'so';
    expect(languageOf(element), 'its ancestor').to.equal('so');
  });

  it('is known for an element that is in no document', () => {
    const element = document.createElement('i');
    expect(languageOf(element)).to.equal('de-AT');
    element.lang = 'am';
    expect(languageOf(element)).to.equal('am');
  });

  for (const lang of ['nl', '', '  ', 'x', 'klingon', '-', '💬', 'e', 'zh-Hant-TW']) {
    it(`is what the browser prefers, where lang="${lang}" has no catalogue`, () => {
      document.documentElement.lang = 'fr';
      const element = at('<i id="here"></i>');
      element.setAttribute('lang', lang);
      expect(languageOf(element)).to.equal('de-AT');
    });
  }

  it('passes over what the browser prefers and we do not have', () => {
    browserPrefers('nl', 'fi-FI', 'pt-BR', 'en');
    expect(languageOf(at('<i id="here" lang="nl"></i>'))).to.equal('pt-BR');
  });

  it('is English where there is no other way', () => {
    browserPrefers('nl');
    expect(languageOf(at('<i id="here" lang="nl"></i>'))).to.equal('en');
    browserPrefers();
    expect(languageOf(at('<i id="here"></i>'))).to.equal('en');
  });
});

describe('a language tag', () => {
  const cases: readonly [given: string, known: string | undefined][] = [
    ['en', 'en'],
    ['PT-br', 'pt-BR'],
    ['en_KE', 'en-KE'],
    [' sw ', 'sw'],
    ['swh', 'sw'],
    ['ha-Arab-NG', 'ha-NG'],
    ['ar-EG-u-nu-latn', 'ar-EG-u-nu-latn'],
    ['es-419', 'es-419'],
    ['fr-!', 'fr'],
    ['frisian', undefined],
    ['und', undefined],
  ];
  for (const [given, known] of cases) {
    it(`${JSON.stringify(given)} is ${known ? `taken as ${known}` : 'not known'}`, () => {
      expect(knownTag(given)).to.equal(known);
      if (known) expect(() => new Intl.DateTimeFormat(known)).not.to.throw();
    });
  }
});

describe('the direction of a language', () => {
  for (const language of LANGUAGES) {
    it(`is for ${language} what the browser knows of it`, () => {
      const locale = new Intl.Locale(language) as unknown as WithTextInfo;
      const { direction } = locale.getTextInfo?.() ?? locale.textInfo ?? {};
      // Firefox does not tell.
      expect(directionOf(language)).to.equal(direction ?? (language === 'ar' ? 'rtl' : 'ltr'));
    });
  }
});

describe('the word on a button without a label', () => {
  for (const language of LANGUAGES) {
    it(`is there in ${language}, as the catalogue is`, () => {
      const label = defaultLabel(at(`<i id="here" lang="${language}-KE"></i>`));
      expect(label).to.match(/\p{Letter}/u);
      expect(label === 'Call').to.equal(language === 'en');
    });
  }
});

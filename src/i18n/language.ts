/** Languages that there is a catalogue for; the first is what everything falls back to. */
export const LANGUAGES = ['en', 'sw', 'fr', 'ar', 'am', 'pt', 'es', 'de', 'ha', 'yo', 'zu', 'so'] as const;

export type Language = (typeof LANGUAGES)[number];

/** Of the catalogues' languages, as their catalogues are written. */
const RIGHT_TO_LEFT: readonly Language[] = ['ar'];

const canonical = (tag: string): string | undefined => {
  try {
    return Intl.getCanonicalLocales(tag)[0];
  } catch {
    return undefined;
  }
};

/** The catalogue for a language tag (BCP 47): its primary subtag counts, `pt` for `pt-BR`. */
export const catalogueOf = (tag: string): Language | undefined => {
  const primary = tag.toLowerCase().split('-')[0];
  return LANGUAGES.find((language) => language === primary);
};

/**
 * The tag to format and to label with, where there is a catalogue for it. It keeps the region, since dates and numbers
 * differ by it (`en-KE`), and drops the script, since the catalogue has its own.
 */
export function knownTag(tag: string | null | undefined): string | undefined {
  // Written with an underscore, a tag is wrong and common.
  const given = tag?.trim().replaceAll('_', '-');
  if (!given) return undefined;
  const known = canonical(given) ?? canonical(given.split('-')[0]!);
  return known && catalogueOf(known) && known.replace(/-[A-Z][a-z]{3}(?=-|$)/, '');
}

export const directionOf = (language: Language): 'ltr' | 'rtl' => (RIGHT_TO_LEFT.includes(language) ? 'rtl' : 'ltr');

/**
 * The closest `lang`, on the way that a reader sees: out of slots and shadow roots. By kinds of nodes and not by classes,
 * which another window's nodes are no instances of.
 */
export function closestLang(element: Element): string | null {
  for (let node: Node | null = element; node;) {
    const lang = node.nodeType === Node.ELEMENT_NODE ? (node as Element).getAttribute('lang') : null;
    if (lang !== null) return lang;
    node = (node as Element).assignedSlot ?? node.parentNode ?? (node as Partial<ShadowRoot>).host ?? null;
  }
  return null;
}

/**
 * The language of an element, as a tag that there is a catalogue for: its own `lang`, or else the closest ancestor's, up to
 * the document's; then what the browser prefers; then English. One without a catalogue is passed over, and `lang=""`,
 * which says that the language is not known (HTML section 3.2.6.2).
 */
export function languageOf(element: Element): string {
  for (const tag of [closestLang(element), ...navigator.languages]) {
    const known = knownTag(tag);
    if (known) return known;
  }
  return LANGUAGES[0];
}

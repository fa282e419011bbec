/** Languages that there is a catalogue for; the first is what everything falls back to. */
export const LANGUAGES = ['en'] as const;

export type Language = (typeof LANGUAGES)[number];

const known = (tag: string | null | undefined): Language | undefined => {
  const primary = tag?.trim().toLowerCase().split(/[-_]/)[0];
  return LANGUAGES.find((language) => language === primary);
};

/** The closest `lang`, also outside the shadow roots that the element is in. */
function closestLang(element: Element): string | null {
  for (let node: Node | null = element; node;) {
    if (node instanceof Element) {
      const lang = node.getAttribute('lang');
      if (lang !== null) return lang;
    }
    node = node instanceof ShadowRoot ? node.host : ((node as Element).assignedSlot ?? node.parentNode);
  }
  return null;
}

/**
 * The language of an element: its own `lang`, the closest ancestor's (HTML section 3.2.6.2), through shadow hosts up to
 * the document's, then the browser's. One that there is no catalogue for is passed over.
 */
export function languageOf(element: Element): Language {
  return [closestLang(element), ...navigator.languages].map(known).find((language) => language) ?? LANGUAGES[0];
}

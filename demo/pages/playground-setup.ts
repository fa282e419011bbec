import { ATTRIBUTES, defaultOf, type Attribute } from './playground-attributes.js';
import { SLOTS } from './playground-slots.js';
import { COLOURS, MEASURES, type Scheme, type Tokens } from './playground-tokens.js';

/** Colour scheme of the visitor's page. */
export type Theme = 'system' | Scheme;

export interface SlotContent {
  text: string;
  /** Makes the text a link. */
  link: string | undefined;
}

/** What an owner has decided. Plain data: it also travels into the frame that stands for a phone. */
export interface Setup {
  /** Where the page loads the script from. */
  script: string;
  /** Whether the page keeps the button's place until the script has come. */
  keepPlace: boolean;
  /** The label, between the tags. */
  text: string;
  /** A key of `ICONS`. */
  icon: string;
  theme: Theme;
  /** Only those that differ from the default; a boolean one is the empty text. */
  attributes: Readonly<Record<string, string>>;
  /** Only those that have a text. */
  slots: Readonly<Record<string, SlotContent>>;
  /** Only those that differ from the element's own. */
  tokens: Tokens;
  /** Where a function of the page, `tokenProvider`, fetches the grant; it stands in for `token-url`. */
  provider: string | undefined;
}

/** Reads the form of the controls, whose fields are named like this. */
export const field = {
  script: 'script',
  keepPlace: 'keep-place',
  text: 'text',
  icon: 'icon',
  theme: 'theme',
  provider: 'provider',
  attribute: (name: string) => `attribute ${name}`,
  slot: (name: string) => `slot ${name}`,
  link: (name: string) => `link ${name}`,
  colour: (scheme: Scheme, name: string) => `${scheme} ${name}`,
  measure: (name: string) => `measure ${name}`,
} as const;

export function readSetup(form: HTMLFormElement): Setup {
  const data = new FormData(form);
  const value = (name: string) => String(data.get(name) ?? '').trim();

  const entries = <T>(pairs: readonly (readonly [string, T | undefined])[]): Record<string, T> =>
    Object.fromEntries(pairs.filter((pair): pair is readonly [string, T] => pair[1] !== undefined));

  const attribute = (it: Attribute): string | undefined => {
    const given = value(field.attribute(it.name));
    if (it.kind === 'boolean') return given ? '' : undefined;
    return given && given !== defaultOf(it) ? given : undefined;
  };
  const slot = (name: string): SlotContent | undefined => {
    const text = value(field.slot(name));
    return text ? { text, link: safeLink(value(field.link(name))) } : undefined;
  };
  const colours = (scheme: Scheme) =>
    entries(COLOURS.map((it) => [it.name, unless(value(field.colour(scheme, it.name)), it[scheme])]));

  const attributes = entries(ATTRIBUTES.map((it) => [it.name, attribute(it)]));
  const { 'token-url': endpoint = '', ...others } = attributes;
  const provided = value(field.provider) !== '';
  return {
    script: value(field.script),
    keepPlace: value(field.keepPlace) !== '',
    text: value(field.text),
    icon: value(field.icon),
    theme: (value(field.theme) || 'system') as Theme,
    provider: provided ? endpoint : undefined,
    attributes: provided ? others : attributes,
    slots: entries(SLOTS.map(({ name }) => [name, slot(name)])),
    tokens: {
      colours: { light: colours('light'), dark: colours('dark') },
      measures: entries(MEASURES.map(({ name }) => [name, unless(safeMeasure(value(field.measure(name))), '')])),
    },
  };
}

const unless = (value: string, without: string): string | undefined => (value === without ? undefined : value);

/** Links go where links go; a script is none. */
function safeLink(link: string): string | undefined {
  try {
    const { protocol } = new URL(link, document.baseURI);
    return link && ['https:', 'http:', 'mailto:', 'tel:', 'sms:'].includes(protocol) ? link : undefined;
  } catch {
    return undefined;
  }
}

/** What would end the declaration that it stands in is no measure. */
const safeMeasure = (value: string): string => (/[;{}<>\\]/.test(value) ? '' : value);

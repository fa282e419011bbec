import placeStyles from '../../src/snippet.css?raw';
import type { Setup, SlotContent } from './playground-setup.js';
import { ICONS } from './playground-slots.js';
import { COLOURS, type Scheme } from './playground-tokens.js';

const NAME = 'sautikit-call-button';

/** Attributes of one element fit on a line up to here (characters). */
const LINE = 88;

/** What an owner copies: the script, the look, and the element. */
export function snippetOf(setup: Setup): string {
  const css = styleOf(setup);
  return [
    `<script type="module" src="${attributeText(setup.script)}"></script>`,
    setup.keepPlace && `<style>${oneLine(placeStyles)}</style>`,
    css && `<style>\n${css.replace(/^/gm, '  ')}\n</style>`,
    elementOf(setup),
    setup.provider !== undefined && providerOf(setup.provider),
  ]
    .filter(Boolean)
    .join('\n');
}

/** The element with exactly what differs from the defaults. The live button is made of this very text. */
export function elementOf({ attributes, text, icon, slots }: Setup): string {
  const pairs = Object.entries(attributes).map(([name, value]) =>
    value === '' ? name : `${name}="${attributeText(value)}"`,
  );
  const tag = [NAME, ...pairs].join(' ');
  const start = tag.length > LINE ? `${NAME}\n  ${pairs.join('\n  ')}\n` : tag;
  const children = [
    ...(icon ? [iconOf(icon)] : []),
    ...Object.entries(slots).map(([name, content]) => slotOf(name, content)),
  ];
  // Blanks beside the label are no harm; without a label they would take the place of the attribute `label`.
  const between = text ? '\n  ' : '';
  const end = children.length && text ? '\n' : '';
  return `<${start}>${[plainText(text), ...children].join(between)}${end}</${NAME}>`;
}

function slotOf(name: string, { text, link }: SlotContent): string {
  return link
    ? `<a slot="${name}" href="${attributeText(link)}">${plainText(text)}</a>`
    : `<span slot="${name}">${plainText(text)}</span>`;
}

const iconOf = (icon: string): string =>
  `<svg slot="icon" viewBox="0 0 24 24" width="20" height="20" fill="currentColor" aria-hidden="true"><path d="${ICONS[icon]?.path ?? ''}" /></svg>`;

/** The tokens as rules; empty where the element keeps its own look. */
export function styleOf({ theme, tokens: { colours, measures } }: Setup): string {
  const declare = (values: Readonly<Record<string, string>>) =>
    Object.entries(values).map(([name, value]) => `  --sautikit-${name}: ${value};`);
  const rule = (lines: readonly string[]) => (lines.length ? `${NAME} {\n${lines.join('\n')}\n}` : '');

  if (theme !== 'system') {
    return rule([`  color-scheme: ${theme};`, ...declare(colours[theme]), ...declare(measures)]);
  }
  const light = rule([...declare(colours.light), ...declare(measures)]);
  const dark = rule(declare(whatDarkChanges(colours)));
  return [light, dark && `@media (prefers-color-scheme: dark) {\n${dark.replace(/^/gm, '  ')}\n}`]
    .filter(Boolean)
    .join('\n');
}

/** The rules for light hold in the dark too, so a colour that only light changes is changed back. */
function whatDarkChanges({ light, dark }: Record<Scheme, Readonly<Record<string, string>>>): Record<string, string> {
  const changed = COLOURS.flatMap((colour): [string, string][] => {
    const wanted = dark[colour.name] ?? colour.dark;
    return wanted === (light[colour.name] ?? colour.dark) ? [] : [[colour.name, wanted]];
  });
  return Object.fromEntries(changed);
}

/** A function of the page that stands in for the attribute `token-url`. */
const providerOf = (endpoint: string): string => `<script type="module">
  document.querySelector('${NAME}').tokenProvider = async (request) => {
    const options = { method: 'POST', body: JSON.stringify(request) };
    return (await fetch(${JSON.stringify(endpoint).replaceAll('<', '\\u003c')}, options)).json();
  };
</script>`;

/** Nobody changes these rules, so they take as little of the owner's page as can be. */
const oneLine = (css: string): string =>
  css
    .replace(/\/\*.*?\*\//gs, '')
    .replace(/\s+/g, ' ')
    .replace(/;? ?([{};,>]) ?|(:) /g, '$1$2')
    .trim();

const plainText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const attributeText = (text: string): string => plainText(text).replaceAll('"', '&quot;');

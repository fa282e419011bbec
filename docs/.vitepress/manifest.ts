import { existsSync, readFileSync } from 'node:fs';

const MANIFEST = new URL('../../dist/custom-elements.json', import.meta.url);

/** As much of a manifest (custom-elements-manifest, schema 1) as is shown. */
interface Described {
  name: string;
  description?: string;
  type?: { text: string };
  default?: string;
}
interface Member extends Described {
  kind: 'field' | 'method';
  privacy?: 'public' | 'private' | 'protected';
  readonly?: boolean;
  static?: boolean;
  /** The attribute that a property has. */
  attribute?: string;
  parameters?: Described[];
  return?: { type?: { text: string } };
}
interface Declaration {
  tagName?: string;
  attributes?: Described[];
  members?: Member[];
  events?: Described[];
  slots?: Described[];
  cssParts?: Described[];
  cssProperties?: Described[];
  cssStates?: Described[];
}

const code = (text: string): string => `\`${text.replace(/\s+/g, ' ').replaceAll('|', '\\|')}\``;
/** A description in a cell of a table: one line, and what looks like a tag is text. */
const words = (text = ''): string => text.replace(/\s+/g, ' ').replaceAll('|', '\\|').replaceAll('<', '&lt;');

const table = (heads: string[], rows: string[][]): string =>
  [heads, heads.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

const signature = ({ name, parameters = [] }: Member): string =>
  `${name}(${parameters.map((parameter) => parameter.name).join(', ')})`;

/** What the manifest says of the element, under the headings that the README has for it; nothing where none was built. */
export function elementReference(): string | undefined {
  if (!existsSync(MANIFEST)) return undefined;
  const { modules } = JSON.parse(readFileSync(MANIFEST, 'utf8')) as { modules: { declarations?: Declaration[] }[] };
  const element = modules.flatMap(({ declarations = [] }) => declarations).find(({ tagName }) => tagName);
  if (!element) throw new Error('The manifest describes no element');
  const {
    attributes = [],
    members = [],
    events = [],
    slots = [],
    cssParts = [],
    cssProperties = [],
    cssStates = [],
  } = element;
  const shown = members.filter(({ privacy, static: fixed }) => (privacy ?? 'public') === 'public' && !fixed);
  const properties = shown.filter(({ kind, attribute }) => kind === 'field' && attribute === undefined);
  const methods = shown.filter(({ kind }) => kind === 'method');
  return [
    '## Attributes',
    table(
      ['attribute', 'type', 'default', ''],
      attributes.map((one) => [
        code(one.name),
        one.type ? code(one.type.text) : '',
        one.default === undefined ? '' : code(one.default),
        words(one.description),
      ]),
    ),
    '## Properties and methods',
    table(
      ['property', 'type', ''],
      properties.map((one) => [
        code(one.name),
        one.type ? code(one.type.text) : '',
        `${words(one.description)}${one.readonly ? ' Read only.' : ''}`,
      ]),
    ),
    table(
      ['method', 'returns', ''],
      methods.map((one) => [
        code(signature(one)),
        one.return?.type ? code(one.return.type.text) : '',
        words(one.description),
      ]),
    ),
    '## Events',
    'All bubble and cross shadow roots. None holds a token, a SIP address, a number or a text from the network.',
    table(
      ['event', 'type', ''],
      events.map((one) => [code(one.name), one.type ? code(one.type.text) : '', words(one.description)]),
    ),
    '## Slots, parts, tokens',
    table(
      ['slot', ''],
      slots.map((one) => [one.name === '' ? 'the default one' : code(one.name), words(one.description)]),
    ),
    table(
      ['part', ''],
      cssParts.map((one) => [code(one.name), words(one.description)]),
    ),
    table(
      ['custom property', 'default', ''],
      cssProperties.map((one) => [
        code(one.name),
        one.default === undefined ? '' : code(one.default),
        words(one.description),
      ]),
    ),
    table(
      ['state', ''],
      cssStates.map((one) => [code(`:state(${one.name})`), words(one.description)]),
    ),
  ].join('\n\n');
}

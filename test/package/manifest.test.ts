import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import type { Package } from 'custom-elements-manifest';
import { elementIn } from '../../build/manifest/published-manifest.js';
import { SautikitCallButton } from '../../src/index.js';
import { filesIn } from '../support/files.js';
import { publicMembers } from './support/public-members.js';

const read = (path: string) => readFileSync(path, 'utf8');
const manifest = JSON.parse(read('dist/custom-elements.json')) as Package;
const element = elementIn(manifest);
const readme = read('README.md');

const sources = filesIn('src/element', '.ts').map(read).join('\n');
/** Everything in the sources that a pattern's first group finds, once. */
const found = (pattern: RegExp, text = sources): string[] => [
  ...new Set([...text.matchAll(pattern)].map((match) => match[1]!)),
];
const words = (texts: readonly string[]): string[] => texts.flatMap((text) => text.split(' '));

/** HTML's own, which the element follows wherever they stand. */
const OF_EVERY_ELEMENT = ['lang', 'dir'];

/** How the element has its style sheets read its attributes, and its scripts. */
const attributes = [
  ...SautikitCallButton.observedAttributes,
  ...found(/\b(?:getAttribute|hasAttribute|attribute)\('([\w-]+)'\)/g).filter((name) => !name.startsWith('aria-')),
  ...found(/:host\(\[([\w-]+)/g).filter((name) => name !== 'hidden'),
  ...OF_EVERY_ELEMENT,
];

const callStates = found(/'(\w+)'/g, /export type CallState =([^;]+);/.exec(read('src/call/call-machine.ts'))![1]);
const states = [
  ...callStates.filter((state) => state !== 'idle'),
  ...found(/\? \['(\w+)'\]/g, read('src/element/call-view.ts')),
  ...found(/setCustomStates\([^)]*\['(\w+)'\]/g),
];

/** A part stands in a template as a text, or as a choice of texts. */
const parts = words([
  ...found(/\bpart="([\w -]+)"/g),
  ...found(/\bpart=\$\{([^}]+)\}/g).flatMap((choice) => found(/'([\w -]+)'/g, choice)),
]);

const KINDS = {
  attribute: { described: element.attributes, real: attributes },
  member: { described: element.members, real: publicMembers('dist/types/element/call-button.d.ts', element.name) },
  event: {
    described: element.events,
    real: [...found(/^ {2}'(sautikit-[\w-]+)': CustomEvent/gm), ...found(/\bemit\('(sautikit-[\w-]+)'/g)],
  },
  slot: {
    described: element.slots,
    real: [...found(/<slot name="([\w-]+)"/g), ...found(/<slot(>)/g).map(() => '')],
  },
  part: { described: element.cssParts, real: parts },
  token: { described: element.cssProperties, real: found(/\bvar\((--sautikit-[\w-]+)/g) },
  state: { described: element.cssStates, real: states },
} as const;

describe('the manifest of the element', () => {
  for (const [kind, { described = [], real }] of Object.entries(KINDS)) {
    it(`has every ${kind}, and no other`, () => {
      assert.ok(real.length > 0, 'the sources have some');
      assert.deepEqual(described.map(({ name }) => name).sort(), [...new Set(real)].sort());
    });

    it(`describes every ${kind} in a sentence`, () => {
      const poor = described.filter(({ description = '' }) => !/^[A-Z`].{14,}\.$/s.test(description));
      assert.deepEqual(
        poor.map(({ name, description }) => `${name}: ${description}`),
        [],
      );
    });

    it(`has no ${kind} that the README does not name`, () => {
      // A property that is an attribute too stands there by that name.
      const nameOf = ({ name, attribute }: { name: string; attribute?: string }) => attribute ?? name;
      const isNamed = (name: string) => new RegExp(`(?<![\\w-])${name}(?![\\w-])`).test(readme);
      const missing = described.filter((one) => !isNamed(nameOf(one)));
      assert.deepEqual(
        missing.map(({ name }) => name),
        [],
      );
    });
  }

  it('tells the type of every attribute, field, parameter and result, and what every event carries', () => {
    const untyped = [
      ...(element.attributes ?? []).filter(({ type }) => !type?.text).map(({ name }) => name),
      ...(element.events ?? [])
        .filter(({ type }) => !/^CustomEvent<\{ .+ \}>$/.test(type.text))
        .map(({ name }) => name),
      ...(element.members ?? []).flatMap((member) =>
        member.kind === 'field'
          ? member.type?.text
            ? []
            : [member.name]
          : [member.return?.type?.text, ...(member.parameters ?? []).map(({ type }) => type?.text)].every(Boolean)
            ? []
            : [member.name],
      ),
    ];
    assert.deepEqual(untyped, []);
  });

  it('names files and a tag that are there', () => {
    assert.deepEqual(
      manifest.modules.map(({ path }) => path),
      ['dist/index.js', 'dist/define.js'],
    );
    for (const { path } of manifest.modules) assert.ok(read(path).includes(element.name), path);
    assert.equal(element.tagName, 'sautikit-call-button');
  });

  it('shows nothing that is private', () => {
    assert.doesNotMatch(JSON.stringify(manifest), /"privacy":"(private|protected)"|"name":"[_#]/);
  });
});

describe('what editors read', () => {
  const names = (list: readonly { name: string }[] = []) => list.map(({ name }) => name).sort();

  it('has the element with its attributes for VS Code, described', () => {
    const { tags } = JSON.parse(read('dist/editors/vscode.html-custom-data.json')) as {
      tags: { name: string; attributes: { name: string; description: string }[] }[];
    };
    assert.deepEqual(names(tags), ['sautikit-call-button']);
    assert.deepEqual(names(tags[0]!.attributes), names(element.attributes));
    assert.ok(tags[0]!.attributes.every(({ description }) => description.length > 15));
    const css = JSON.parse(read('dist/editors/vscode.css-custom-data.json')) as {
      properties: { name: string }[];
      pseudoElements: { name: string }[];
    };
    assert.deepEqual(names(css.properties), names(element.cssProperties));
    assert.deepEqual(
      names(css.pseudoElements),
      names(element.cssParts).map((name) => `::part(${name})`),
    );
  });

  it('has the element with attributes, slots, properties and events for JetBrains, at this version', () => {
    const { version } = JSON.parse(read('package.json')) as { version: string };
    const types = JSON.parse(read('dist/editors/web-types.json')) as {
      version: string;
      contributions: {
        html: {
          elements: {
            attributes: { name: string }[];
            slots: { name: string }[];
            js: { properties: { name: string }[]; events: { name: string }[] };
          }[];
        };
        css: { properties: { name: string }[] };
      };
    };
    assert.equal(types.version, version);
    const [one] = types.contributions.html.elements;
    assert.deepEqual(names(one!.attributes), names(element.attributes));
    assert.deepEqual(names(one!.slots), names(element.slots));
    assert.deepEqual(names(one!.js.events), names(element.events));
    assert.deepEqual(names(one!.js.properties), names(element.members?.filter(({ kind }) => kind === 'field')));
    assert.deepEqual(names(types.contributions.css.properties), names(element.cssProperties));
  });
});

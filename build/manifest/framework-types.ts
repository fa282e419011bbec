import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Attribute, ClassField, ClassMember, CustomElementDeclaration } from 'custom-elements-manifest';
import { elementIn, type LinkPhase } from './published-manifest.js';

/**
 * Types of the tag for frameworks, one file each, so that none asks for a framework that is not there. The generators that
 * are kept for this do it in one file for all of them, know no attribute that has no property, and no framework's difference
 * between the two; so they are made here.
 *
 * @param folder where they go
 */
export function frameworkTypes(folder: string) {
  return {
    name: 'framework-types',
    packageLinkPhase({ customElementsManifest }: LinkPhase): void {
      const element = elementIn(customElementsManifest);
      mkdirSync(folder, { recursive: true });
      for (const [name, write] of Object.entries(FILES)) writeFileSync(join(folder, `${name}.d.ts`), write(element));
      // An import for its types alone is an import all the same, to a bundler.
      writeFileSync(join(folder, 'types-only.js'), 'export {};\n');
    },
  };
}

const TAG = 'sautikit-call-button';
const FILES: Readonly<Record<string, (element: CustomElementDeclaration) => string>> = {
  tag,
  react,
  vue,
  svelte,
  solid,
};

const IMPORTS = `import type { SautikitCallButton, SautikitEventMap } from '../types/index.js';`;
const FROM_TAG = `import type { SautikitCallButtonAttributes, SautikitCallButtonProperties } from './tag.js';`;

const doc = (text: string | undefined): string => `/** ${text ?? ''} */`;
const lines = (all: readonly string[], indent = '  '): string => all.map((line) => `${indent}${line}`).join('\n');

/** What may be set: the element sets its own `state`. */
const attributesOf = ({ attributes = [] }: CustomElementDeclaration): Attribute[] =>
  attributes.filter(({ name }) => name !== 'state');

const isField = (member: ClassMember): member is ClassField => member.kind === 'field';

/** What only a script can set: the properties that are no attribute under another name. */
const propertiesOf = ({ members = [], attributes = [] }: CustomElementDeclaration): ClassField[] =>
  members
    .filter(isField)
    .filter(({ name, readonly }) => !readonly && !attributes.some(({ fieldName }) => fieldName === name));

const isFlag = ({ type }: Attribute): boolean => type?.text === 'boolean';
/** Flags without a property: a framework that writes `false` into an attribute would switch them on. */
const isBareFlag = (attribute: Attribute): boolean => isFlag(attribute) && !attribute.fieldName;

const valueOf = (attribute: Attribute): string =>
  isBareFlag(attribute) ? 'Flag' : isFlag(attribute) ? "boolean | ''" : (attribute.type?.text ?? 'string');

/** A property is a text where the attribute of its name is JSON; scripts hand over the object. */
const isAlsoProperty = (element: CustomElementDeclaration, { name }: Attribute): boolean =>
  propertiesOf(element).some((property) => property.name === name);

const fields = (all: readonly (readonly [doc: string | undefined, name: string, type: string])[]): string =>
  lines(all.flatMap(([text, name, type]) => [doc(text), `${name}?: ${type} | undefined;`]));

/** What all frameworks have in common. */
function tag(element: CustomElementDeclaration): string {
  const attributes = attributesOf(element).filter((attribute) => !isAlsoProperty(element, attribute));
  return `${IMPORTS}

/**
 * The attributes of \`<${TAG}>\`.
 *
 * @typeParam Flag what switches on an attribute that is there or not
 */
export interface SautikitCallButtonAttributes<Flag = boolean | ''> {
${fields(attributes.map((one) => [one.description, `'${one.name}'`, `${valueOf(one)} | null`]))}
}

/** The properties that are no attributes. */
export interface SautikitCallButtonProperties {
${fields(propertiesOf(element).map(({ description, name }) => [description, name, `SautikitCallButton['${name}']`]))}
}

/** Listeners by the name of the event, with what stands before it. */
export type SautikitListeners<Prefix extends string> = {
  [Name in keyof SautikitEventMap as \`\${Prefix}\${Name}\`]?: ((event: SautikitEventMap[Name]) => void) | undefined;
};
`;
}

function react({ cssProperties = [] }: CustomElementDeclaration): string {
  return `import type { DetailedHTMLProps, HTMLAttributes } from 'react';
import type { SautikitCallButton } from '../types/index.js';
import type { SautikitCallButtonAttributes, SautikitCallButtonProperties, SautikitListeners } from './tag.js';

/** What \`<${TAG}>\` takes in React 19. */
export type SautikitCallButtonProps = SautikitCallButtonAttributes<boolean> &
  SautikitCallButtonProperties &
  SautikitListeners<'on'> &
  DetailedHTMLProps<HTMLAttributes<SautikitCallButton>, SautikitCallButton>;

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      '${TAG}': SautikitCallButtonProps;
    }
  }
  interface CSSProperties {
${lines(
  cssProperties.flatMap(({ name, description }) => [doc(description), `'${name}'?: string | undefined;`]),
  '    ',
)}
  }
}
`;
}

function vue(): string {
  return `import type { EmitFn, HTMLAttributes, PublicProps } from 'vue';
${IMPORTS}
${FROM_TAG}

/** What \`<${TAG}>\` takes in Vue 3. A flag is left out with \`undefined\`: Vue writes \`false\` as a text, which is there. */
export type SautikitCallButtonProps = SautikitCallButtonAttributes<true | ''> &
  SautikitCallButtonProperties &
  HTMLAttributes &
  PublicProps;

type Emit = EmitFn<{ [Name in keyof SautikitEventMap]: (event: SautikitEventMap[Name]) => void }>;

declare module 'vue' {
  interface GlobalComponents {
    '${TAG}': new () => SautikitCallButton & { $props: SautikitCallButtonProps; $emit: Emit };
  }
}
`;
}

function svelte(): string {
  return `import type { HTMLAttributes } from 'svelte/elements';
import type { SautikitCallButton } from '../types/index.js';
import type { SautikitCallButtonAttributes, SautikitCallButtonProperties, SautikitListeners } from './tag.js';

/** What \`<${TAG}>\` takes in Svelte 5. A flag is left out with \`undefined\`: Svelte writes \`false\` as a text, which is there. */
export type SautikitCallButtonProps = SautikitCallButtonAttributes<true | ''> &
  SautikitCallButtonProperties &
  SautikitListeners<'on'> &
  SautikitListeners<'on:'> &
  HTMLAttributes<SautikitCallButton>;

declare module 'svelte/elements' {
  interface SvelteHTMLElements {
    '${TAG}': SautikitCallButtonProps;
  }
}
`;
}

/** Solid sets what stands on an element of this kind as a property, so what is only an attribute is named as one. */
function solid(element: CustomElementDeclaration): string {
  const attributes = attributesOf(element);
  const reached = attributes.filter(({ fieldName }) => fieldName);
  const texts = attributes.filter((one) => !isFlag(one));
  return `import type { JSX } from 'solid-js';
import type { SautikitCallButton } from '../types/index.js';
import type { SautikitListeners } from './tag.js';

/**
 * What \`<${TAG}>\` takes in Solid, which sets what it is given as a property: what is an attribute alone is written
 * with \`attr:\`, and with \`bool:\` where it is there or not.
 */
export interface SautikitCallButtonProps
  extends JSX.HTMLAttributes<SautikitCallButton>,
    SautikitListeners<'on:'> {
${fields([
  ...reached.map((one) => [one.description, `'${one.name}'`, `${valueOf(one)} | null`] as const),
  ...texts.map((one) => [one.description, `'attr:${one.name}'`, valueOf(one)] as const),
  ...attributes.filter(isFlag).map((one) => [one.description, `'bool:${one.name}'`, 'boolean'] as const),
  ...propertiesOf(element).map(
    ({ name, description }) => [description, `'prop:${name}'`, `SautikitCallButton['${name}']`] as const,
  ),
])}
}

declare module 'solid-js' {
  namespace JSX {
    interface IntrinsicElements {
      '${TAG}': SautikitCallButtonProps;
    }
  }
}
`;
}

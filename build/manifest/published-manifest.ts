import type { ClassMember, CustomElementDeclaration, Package } from 'custom-elements-manifest';
import { describedEvents } from './described-events.js';
import { describedTokens } from './described-tokens.js';

/** What a plugin of the analyzer is handed at the end. */
export interface LinkPhase {
  customElementsManifest: Package;
}

/** The element in a manifest that has no other. */
export function elementIn({ modules }: Package): CustomElementDeclaration {
  const found = modules.flatMap(({ declarations = [] }) => declarations).find((one) => 'customElement' in one);
  if (!found) throw new Error('The manifest has no element');
  return found as CustomElementDeclaration;
}

/** Lit's list of properties names also what is inner matter; there it has no type, or begins with an underscore. */
const isPublic = (member: ClassMember): boolean => {
  const { name, privacy, static: ofClass, kind } = member as ClassMember & { static?: boolean };
  const hidden = name.startsWith('_') || (kind === 'field' && !('type' in member));
  return !ofClass && !hidden && (privacy === undefined || privacy === 'public');
};

/** Lines in a comment end where the source is full; whoever shows them has other margins. */
const oneLine = (text: string): string => text.replace(/\s*\n\s*/g, ' ');

/**
 * Makes of what the analyzer has found in the sources what those who install the package need: the public interface alone,
 * by the names of the files that are published, with events and tokens, which stand in files of their own.
 */
export function publishedManifest() {
  return {
    name: 'published-manifest',
    packageLinkPhase({ customElementsManifest: manifest }: LinkPhase): void {
      const element = elementIn(manifest);
      const members = (element.members ?? []).filter(isPublic);
      element.members = members;
      element.attributes = (element.attributes ?? [])
        .filter(({ name }) => !name.startsWith('_'))
        .map(({ fieldName, ...attribute }) => ({
          ...attribute,
          // An attribute that is not there is `null` to the property alone.
          type: { text: (attribute.type?.text ?? 'string').replace(' | null', '') },
          ...(members.some(({ name }) => name === fieldName) && { fieldName: fieldName! }),
        }));
      element.events = describedEvents();
      element.cssProperties = describedTokens();
      for (const described of [element, ...members]) described.description = oneLine(described.description ?? '');
      const at = { name: element.name, module: 'dist/index.js' };
      const exported = { kind: 'js', name: element.name, declaration: at } as const;
      manifest.modules = [
        { kind: 'javascript-module', path: 'dist/index.js', declarations: [element], exports: [exported] },
        {
          kind: 'javascript-module',
          path: 'dist/define.js',
          declarations: [],
          exports: [{ kind: 'custom-element-definition', name: element.tagName!, declaration: at }, exported],
        },
      ];
    },
  };
}

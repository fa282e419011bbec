import { readFileSync } from 'node:fs';
import ts from 'typescript';

/** What the browser and Lit call by themselves. */
const LIFECYCLE = /^(constructor|(dis)?connectedCallback|attributeChangedCallback|adoptedCallback)$/;

/** The members of a class that TypeScript lets everybody use, by the declarations that are published. */
export function publicMembers(file: string, className: string): string[] {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2022, true);
  const found = source.statements.find((node) => ts.isClassDeclaration(node) && node.name?.text === className);
  if (!found) throw new Error(`${file} declares no class ${className}`);
  const hidden = ts.ModifierFlags.Private | ts.ModifierFlags.Protected | ts.ModifierFlags.Static;
  const names = (found as ts.ClassDeclaration).members
    .filter((member) => !(ts.getCombinedModifierFlags(member) & hidden))
    .map((member) => member.name)
    .filter((name) => name !== undefined && ts.isIdentifier(name))
    .map((name) => name.text);
  return [...new Set(names)].filter((name) => !LIFECYCLE.test(name));
}

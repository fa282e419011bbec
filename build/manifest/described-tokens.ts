import { readFileSync } from 'node:fs';
import type { CssCustomProperty } from 'custom-elements-manifest';
import ts from 'typescript';

const FILE = 'src/element/panel/styles/frame.ts';

/** As the tag `cssprop` has it: `--name`, or `[--name=default]`, and a sentence. */
const TOKEN = /^\[?(?<name>--[\w-]+)(?:=(?<value>[^\]]+)\])?\s+-\s+(?<description>.+)$/s;

/** The tokens as the style sheet that uses most of them describes them. */
export function describedTokens(): CssCustomProperty[] {
  const source = ts.createSourceFile(FILE, readFileSync(FILE, 'utf8'), ts.ScriptTarget.ES2022, true);
  const tags = source.statements.flatMap((node) => ts.getJSDocTags(node));
  return tags
    .filter(({ tagName }) => tagName.text === 'cssprop')
    .map(({ comment }) => {
      const text = ts.getTextOfJSDocComment(comment) ?? '';
      const { name, value, description } = TOKEN.exec(text)?.groups ?? {};
      if (!name || !description) throw new Error(`${FILE}: cannot be understood: @cssprop ${text}`);
      return { name, ...(value && { default: value }), description: description.replace(/\s+/g, ' ') };
    });
}

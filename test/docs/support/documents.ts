import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { slug } from 'github-slugger';
import { marked, type Token, type Tokens } from 'marked';

export const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** A piece of code in a document. */
export interface Snippet {
  /** Path of the document, from the root. */
  path: string;
  /** Which one of the document's pieces it is, counted from 1. */
  number: number;
  /** First word after the fence. */
  language: string;
  /** What else stands after the fence: for whom, or what it is for. */
  purpose: string;
  code: string;
}

export interface Document {
  path: string;
  text: string;
  snippets: Snippet[];
  /** Lines of commands, which stand indented or in a fence that names no other language. */
  commands: string[];
  /** Texts in single backticks. */
  inline: string[];
  links: string[];
  /** Anchors of its headings. */
  anchors: ReadonlySet<string>;
}

/** Everything that is written for people, with a path from the root. */
export const documentPaths = (): string[] => [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync(`${ROOT}docs`)
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

/** Without the settings that stand before a page of the site. */
const withoutFrontMatter = (text: string): string => text.replace(/^---\n[^]*?\n---\n/, '');

export function readDocument(path: string): Document {
  const text = readFileSync(`${ROOT}${path}`, 'utf8');
  const tokens: Token[] = [];
  marked.walkTokens(marked.lexer(withoutFrontMatter(text)), (token) => void tokens.push(token));
  const ofType = <Type extends Token>(type: Type['type']) =>
    tokens.filter((token): token is Type => token.type === type);

  const codes = ofType<Tokens.Code>('code');
  const fenced = codes.filter(({ codeBlockStyle }) => codeBlockStyle !== 'indented');
  return {
    path,
    text,
    snippets: fenced.map(({ lang = '', text: code }, index) => {
      const [language = '', ...purpose] = lang.split(/\s+/);
      return { path, number: index + 1, language, purpose: purpose.join(' '), code };
    }),
    commands: codes
      .filter(({ codeBlockStyle, lang }) => codeBlockStyle === 'indented' || !lang || lang === 'sh')
      .flatMap(({ text: lines }) => lines.split('\n'))
      .filter((line) => /^(npm|npx) /.test(line)),
    inline: ofType<Tokens.Codespan>('codespan').map(({ text: code }) => code),
    links: [...ofType<Tokens.Link>('link'), ...ofType<Tokens.Image>('image')].map(({ href }) => href),
    anchors: new Set(ofType<Tokens.Heading>('heading').map(({ text: heading }) => slug(plain(heading)))),
  };
}

/** A heading as it is read: without marks, and of links the text. */
const plain = (heading: string): string => heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').replace(/[`*_]/g, '');

export const allDocuments = (): Document[] => documentPaths().map(readDocument);

/** The one piece of a document with a purpose. */
export function snippetFor(path: string, purpose: string): Snippet {
  const found = readDocument(path).snippets.filter((snippet) => snippet.purpose === purpose);
  if (found.length !== 1) throw new Error(`${path} has ${found.length} snippets for "${purpose}"`);
  return found[0]!;
}

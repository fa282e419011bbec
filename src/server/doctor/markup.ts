import { parse, type DefaultTreeAdapterTypes } from 'parse5';

/** An element of the page. */
export interface Tag {
  attributes: ReadonlyMap<string, string>;
}

/** What of a page's HTML counts for the button. */
export interface Markup {
  buttons: Tag[];
  scripts: Tag[];
  /** Contents of `<meta http-equiv="Content-Security-Policy">`. */
  policies: string[];
  /** What addresses are relative to. */
  base: URL;
  /** How many letters a visitor without JavaScript reads. */
  letters: number;
}

type Node = DefaultTreeAdapterTypes.Node;

const BUTTON = 'sautikit-call-button';
/** Their text is not read. */
const SILENT = ['script', 'style', 'noscript', 'head'];

/** Reads HTML as browsers do (HTML standard, section 13.2), but runs nothing. */
export function readMarkup(html: string, url: URL): Markup {
  const markup: Markup = { buttons: [], scripts: [], policies: [], base: url, letters: 0 };
  let based = false;
  const visit = (node: Node, silent: boolean): void => {
    if (node.nodeName === '#text' && 'value' in node && !silent) markup.letters += node.value.trim().length;
    if ('tagName' in node) {
      const attributes = new Map(node.attrs.map(({ name, value }) => [name, value] as const));
      if (node.tagName === BUTTON) markup.buttons.push({ attributes });
      if (node.tagName === 'script') markup.scripts.push({ attributes });
      if (node.tagName === 'meta' && attributes.get('http-equiv')?.toLowerCase() === 'content-security-policy') {
        markup.policies.push(attributes.get('content') ?? '');
      }
      const href = node.tagName === 'base' && !based ? attributes.get('href') : undefined;
      if (href !== undefined && URL.canParse(href, url)) {
        based = true;
        markup.base = new URL(href, url);
      }
    }
    const quiet = silent || SILENT.includes(node.nodeName);
    // A template is inert, but a declarative shadow root is part of the page.
    if ('content' in node && node.attrs.some(({ name }) => name === 'shadowrootmode')) visit(node.content, quiet);
    if ('childNodes' in node) for (const child of node.childNodes) visit(child, quiet);
  };
  visit(parse(html), false);
  return markup;
}

import { referenceAnchors } from './reference.js';

/** As much of a token of markdown-it as is looked at. */
interface Token {
  type: string;
  content: string;
  children: Token[] | null;
  attrGet(name: string): string | null;
  attrSet(name: string, value: string): void;
}

/** As much of markdown-it as is used; VitePress has it inside. */
interface Markdown {
  core: { ruler: { push(name: string, rule: (state: { tokens: Token[] }) => void): void } };
}

/**
 * Documents link to what lies beside them in the repository: to sections of the README, which are the page "Reference", and
 * to sources, which are no part of the site. Of those the text stays.
 */
export function linksOut(markdown: Markdown): void {
  const anchors = referenceAnchors();
  markdown.core.ruler.push('links-out', ({ tokens }) => {
    for (const { children } of tokens) {
      if (!children) continue;
      let dropping = false;
      for (const token of children) {
        if (token.type === 'link_open') {
          const href = token.attrGet('href') ?? '';
          if (!href.startsWith('../')) continue;
          const [, anchor = ''] = /^\.\.\/README\.(?:md|html)#(.+)$/.exec(href) ?? [];
          if (anchors.has(anchor)) {
            token.attrSet('href', `./reference.html#${anchor}`);
            continue;
          }
          dropping = true;
        }
        if (!dropping) continue;
        if (token.type === 'link_close') dropping = false;
        else if (token.type !== 'link_open') continue;
        // An empty text draws nothing.
        Object.assign(token, { type: 'text', tag: '', nesting: 0, attrs: null, content: '', children: null });
      }
    }
  });
}

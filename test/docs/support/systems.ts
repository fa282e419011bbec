/**
 * What site builders and tag managers do to what is pasted into them, as `docs/embeds.md` says with its sources. Each
 * makes a page of the owner's code, or refuses it; nothing of theirs is here but the restriction.
 */
import { Linter } from 'eslint';
import type { ServedPage } from './house.js';

const page = (body: string, head = ''): string => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <title>A page of somebody else's system</title>
    <link rel="icon" href="data:," />
    ${head}
  </head>
  <body>
    <h1>A page of somebody else's system</h1>
    ${body}
  </body>
</html>`;

/** Webflow, Code Embed: some thousand characters, none of the page's own tags; it is part of the published markup. */
export function webflow(embed: string): ServedPage {
  if (embed.length > 10_000) throw new Error('The embed is too long');
  if (/<\/?(html|head|body)\b/i.test(embed)) throw new Error('The embed has tags of the page');
  return { html: page(`<div class="w-embed w-script">${embed}</div>`) };
}

/** Wix, Custom Code at the end of the body: requests go through functions that cannot be replaced, frames take no `srcdoc`. */
export function wix(code: string): ServedPage {
  const guard = () => {
    const fixed = (owner: object, name: string, value: unknown) =>
      Object.defineProperty(owner, name, { value, writable: false, configurable: false });
    const { fetch, XMLHttpRequest: Request, open } = window;
    fixed(window, 'fetch', (...asked: Parameters<typeof fetch>) => fetch(...asked));
    fixed(window, 'XMLHttpRequest', class extends Request {});
    fixed(window, 'open', (url?: string | URL, ...rest: string[]) =>
      new URL(url ?? '', location.href).origin === location.origin ? {} : open(url, ...rest),
    );
    Object.defineProperty(HTMLIFrameElement.prototype, 'srcdoc', {
      set() {
        throw new Error('srcdoc is blocked');
      },
    });
  };
  return {
    html: `${page('', `<script>globalThis.__name = (value) => value; (${guard})();</script>`).replace('</body>', `${code}</body>`)}`,
  };
}

/** Wix, HTML element: a frame of another origin, sandboxed, that is given no microphone. */
export const wixFrame = (address: string): ServedPage => ({
  html: page(
    `<iframe src="${address}" sandbox="allow-same-origin allow-forms allow-popups allow-scripts allow-pointer-lock"></iframe>`,
  ),
});

/** Squarespace with pages that come without a reload: the header's code is parsed, the block is put in by a script. */
export const squarespace = (header: string, block: string): ServedPage => ({
  html: page(
    `<main></main>
    <script>
      addEventListener('load', () => {
        document.querySelector('main').innerHTML = ${JSON.stringify(block).replaceAll('</', '<\\/')};
      });
    </script>`,
    header,
  ),
});

/** Shopify, rich text: of all tags only these come through, without attributes but those of a link. */
export const shopifyRichText = (html: string): string =>
  html.replace(/<(\/?)([\w-]+)([^>]*)>/g, (_, slash: string, name: string, attributes: string) => {
    if (!/^(p|h[1-6]|ul|ol|li|a|b|i|strong|em)$/.test(name)) return '';
    return `<${slash}${name}${name === 'a' ? attributes : ''}>`;
  });

/** Shopify, Custom Liquid: what Liquid would take for its own must not be in it. */
export function shopify(code: string): ServedPage {
  if (/\{\{|\{%/.test(code)) throw new Error('Liquid would read this');
  return { html: page(`<div class="shopify-section">${code}</div>`) };
}

/**
 * Drupal, "Limit allowed HTML tags": tags that are not listed go, of the others attributes that are not listed, always
 * `style` and `on…`; and of values what stands before a colon, where it is no protocol that is known.
 */
export function drupalFilter(html: string, allowed: string): string {
  const list = new Map<string, ReadonlySet<string>>();
  for (const [, name = '', attributes = ''] of allowed.matchAll(/<([\w-]+)([^>]*)>/g)) {
    list.set(name, new Set(['lang', 'dir', ...attributes.split(/\s+/).map((attribute) => attribute.split('=')[0]!)]));
  }
  return html.replace(/<(\/?)([\w-]+)([^>]*)>/g, (_, slash: string, name: string, attributes: string) => {
    const attributesAllowed = list.get(name);
    if (!attributesAllowed) return '';
    const kept = [...attributes.matchAll(/([-a-zA-Z][-a-zA-Z0-9]*)(?:\s*=\s*("[^"]*"|'[^']*'))?/g)].flatMap(
      ([, attribute = '', value]) => {
        if (!attributesAllowed.has(attribute) || attribute === 'style' || attribute.startsWith('on')) return [];
        return value === undefined
          ? attribute
          : `${attribute}=${value[0]}${withoutBadProtocol(value.slice(1, -1))}${value[0]}`;
      },
    );
    return `<${[slash + name, ...kept].join(' ')}>`;
  });
}

function withoutBadProtocol(value: string): string {
  const [before, ...rest] = value.split(':');
  if (rest.length === 0 || /[/?#]/.test(before!) || /^(https?|mailto|tel|sms)$/i.test(before!)) return value;
  return withoutBadProtocol(rest.join(':'));
}

/** Drupal: the script of a library in the theme, and a text that has been through the filter. */
export const drupal = (script: string, filtered: string): ServedPage => ({
  html: page(`<article>${filtered}</article><script src="${script}" type="module"></script>`),
});

/** Joomla, the default text filter: tags with a hyphen go, and these; of the others some attributes. */
export function joomlaFilter(html: string): string {
  const blocked =
    /^(applet|body|bgsound|base|basefont|canvas|embed|frame|frameset|head|html|id|iframe|ilayer|layer|link|meta|name|object|script|style|title|xml)$/i;
  return html.replace(/<(\/?)([^\s>/]+)([^>]*)>/g, (_, slash: string, name: string, attributes: string) => {
    if (!/^[a-z][a-z0-9]*$/i.test(name) || blocked.test(name)) return '';
    const kept = attributes.replace(/\s(on\w+|action|background|codebase|dynsrc|formaction|lowsrc)="[^"]*"/gi, '');
    return `<${slash}${name}${kept}>`;
  });
}

export const joomla = (article: string, template: string): ServedPage => ({
  html: page(`<main>${article}</main>${template}`),
});

/** Google Tag Manager, Custom HTML: its scripts are ECMAScript 5, and are made anew, without attributes but `src`, by a script. */
export function tagManager(tag: string): ServedPage {
  for (const [, code = ''] of tag.matchAll(/<script[^>]*>([^]*?)<\/script>/g)) {
    const [first] = new Linter().verify(code, { languageOptions: { ecmaVersion: 5, sourceType: 'script' } });
    if (first) throw new Error(`Not ECMAScript 5: ${first.message}`);
  }
  const fire = (html: string) => {
    const holder = document.createElement('div');
    holder.innerHTML = html;
    for (const node of [...holder.childNodes]) {
      if (node instanceof HTMLScriptElement) {
        const script = document.createElement('script');
        if (node.src) script.src = node.src;
        script.text = node.text;
        document.body.append(script);
      } else document.body.append(node);
    }
  };
  const html = JSON.stringify(tag).replaceAll('</', '<\\/');
  return {
    html: page(
      `<script>addEventListener('DOMContentLoaded', () => { globalThis.__name = (value) => value; (${fire})(${html}); });</script>`,
    ),
  };
}

/** A page of somebody else that holds the owner's frame. */
export const framed = (frame: string): ServedPage => ({ html: page(frame) });

/** A page under a policy. */
export const strict = (policy: string, code: string): ServedPage => ({
  html: page(code, '').replace(/<link rel="icon"[^>]*>/, '<link rel="icon" href="data:," />'),
  headers: { 'Content-Security-Policy': policy, 'Permissions-Policy': 'microphone=(self)' },
});

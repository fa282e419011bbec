import type { ButtonElement } from './facade-port.js';

/** What belongs to the one element or its place in the page, and what a content security policy would refuse anyway. */
const LEFT_OUT =
  /^(?:id|class|style|slot|part|state|disabled|hidden|tabindex|autofocus|nonce|panel|placement|full-width|icon-only|aria-.*|on.*)$/;

/** What an element in the new window may have of the content of this one; the label has no name. */
const SLOTS = ['', 'icon', 'consent', 'fallback', 'callback', 'text-alternative'];

/** A window without an address knows nothing that an address could be relative to. */
const ADDRESSES = ['href', 'src', 'action'];

/** The owner's label may come as a property only. */
type Labelled = HTMLElement & { readonly label?: string | null };

function absolute(url: string): string {
  try {
    return new URL(url, document.baseURI).href;
  } catch {
    return url;
  }
}

/** The element's attributes for another document; a property that stands in for one becomes one. */
export function attributesOf(element: ButtonElement & Labelled): Map<string, string> {
  const attributes = new Map<string, string>();
  for (const { name, value } of element.attributes) if (!LEFT_OUT.test(name)) attributes.set(name, value);
  const { tokenUrl, statusUrl, line, label, messages } = element;
  if (tokenUrl) attributes.set('token-url', absolute(tokenUrl));
  if (statusUrl) attributes.set('status-url', absolute(statusUrl));
  const reportUrl = attributes.get('report-url');
  if (reportUrl) attributes.set('report-url', absolute(reportUrl));
  if (line) attributes.set('line', line);
  if (label) attributes.set('label', label);
  if (messages) attributes.set('messages', JSON.stringify(messages));
  // A call that has begun was agreed to.
  if (element.hasAttribute('state')) attributes.delete('require-consent');
  return attributes.set('panel', 'inline');
}

/** What the element shows as its own: also what an application hands on through a slot of its own. */
function contentOf(element: HTMLElement): { node: Node; slot: string }[] {
  return [...element.childNodes].flatMap((child) => {
    const slot = child instanceof Element ? child.slot : '';
    const nodes = child instanceof HTMLSlotElement ? child.assignedNodes({ flatten: true }) : [child];
    const shown = nodes.filter(
      (node) => node instanceof Text || (node instanceof Element && node.localName !== 'script'),
    );
    return SLOTS.includes(slot) ? shown.map((node) => ({ node, slot })) : [];
  });
}

/** The words on the button, else the page's title. */
export function labelOf(element: Labelled): string {
  const text = contentOf(element)
    .filter(({ slot }) => !slot)
    .map(({ node }) => node.textContent);
  return text.join('').replace(/\s+/g, ' ').trim() || element.label || document.title;
}

/** Copies of the slotted content for another document, without the scripts that would be missing there. */
export function copyContent(element: HTMLElement, target: Document): Node[] {
  return contentOf(element).map(({ node, slot }) => {
    const copy = target.importNode(node, true);
    // An element of another document is no instance of this one's classes.
    if (copy.nodeType !== Node.ELEMENT_NODE) return copy;
    const root = copy as Element;
    if (slot) root.slot = slot;
    else root.removeAttribute('slot');
    for (const script of root.querySelectorAll('script')) script.remove();
    for (const each of [root, ...root.querySelectorAll('*')]) {
      for (const name of each.getAttributeNames()) if (/^on/.test(name)) each.removeAttribute(name);
      for (const name of ADDRESSES) {
        const value = each.getAttribute(name);
        if (value) each.setAttribute(name, absolute(value));
      }
    }
    return copy;
  });
}

/** Every token that the element's style sheets ask for, with the value that it has here. */
export function themeOf(element: HTMLElement): Map<string, string> {
  const style = getComputedStyle(element);
  const rules = (element.shadowRoot?.adoptedStyleSheets ?? []).flatMap(({ cssRules }) => [...cssRules]);
  const names = rules.flatMap(({ cssText }) => cssText.match(/--sautikit-[\w-]+/g) ?? []);
  const theme = new Map<string, string>();
  for (const name of [...names, 'color-scheme', 'font-family']) {
    const value = style.getPropertyValue(name).trim();
    if (value) theme.set(name, value);
  }
  return theme;
}

import { closestLang } from '../i18n/language.js';
import { entryScript, type EntryScript } from './entry-script.js';
import type { ButtonElement } from './facade-port.js';
import { attributesOf, copyContent, labelOf, themeOf } from './own-window-content.js';
import { isHandheld } from './ways-out/browser-family.js';
import { surroundings } from './ways-out/surroundings.js';

/** The name that the entry script defines. */
const NAME = 'sautikit-call-button';

/** For pages with Trusted Types; in the new window the entry has one of its own beside it. */
const POLICY = `${NAME}-window`;

const FEATURES = 'popup,width=420,height=640';

const STYLES = `
  body { margin: 1rem; font-family: inherit; }
  ${NAME} { display: block; --sautikit-panel-width: auto; }
  ${NAME}:not(:defined) { visibility: hidden; }`;

interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): string };
}

/**
 * Whether the element can go on in a window of its own, which the links of this page do not end. A function of the page
 * cannot come along, since it ends with the page; and a phone has no second window to look at.
 */
export function canOpenOwnWindow(element: ButtonElement): boolean {
  const { tokenUrl, tokenProvider, solveChallenge } = element;
  // A window that has no address is such a window itself.
  if (!tokenUrl || tokenProvider || solveChallenge || location.protocol === 'about:') return false;
  return !isHandheld(surroundings()) && entryScript() !== undefined;
}

/**
 * Opens a small window with the same button, which calls as soon as it is there. To be called while the visitor presses
 * something, or the browser blocks it. The window knows nothing of this page, and lives on when the page is left.
 *
 * @returns undefined where no window could be opened or filled; the call then stays in the page
 */
export function openOwnWindow(element: ButtonElement): Window | undefined {
  const entry = canOpenOwnWindow(element) && entryScript();
  // An address would be the page's own, and load it all again; an empty window has this page's origin and policies.
  const popup = entry && window.open('', '_blank', FEATURES);
  if (!entry || !popup) return undefined;
  try {
    fill(popup as Window & typeof globalThis, element, entry);
  } catch {
    popup.close();
    return undefined;
  }
  popup.opener = null;
  return popup;
}

/** By methods of the DOM alone, which neither Trusted Types nor a content security policy has anything against. */
function fill(popup: Window & typeof globalThis, element: ButtonElement, entry: EntryScript): void {
  const { document: page } = popup;
  const root = page.documentElement;
  page.title = labelOf(element);
  root.lang = closestLang(element) ?? '';
  root.dir = getComputedStyle(element).direction;
  for (const [name, value] of themeOf(element)) root.style.setProperty(name, value);
  const sheet = new popup.CSSStyleSheet();
  sheet.replaceSync(STYLES);
  page.adoptedStyleSheets = [sheet];

  const base = page.createElement('base');
  base.href = document.baseURI;
  // A link in the window would end the call as well.
  base.target = '_blank';
  const origin = page.createElement('link');
  origin.rel = 'canonical';
  origin.href = location.href;
  page.head.append(base, origin);
  // Of the two ways to choose light or dark, the one that no computed style tells of.
  const scheme = document.querySelector('meta[name="color-scheme"]');
  if (scheme) page.head.append(page.importNode(scheme));

  const button = page.createElement(NAME);
  for (const [name, value] of attributesOf(element)) button.setAttribute(name, value);
  button.append(...copyContent(element, page));
  const main = page.createElement('main');
  main.append(button);
  page.body.append(main, script(popup, entry, button));
}

/** The script that defines the element there, as this page loads it. */
function script(popup: Window & typeof globalThis, { url, tag }: EntryScript, button: HTMLElement): HTMLScriptElement {
  const script = popup.document.createElement('script');
  script.type = tag?.type ?? 'module';
  if (tag) script.nonce = tag.nonce;
  for (const name of ['integrity', 'crossorigin', 'referrerpolicy']) {
    const value = tag?.getAttribute(name);
    if (value) script.setAttribute(name, value);
  }
  script.src = trusted(popup, url);
  // Where this page is gone by then, the button waits for a press.
  script.addEventListener('load', () => void (button as ButtonElement).call());
  // The page that it came from still has its button.
  script.addEventListener('error', () => popup.close());
  return script;
}

/** The address as a page with Trusted Types wants it, by a policy that knows no other address. */
function trusted(popup: Window, url: string): string {
  const { trustedTypes } = popup as { trustedTypes?: TrustedTypes };
  try {
    return trustedTypes?.createPolicy(POLICY, { createScriptURL: () => url }).createScriptURL(url) ?? url;
  } catch {
    // The page has not allowed the policy; where it insists on one, the assignment fails.
    return url;
  }
}

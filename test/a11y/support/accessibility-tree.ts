import type { Page, SerializedAXNode } from 'puppeteer-core';
import type axeCore from 'axe-core';

/** One node of the accessibility tree in one line, such as `button "Mute" pressed=false`. */
export type Line = string;

/** What a screen reader stops at, or tells by itself; everything else is text and boxes. */
const ROLES = ['heading', 'button', 'link', 'combobox', 'meter', 'image', 'timer', 'status', 'alert', 'group'];

/** States that are said when they are there. */
const STATES = ['pressed', 'expanded', 'disabled'] as const;

/** Chromium's own tree of the button, as it hands it to screen readers, in reading order. */
export async function treeInChromium(page: Page): Promise<Line[]> {
  const root = await page.$('sautikit-call-button');
  const snapshot = await page.accessibility.snapshot({ interestingOnly: false, root: root! });
  const lines: Line[] = [];
  const visit = (node: SerializedAXNode): void => {
    const role = node.role === 'Meter' ? 'meter' : node.role;
    if (ROLES.includes(role)) {
      // Whether a choice has its list open is the browser's own affair.
      const own = role === 'combobox' ? [] : STATES;
      const states = own.flatMap((state) => (node[state] === undefined ? [] : [` ${state}=${node[state]}`]));
      lines.push(`${role} "${node.name ?? ''}"${states.join('')}${node.description ? ` (${node.description})` : ''}`);
    }
    node.children?.forEach(visit);
  };
  if (snapshot) visit(snapshot);
  return lines;
}

/**
 * The same in a browser that does not show its tree to tests: roles and names as axe-core computes them from the document
 * (Accessible Name and Description Computation 1.2), states as their attributes say.
 */
export function treeByAxe(page: Page): Promise<Line[]> {
  return page.evaluate(
    (roles, states) => {
      const { axe } = window as unknown as { axe: typeof axeCore };
      interface Commons {
        aria: { getRole(element: Element): string | null };
        text: { accessibleText(element: Element): string };
        dom: { isVisibleToScreenReaders(element: Element): boolean };
      }
      type Inner = { commons: Commons; utils: { getNodeFromTree(element: Element): object | undefined } };
      const { utils, commons } = axe as unknown as Inner;
      const { aria, text, dom } = commons;
      axe.setup(document.documentElement);
      const lines: string[] = [];
      const visit = (element: Element): void => {
        // Slots are no part of axe's tree: what is slotted stands in their place.
        if (element instanceof HTMLSlotElement && element.assignedElements().length > 0) {
          element.assignedElements().forEach(visit);
          return;
        }
        const known = utils.getNodeFromTree(element);
        if (known && !dom.isVisibleToScreenReaders(element)) return;
        const role = (known && aria.getRole(element))?.replace(/^img$/, 'image') ?? '';
        if (roles.includes(role)) {
          // axe leaves out what a `<label>` gives to a button (HTML Accessibility API Mappings, section 4.1).
          const labelled = element instanceof HTMLButtonElement && !element.hasAttribute('aria-label');
          const label = labelled ? element.labels[0]?.textContent?.trim() : undefined;
          const named = ['timer', 'status', 'alert'].includes(role) ? '' : (label ?? text.accessibleText(element));
          const said = states.flatMap((state) => {
            const value = element.getAttribute(`aria-${state}`);
            return value === null || (state === 'disabled' && value === 'false') ? [] : [` ${state}=${value}`];
          });
          const about = element
            .getAttribute('aria-describedby')
            ?.split(' ')
            .map((id) => (element.getRootNode() as ShadowRoot).getElementById(id)?.textContent?.trim() ?? '')
            .join(' ');
          lines.push(`${role} "${named}"${said.join('')}${about ? ` (${about})` : ''}`);
        }
        const children = element.shadowRoot?.children ?? element.children;
        for (const child of children) visit(child);
      };
      try {
        visit(document.querySelector('sautikit-call-button')!);
      } finally {
        axe.teardown();
      }
      return lines;
    },
    ROLES,
    [...STATES],
  );
}

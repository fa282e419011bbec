import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type axeCore from 'axe-core';
import type { Browser, Page } from 'puppeteer-core';
import type { FaceName } from '../../../demo/pages/faces.js';

/** How a face is looked at. */
export interface Look {
  language: string;
  direction: 'ltr' | 'rtl';
  theme: 'light' | 'dark';
}

declare global {
  interface Window {
    /** Puts a face onto the page, as it stands at the end of all transitions. */
    showFace(name: string, look: Look): Promise<void>;
  }
}

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Success criteria of WCAG up to 2.2, levels A and AA, and what axe advises beyond them. */
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** One page that shows one face after the other: a page load for each of hundreds would take minutes. */
export class FacesPage {
  readonly page: Page;
  readonly errors: string[] = [];

  private constructor(page: Page) {
    this.page = page;
    page.on('pageerror', (error) => this.errors.push(String(error)));
    page.on('console', (message) => message.type() === 'error' && this.errors.push(message.text()));
  }

  static async open(browser: Browser, demoUrl: string, width = 1024, height = 900): Promise<FacesPage> {
    const page = await browser.newPage();
    const faces = new FacesPage(page);
    await page.setViewport({ width, height });
    // The TypeScript runner wraps named functions in a helper that a page does not have.
    await page.evaluateOnNewDocument('globalThis.__name ??= (value) => value');
    await page.goto(`${demoUrl}demo/pages/faces.html?face=idle`);
    await page.waitForSelector('html[data-ready=true]');
    await page.evaluate(AXE);
    // As text: what the TypeScript runner makes of a function needs helpers that a page does not have.
    await page.evaluate(`import('/demo/pages/faces.ts').then((faces) => {
      const root = document.documentElement;
      window.showFace = async (name, { language, direction, theme }) => {
        Object.assign(root, { lang: language, dir: direction });
        root.style.colorScheme = theme;
        await faces.showFace(document.querySelector('sautikit-call-button'), name);
        // What fades in has not arrived; axe would see half a colour.
        for (const animation of document.getAnimations()) {
          if (animation.effect.getComputedTiming().endTime === Infinity) animation.cancel();
          else animation.finish();
        }
      };
    })`);
    return faces;
  }

  async show(name: FaceName, look: Look): Promise<void> {
    await this.page.evaluate((face, wanted) => window.showFace(face, wanted), name, look);
  }

  /** Adds a style sheet to the page and, since it ends at shadow roots, to the button's. */
  async style(text: string): Promise<void> {
    await this.page.evaluate((css) => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(css);
      document.adoptedStyleSheets.push(sheet);
      // The panel's own comes later, and replaces the list by a longer one.
      document.querySelector('sautikit-call-button')!.shadowRoot!.adoptedStyleSheets.push(sheet);
    }, text);
  }

  /** As in a system with a palette of high contrast (Chromium alone can play that). */
  async forceColors(): Promise<void> {
    const session = await this.page.createCDPSession();
    await session.send('Emulation.setEmulatedMedia', { features: [{ name: 'forced-colors', value: 'active' }] });
  }

  /** What axe-core has to say against what is shown, one line a node. */
  async violations(): Promise<string[]> {
    const violations = await this.page.evaluate(async (rules) => {
      const { axe } = window as unknown as { axe: typeof axeCore };
      const results = await axe.run(document, { runOnly: rules, resultTypes: ['violations'] });
      return results.violations;
    }, RULES);
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, any, all }) => `${id} at ${target.flat().join(' ')}: ${[...any, ...all][0]?.message}`),
    );
  }
}

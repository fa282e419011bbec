import type { Browser, Page } from 'puppeteer-core';
import { openPage } from './workbench.js';

/** How long one step of a call may take (ms). */
const PATIENCE = 20_000;

/** A page with the button, and a person in front of it who presses with a mouse. */
export class ButtonPage {
  readonly page: Page;

  private constructor(page: Page) {
    this.page = page;
  }

  static async open(
    browser: Browser,
    site: string,
    line: string,
    prepare?: (page: Page) => Promise<unknown>,
  ): Promise<ButtonPage> {
    const page = await openPage(browser, `${site}pages/visitor.html`, prepare);
    await page.waitForSelector('sautikit-call-button:defined');
    await page.evaluate((to) => document.querySelector('sautikit-call-button')!.setAttribute('line', to), line);
    return new ButtonPage(page);
  }

  /** Calls and is answered. */
  async call(): Promise<void> {
    await this.press('[part~=button]');
    await this.comesTo('active');
  }

  async hangup(): Promise<void> {
    await this.press('[part~=hangup]');
    await this.comesTo('ended');
  }

  /** By coordinates: a handle of the driver's would keep alive what it points to. */
  async press(selector: string): Promise<void> {
    const at = await this.page.evaluate((wanted) => {
      const root = document.querySelector('sautikit-call-button')?.shadowRoot;
      const box = root?.querySelector(wanted)?.getBoundingClientRect();
      return box && box.width > 0 ? { x: box.x + box.width / 2, y: box.y + box.height / 2 } : undefined;
    }, selector);
    if (!at) throw new Error(`there is no ${selector} to be pressed`);
    await this.page.mouse.click(at.x, at.y);
  }

  async comesTo(state: string): Promise<void> {
    const is = await this.page.evaluate(
      (wanted, patience) =>
        new Promise<string>((resolve) => {
          const element = document.querySelector('sautikit-call-button')!;
          const done = () => {
            clearTimeout(timer);
            element.removeEventListener('sautikit-state-change', look);
            resolve(element.callState);
          };
          const look = () => {
            if (element.callState === wanted || element.callState === 'failed') done();
          };
          const timer = setTimeout(done, patience);
          element.addEventListener('sautikit-state-change', look);
          look();
        }),
      state,
      PATIENCE,
    );
    if (is !== state) throw new Error(`the call is ${is} instead of ${state}`);
  }
}

import type { Browser, BrowserContext, Page } from 'puppeteer-core';
import type { Account, WordPress } from '../../../demo/wordpress/wordpress.js';

/** In milliseconds: how long a page of the admin may take on a machine that is busy with a browser and a stack. */
const PATIENCE = 60_000;

/** Somebody who is signed in, in a browser of their own. */
export class Admin {
  readonly page: Page;
  readonly #site: WordPress;
  readonly #context: BrowserContext;

  private constructor(site: WordPress, context: BrowserContext, page: Page) {
    this.#site = site;
    this.#context = context;
    this.page = page;
    page.setDefaultTimeout(PATIENCE);
  }

  static async signIn(browser: Browser, site: WordPress, { user, password }: Account): Promise<Admin> {
    const context = await browser.createBrowserContext();
    const admin = new Admin(site, context, await context.newPage());
    await admin.page.setViewport({ width: 1280, height: 900 });
    await admin.page.evaluateOnNewDocument('globalThis.__name ??= (value) => value');
    await admin.page.evaluateOnNewDocument('globalThis.editorOf = () => window.wp');
    await admin.open('wp-login.php');
    // Its script puts the cursor into the field a moment after the page has loaded, and would lose what was typed.
    await admin.page.evaluate(
      (name, word) => {
        document.querySelector<HTMLInputElement>('#user_login')!.value = name;
        document.querySelector<HTMLInputElement>('#user_pass')!.value = word;
      },
      user,
      password,
    );
    await admin.follow('#wp-submit');
    return admin;
  }

  /** @param path Below the site's address. */
  async open(path: string): Promise<number> {
    const response = await this.page.goto(this.#site.url + path, { timeout: PATIENCE });
    return response?.status() ?? 0;
  }

  /** Presses what leads to another page. */
  async follow(selector: string): Promise<void> {
    const element = await this.page.waitForSelector(selector);
    await Promise.all([
      this.page.waitForNavigation({ timeout: PATIENCE }),
      element!.evaluate((one) => (one as HTMLElement).click()),
    ]);
  }

  /** Writes into fields by their names; `true` and `false` tick a box, a choice is made by its value. */
  async fill(fields: Readonly<Record<string, string | boolean>>): Promise<void> {
    await this.page.evaluate((all) => {
      for (const [name, value] of Object.entries(all)) {
        const found = [...document.querySelectorAll<HTMLInputElement>(`[name="${CSS.escape(name)}"]`)];
        const field = found.find((one) => one.type !== 'radio' || one.value === value);
        if (!field) throw new Error(`There is no field ${name}`);
        if (field.type === 'radio') field.checked = true;
        else if (field.type === 'checkbox') field.checked = value === true;
        else field.value = String(value);
        field.dispatchEvent(new Event('input', { bubbles: true }));
      }
    }, fields);
  }

  /** Asks the REST API as this person, by the client that the pages of the editor have. */
  async rest(path: string): Promise<{ status: number; text: string }> {
    await this.page.waitForFunction(() => 'wp' in window && 'apiFetch' in editorOf());
    return await this.page.evaluate(async (where) => {
      // What is refused is thrown.
      const response = await editorOf()
        .apiFetch({ path: where, parse: false })
        .catch((refused: Response) => refused);
      return { status: response.status, text: await response.text() };
    }, path);
  }

  async signOut(): Promise<void> {
    await this.#context.close();
  }
}

/** What the block editor gives to scripts. */
interface EditorApi {
  apiFetch(request: { path: string; parse: false }): Promise<Response>;
  blocks: { getBlockType(name: string): unknown; createBlock(name: string, attributes: object): object };
  data: {
    dispatch(store: string): {
      insertBlocks(block: object): void;
      editPost(edits: object): void;
      savePost(): Promise<void>;
    };
    select(
      store: string,
    ): { getCurrentPost(): { status: string; link: string; type?: string } | undefined } | undefined;
  };
}

declare global {
  /** Stands in every page of somebody who is signed in. */
  function editorOf(): EditorApi;
}

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { build } from 'esbuild';
import type { Browser, Page } from 'puppeteer-core';
import { startSite, type Site } from '../support/site.js';
import { eventually, launch } from '../support/visitor.js';
import { page, writeFixture } from './support/fixtures.js';
import { freshProject, run, type Project } from './support/published.js';

declare global {
  interface Window {
    /** What the server has sent, as the browser has built it. */
    sent: Element[];
    hydrated?: boolean;
  }
}

/** Frameworks that draw a page on a server and take it over in the browser, as Next does it with React, and Nuxt with Vue. */
const FRAMEWORKS = {
  React: { folder: 'react', ending: 'jsx', packages: ['react', 'react-dom'] },
  Vue: { folder: 'vue', ending: 'js', packages: ['vue'] },
} as const;

const ORDERS = { 'before the page is taken over': 'defined-first', 'after it': 'defined-late' } as const;

/** Development builds, which tell where the two sides differ. */
const define = {
  'process.env.NODE_ENV': '"development"',
  __VUE_OPTIONS_API__: 'true',
  __VUE_PROD_DEVTOOLS__: 'false',
  __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'true',
};
/** Vue in the browser with its compiler, since the template is a text. */
const alias = { vue: 'vue/dist/vue.esm-bundler.js' };

for (const [framework, { folder, ending, packages }] of Object.entries(FRAMEWORKS)) {
  describe(`a page that ${framework} draws on a server`, () => {
    let project: Project;
    let html: string;
    let site: Site;
    let browser: Browser;

    before(async () => {
      project = await freshProject(packages);
      await writeFixture(project, folder);
      const shared = { absWorkingDir: project.folder, bundle: true, jsx: 'automatic', format: 'esm' } as const;
      await build({
        ...shared,
        entryPoints: { server: `server.${ending}` },
        outdir: 'server',
        platform: 'node',
        packages: 'external',
      });
      await build({
        ...shared,
        entryPoints: Object.values(ORDERS).map((name) => `${name}.${ending}`),
        outdir: 'client',
        splitting: true,
        define,
        ...(framework === 'Vue' && { alias }),
      });
      const { stdout, stderr } = await run(process.execPath, [join(project.folder, 'server/server.js')]);
      assert.equal(stderr, '');
      html = stdout.trim();
      site = await startSite(project.folder);
      browser = await launch('chromium');
    });

    after(async () => {
      await browser?.close();
      await site?.stop();
      await project?.remove();
    });

    /** Opens what the server has sent, with the scripts of an order of things, and waits until it is taken over. */
    async function open(sent: string, order: string): Promise<{ opened: Page; said: string[] }> {
      const remember = '<script>window.sent = [...document.querySelectorAll("#root *")];</script>';
      const script = `<script type="module" src="client/${order}.js"></script>`;
      await project.write({ 'page.html': page(`<div id="root">${sent}</div>`, remember + script) });
      const opened = await browser.newPage();
      const said: string[] = [];
      opened.on('console', (message) => {
        if (['warn', 'error'].includes(message.type())) said.push(message.text());
      });
      opened.on('pageerror', (error) => said.push(String(error)));
      await opened.goto(`${site.url}/more/page.html`);
      await eventually('the page is taken over', () => opened.evaluate(() => window.hydrated));
      await opened.waitForSelector('sautikit-call-button:defined');
      await opened.waitForSelector('sautikit-call-button >>> [part="button"]');
      return { opened, said };
    }

    const isWhole = (opened: Page) =>
      opened.evaluate(() => {
        const now = [...document.querySelectorAll('#root *')];
        return now.length === window.sent.length && now.every((element, index) => element === window.sent[index]);
      });

    it('has the tag with its attributes and everything between', () => {
      assert.match(
        html,
        /<sautikit-call-button token-url="\/api\/sip-token" line="nobody" size="large" no-keypad(="\w*")?/,
      );
      assert.match(html, /Call us\s*(<!-- -->)?<a slot="text-alternative" href="\/chat">\s*Chat\s*<\/a>/);
      assert.doesNotMatch(html, /<template|\[object/);
    });

    for (const [when, order] of Object.entries(ORDERS)) {
      it(`keeps what the server sent, and says nothing, with the element defined ${when}`, async () => {
        const { opened, said } = await open(html, order);
        assert.ok(await isWhole(opened));
        // A call that nobody answers, whose end the page shows: drawn anew, it is whole still.
        await (await opened.waitForSelector('sautikit-call-button >>> [part="button"]'))!.click();
        await eventually('the page has heard of the end', () =>
          opened.evaluate(() => document.querySelector('output')!.textContent === 'failed'),
        );
        assert.ok(await isWhole(opened));
        const { size, words, written } = await opened.$eval('sautikit-call-button', (button) => ({
          size: button.getAttribute('size'),
          words: button.messages,
          written: button.hasAttribute('messages'),
        }));
        assert.equal(size, 'large');
        // A framework that has drawn the tag before the element came cannot know what is a property of it.
        if (order === 'defined-first')
          assert.deepEqual({ words, written }, { words: { dialing: 'One moment' }, written: false });
        assert.deepEqual(said, []);
        await opened.close();
      });
    }

    it('would say it if the two sides differed', async () => {
      const { opened, said } = await open(html.replace('Write to us', 'Write to them'), 'defined-first');
      assert.match(said.join('\n'), /[Hh]ydrat/);
      await opened.close();
    });
  });
}

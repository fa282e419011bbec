import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'puppeteer-core';
import { eventually } from '../support/visitor.js';
import { scriptFor } from './support/components.js';
import { readDocument, snippetFor } from './support/documents.js';
import { typeErrorsIn } from './support/check-types.js';
import { useHouse } from './support/use-house.js';

const PAGE = 'docs/frameworks.md';
const { snippets } = readDocument(PAGE);
const inLanguage = (language: string) => snippets.find((snippet) => snippet.language === language)!;
const typed = snippets.filter(({ language }) => language === 'tsx');

describe('the button in frameworks, as the document shows it', () => {
  const use = useHouse();

  it('type-checks against the types of the package', () => {
    const [first] = typed;
    const wrong = { ...first!, number: 0, code: first!.code.replace('line="sales"', 'callee="+254700000001"') };
    const [error, ...more] = typeErrorsIn([...typed, wrong], { published: true });
    assert.match(error ?? '', /frameworks-md-0\.tsx:\d+: .*'callee' does not exist/);
    assert.deepEqual(more, []);
  });

  async function open(script: string): Promise<Page> {
    const page = await use.browser.newPage();
    const html = `<!doctype html><link rel="icon" href="data:,"><main></main><script type="module">${script.replaceAll('</script', '<\\/script')}</script>`;
    await page.goto(use.house.show({ html }));
    await page.waitForSelector('sautikit-call-button:defined');
    return page;
  }

  const words = (page: Page) => page.$eval('sautikit-call-button', ({ messages }) => messages);
  /** Nobody is at the desk, so that the call ends soon. */
  const call = (page: Page) => page.$eval('sautikit-call-button', async (button) => (await button.call()).outcome);
  const told = (page: Page) => page.$eval('output', ({ textContent }) => textContent);

  for (const [name, snippet, mount] of [
    ['React', snippetFor(PAGE, 'react'), 'react'],
    ['React, from a server', snippetFor(PAGE, 'next'), 'hydrated'],
    ['Vue', inLanguage('vue'), 'vue'],
    ['Svelte', inLanguage('svelte'), 'svelte'],
    ['Solid', snippetFor(PAGE, 'solid'), 'solid'],
  ] as const) {
    it(`${name}: has its property, and tells of the end of a call`, async () => {
      const page = await open(await scriptFor(snippet, mount));
      await eventually('the property is set', async () => (await words(page))?.dialing === 'One moment');
      assert.equal(await call(page), 'failed');
      await eventually('the page has heard of the end', async () => (await told(page)) === 'failed');
      await page.close();
    });
  }

  // When this fails, React has mended it, and the document may say so.
  it('React, from a server, with what is for a browser only: hears nothing', async () => {
    const page = await open(await scriptFor(snippetFor(PAGE, 'react'), 'hydrated'));
    assert.equal(await call(page), 'failed');
    assert.equal(await told(page), '');
    assert.notEqual((await words(page))?.dialing, 'One moment');
    await page.close();
  });
});

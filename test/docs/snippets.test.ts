import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { transform } from 'esbuild';
import type { Page } from 'puppeteer-core';
import { parse } from 'yaml';
import { filesIn } from '../support/files.js';
import { eventually } from '../support/visitor.js';
import { typeErrorsIn } from './support/check-types.js';
import { allDocuments, ROOT, type Snippet } from './support/documents.js';
import { useHouse } from './support/use-house.js';

const snippets = allDocuments().flatMap((document) => document.snippets);
const inLanguage = (...languages: string[]) => snippets.filter(({ language }) => languages.includes(language));
const nameOf = ({ path, number, language }: Snippet) => `${path}, ${number} (${language})`;

/** Programs of other languages stand in their document as they are in `demo/recipes`, where `test/recipes` runs them. */
const isRecipe = ({ path, language }: Snippet) => path === 'docs/recipes.md' && /^(python|go|php)$/.test(language);
/** Components are built and run by `frameworks.test.ts`. */
const isComponent = ({ path, language }: Snippet) =>
  path === 'docs/frameworks.md' && /^(tsx|vue|svelte)$/.test(language);
/** Of what has no language, or is for a shell, the commands are looked for by the test of links. */
const TRIED = ['html', 'css', 'js', 'ts', 'json', 'yaml', 'xml', 'ini', 'text', 'sh', ''];

describe('code in the documents', () => {
  const use = useHouse();

  it('is in languages that are tried here, each piece of it', () => {
    const elsewhere = (one: Snippet) => isRecipe(one) || isComponent(one);
    assert.deepEqual(snippets.filter((one) => !TRIED.includes(one.language) && !elsewhere(one)).map(nameOf), []);
    // A plain text is no code, but for a policy, which the test of embeds applies.
    for (const { code, purpose } of inLanguage('text')) assert.ok(purpose === 'csp' || !/[;{}]\s*$/m.test(code), code);
  });

  it('type-checks, in JavaScript and TypeScript', () => {
    // With a wrong one among them, so that nobody has to believe that it would be found.
    const code = "import { SautikitClient } from '@sautikit/call-button/client';\nnew SautikitClient({ tokenUrl: 1 });";
    const wrong: Snippet = { path: 'wrong', number: 1, language: 'js', purpose: '', code };
    assert.deepEqual(typeErrorsIn([...inLanguage('js', 'ts'), wrong]), [
      "test/docs/wrong-1.ts:2: Type 'number' is not assignable to type 'string'.",
    ]);
  });

  for (const snippet of inLanguage('json')) it(`parses: ${nameOf(snippet)}`, () => void JSON.parse(snippet.code));
  for (const snippet of inLanguage('yaml')) it(`parses: ${nameOf(snippet)}`, () => void parse(snippet.code));
  for (const snippet of inLanguage('ini')) {
    it(`has sections and settings: ${nameOf(snippet)}`, () => {
      for (const line of snippet.code.split('\n')) {
        assert.ok(/^(|;.*|\[[\w-]+\](\(!\))?|[\w-]+=\S.*|exten => \w+,1,.+|\s+same => n,.+)$/.test(line), line);
      }
    });
  }

  async function show(html: string): Promise<{ page: Page; errors: string[] }> {
    const page = await use.browser.newPage();
    const errors: string[] = [];
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
    page.on('pageerror', (error) => errors.push(String(error)));
    // The TypeScript runner wraps named functions in a helper that a page does not have.
    await page.evaluateOnNewDocument('globalThis.__name ??= (value) => value');
    await page.goto(use.house.show({ html: `<!doctype html><link rel="icon" href="data:,"><body>${html}` }));
    return { page, errors };
  }

  const SCRIPT = '<script type="module" src="/cdn/sautikit-call-button.js"></script>';

  for (const snippet of inLanguage('html')) {
    it(`defines the element and complains of nothing: ${nameOf(snippet)}`, async () => {
      use.house.own('/call-frame.html', { html: `${SCRIPT}<sautikit-call-button token-url="/api/sip-token">` });
      const own = /sautikit-call-button\.(?!analytics)[\w.]*js['"]/.test(snippet.code);
      const { page, errors } = await show(`${own ? '' : SCRIPT}${use.house.housed(snippet.code)}`);
      await page.waitForFunction(() => customElements.get('sautikit-call-button') !== undefined);
      const states = await page.$$eval('sautikit-call-button', (buttons) => buttons.map(({ callState }) => callState));
      assert.ok(states.every((state) => state === 'idle'));
      assert.deepEqual(errors, []);
      await page.close();
    });
  }

  for (const snippet of inLanguage('xml')) {
    it(`is well-formed: ${nameOf(snippet)}`, async () => {
      const { page } = await show('');
      const fault = await page.evaluate(
        (code) => new DOMParser().parseFromString(code, 'text/xml').querySelector('parsererror')?.textContent,
        snippet.code,
      );
      assert.equal(fault, undefined);
      await page.close();
    });
  }

  const styles = filesIn(`${ROOT}src/element`, '.ts')
    .map((path) => readFileSync(path, 'utf8'))
    .join('\n');

  for (const snippet of inLanguage('css')) {
    it(`is understood by the browser, and by the element: ${nameOf(snippet)}`, async () => {
      const { warnings } = await transform(snippet.code, { loader: 'css', logLevel: 'silent' });
      assert.deepEqual(
        warnings.map(({ text }) => text),
        [],
      );
      const written = [...snippet.code.matchAll(/^\s+([\w-]+):\s.+;$/gm)].map(([, property]) => property!);
      const { page } = await show(
        `<style>${snippet.code}</style>${SCRIPT}<sautikit-call-button token-url="/api/sip-token" state="active" placement="bottom-end">Call us</sautikit-call-button>`,
      );
      await page.waitForSelector('sautikit-call-button:defined');
      const understood = await page.evaluate(() => {
        const read = (rules: CSSRuleList): string[] =>
          [...rules].flatMap((rule) =>
            rule instanceof CSSStyleRule
              ? // `padding-inline` is counted as what was written, not as its two halves.
                [...rule.cssText.matchAll(/([\w-]+):/g)].map(([, property]) => property!)
              : rule instanceof CSSGroupingRule
                ? read(rule.cssRules)
                : [],
          );
        return read(document.styleSheets[0]!.cssRules);
      });
      for (const property of written) assert.ok(understood.includes(property), `${property} was dropped`);
      for (const [token] of snippet.code.matchAll(/--sautikit-[\w-]+/g)) {
        assert.ok(styles.includes(`var(${token}`), `nothing reads ${token}`);
      }
      for (const [, part] of snippet.code.matchAll(/::part\((\w+)\)/g)) {
        assert.ok(styles.includes(`part="${part}"`) || styles.includes(`part='${part}'`), `there is no part ${part}`);
      }
      await page.close();
    });
  }

  it('gives the button the colour that the first piece of the gallery says', async () => {
    const [first] = inLanguage('css').filter(({ path }) => path === 'docs/theming.md');
    const { page } = await show(
      `<style>${first!.code}</style>${SCRIPT}<sautikit-call-button token-url="/api/sip-token">Call us</sautikit-call-button>`,
    );
    await page.waitForSelector('sautikit-call-button:defined');
    const look = () =>
      page.$eval('sautikit-call-button', (element) => {
        const { backgroundColor, color, borderRadius } = getComputedStyle(element.shadowRoot!.querySelector('button')!);
        return [backgroundColor, color, borderRadius];
      });
    const wanted = ['rgb(122, 31, 162)', 'rgb(255, 255, 255)', '999px'];
    await eventually('it looks so', async () => String(await look()) === String(wanted));
    await page.close();
  });
});

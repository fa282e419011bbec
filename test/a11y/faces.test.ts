import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser } from 'puppeteer-core';
import type { FaceName } from '../../demo/pages/faces.js';
import { startDemo, type Demo } from '../../demo/site.js';
import { messages as arabic } from '../../src/i18n/locales/ar.js';
import { messages as english } from '../../src/i18n/locales/en.js';
import { Words } from '../../src/i18n/words.js';
import { launch } from '../support/visitor.js';
import { FACE_CONTRACT, FACE_NAMES, lineOf, nameOf } from './contract-faces.js';
import { treeByAxe, treeInChromium } from './support/accessibility-tree.js';
import { FacesPage, type Look } from './support/faces-page.js';

const WORDS = { en: new Words('en', english), ar: new Words('ar', arabic) };
type Tongue = keyof typeof WORDS;

const look = (language: Tongue, theme: Look['theme']) =>
  ({ language, direction: WORDS[language].direction, theme }) satisfies Look;

/** Every face in every look in Chromium, and once in Firefox. */
const LOOKS = {
  chromium: [look('en', 'light'), look('en', 'dark'), look('ar', 'light'), look('ar', 'dark')],
  firefox: [look('en', 'light')],
};

for (const name of ['chromium', 'firefox'] as const) {
  const tree = name === 'chromium' ? treeInChromium : treeByAxe;

  describe(`every face, in ${name}`, () => {
    let demo: Demo;
    let browser: Browser;
    let faces: FacesPage;

    before(async () => {
      demo = await startDemo({ port: 0 });
      browser = await launch(name);
      faces = await FacesPage.open(browser, demo.url);
    });

    after(async () => {
      await browser?.close();
      await demo?.stop();
    });

    /** What is read of a face; a description that goes on after what the contract knows of it ends in three dots. */
    async function heard(face: FaceName, words: Words): Promise<string[]> {
      const expected = wanted(face, words);
      return (await tree(faces.page)).map((line, at) => {
        const known = expected[at];
        return known?.endsWith('…)') && line.startsWith(known.slice(0, -2)) ? known : line;
      });
    }

    const wanted = (face: FaceName, words: Words) => FACE_CONTRACT[face].map((part) => lineOf(part, words));

    for (const { language, direction, theme } of LOOKS[name]) {
      it(`${language}, ${theme}: axe-core finds nothing, and the tree is that of the contract`, async () => {
        const against: string[] = [];
        const read: Partial<Record<FaceName, string[]>> = {};
        const contract: Partial<Record<FaceName, string[]>> = {};
        for (const face of FACE_NAMES) {
          await faces.show(face, { language, direction, theme });
          for (const violation of await faces.violations()) against.push(`${face}: ${violation}`);
          const found = await heard(face, WORDS[language]);
          const expected = wanted(face, WORDS[language]);
          if (found.join('\n') === expected.join('\n')) continue;
          read[face] = found;
          contract[face] = expected;
        }
        assert.deepEqual(against, []);
        assert.deepEqual(read, contract);
        assert.deepEqual(faces.errors, []);
      });
    }

    it('a face that is another one is noticed', async () => {
      await faces.show('ringing', look('en', 'light'));
      assert.notDeepEqual(await tree(faces.page), wanted('dialing', WORDS.en));
      await faces.page.$eval('sautikit-call-button', (element) => {
        element.shadowRoot!.querySelector<HTMLElement>('h2')!.style.color = '#888';
        element.shadowRoot!.querySelector('label')!.remove();
      });
      const found = await faces.violations();
      assert.ok(
        found.some((what) => what.startsWith('color-contrast')),
        found.join(),
      );
      assert.ok(
        found.some((what) => what.startsWith('button-name')),
        found.join(),
      );
    });

    // Firefox shows no tree, but finds elements by the role and name that it has computed itself.
    if (name === 'firefox') {
      it('every role with its name once, as the browser has computed them', async () => {
        const seen = new Set<string>();
        for (const face of FACE_NAMES) {
          const parts = FACE_CONTRACT[face].filter((part) => part.name && nameOf(part, WORDS.en) !== 'Call us');
          const fresh = parts.filter((part) => !seen.has(`${part.role} ${nameOf(part, WORDS.en)}`));
          if (fresh.length === 0 || FACE_CONTRACT[face][1]?.role !== 'group') continue;
          await faces.show(face, look('en', 'light'));
          // A search by role ends at shadow roots, so it begins within.
          const panel = await faces.page.$('sautikit-call-button >>> .panel');
          for (const part of fresh) {
            const called = nameOf(part, WORDS.en);
            seen.add(`${part.role} ${called}`);
            if (part.role === 'group' && called === nameOf(FACE_CONTRACT[face][1]!, WORDS.en)) continue;
            const found = await panel!.$$(`aria/${called}[role="${part.role}"]`);
            assert.equal(found.length, 1, `${part.role} "${called}" in ${face}`);
          }
        }
        assert.ok(seen.size > 40, `${seen.size} names`);
      });
    }
  });
}

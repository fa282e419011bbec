import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { LANGUAGES } from '../../src/i18n/language.js';
import { unpackMessages, type PackedMessages } from '../../src/i18n/load-words.js';
import type { Messages } from '../../src/i18n/messages.js';
import { pinsIn } from './support/pins.js';
import { findUsedKeys } from './support/used-keys.js';

const ROOT = new URL('../../', import.meta.url);
const BUILT = new URL('dist/cdn/', ROOT);
const read = (path: string, base = ROOT) => readFileSync(new URL(path, base), 'utf8');
const { version } = JSON.parse(read('package.json')) as { version: string };

/** Bytes of gzip that one language may cost a caller. */
const LIMIT = 1_536;

/** English is in the lazy file itself: what everything falls back to must not be able to fail. */
const LOADED = LANGUAGES.filter((language) => language !== 'en');
const fileOf = (language: string) => `sautikit-call-button.${language}.${version}.js`;
const sourceOf = async (language: string) =>
  ((await import(`../../src/i18n/locales/${language}.ts`)) as { messages: Messages }).messages;

describe('the languages of the script-tag build', () => {
  const built = readdirSync(BUILT).filter((name) => name.endsWith('.js'));
  const pins = built.flatMap((file) => pinsIn(read(file, BUILT)).map(({ name }) => ({ file, name })));

  for (const language of LOADED) {
    it(`has ${language} in a file of at most ${LIMIT} bytes`, (test) => {
      const bytes = gzipSync(read(fileOf(language), BUILT), { level: 9 }).length;
      test.diagnostic(`${fileOf(language)}: ${bytes} bytes`);
      assert.ok(bytes <= LIMIT, `${fileOf(language)} is ${bytes} bytes, over by ${bytes - LIMIT}`);
    });

    it(`loads ${language} when it is needed, and not before`, () => {
      const from = pins.filter(({ name }) => name === fileOf(language)).map(({ file }) => file);
      assert.ok(
        from.some((file) => file.includes('.engine.')),
        'a call does',
      );
      assert.ok(!from.includes('sautikit-call-button.js'), 'a page loads no languages');
    });

    it(`says in ${language} what its source says`, async () => {
      const { messages } = (await import(new URL(fileOf(language), BUILT).href)) as { messages: PackedMessages };
      assert.deepEqual(unpackMessages(messages), await sourceOf(language));
    });
  }

  it('has English without a file of its own', () => {
    assert.ok(!built.includes(fileOf('en')));
  });
});

describe('the catalogues', () => {
  const heads = Object.fromEntries(
    LANGUAGES.map((language) => [
      language,
      /^\/\*\* (\w+)\b.*\. (Beta: no native speaker has reviewed it yet|Reviewed by a native speaker|Written in this language)\. \*\/$/m.exec(
        read(`src/i18n/locales/${language}.ts`),
      ),
    ]),
  );
  const states: Readonly<Record<string, string>> = {
    'Beta: no native speaker has reviewed it yet': 'beta',
    'Reviewed by a native speaker': 'reviewed',
    'Written in this language': 'written',
  };

  for (const language of LANGUAGES) {
    it(`tell of ${language} whether a native speaker has reviewed it, as the documentation does`, () => {
      const head = heads[language];
      assert.ok(head, `src/i18n/locales/${language}.ts begins with a sentence of that`);
      const row = read('docs/languages.md')
        .split('\n')
        .find((line) => line.startsWith(`| \`${language}\` |`));
      assert.ok(row, `docs/languages.md has a row for ${language}`);
      assert.deepEqual(
        row
          .split('|')
          .slice(2, 4)
          .map((cell) => cell.trim()),
        [head[1], states[head[2]!]],
      );
    });
  }

  it('are all in the list of languages', () => {
    const files = readdirSync(new URL('src/i18n/locales/', ROOT)).map((name) => name.replace('.ts', ''));
    assert.deepEqual(files.sort(), [...LANGUAGES].sort());
  });

  it('have no text that nothing says', async () => {
    const used = findUsedKeys(fileURLToPath(ROOT));
    const unused = Object.keys(await sourceOf('en')).filter((key) => !used.has(key));
    assert.deepEqual(unused, []);
  });
});

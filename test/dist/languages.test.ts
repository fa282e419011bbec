import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { init, parse } from 'es-module-lexer';
import { LANGUAGES } from '../../src/i18n/language.js';
import { unpackMessages, type PackedMessages } from '../../src/i18n/load-words.js';
import type { Messages } from '../../src/i18n/messages.js';
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

await init;

describe('the languages of the script-tag build', () => {
  const built = readdirSync(BUILT).filter((name) => name.endsWith('.js'));
  const imports = built.flatMap((file) =>
    parse(read(file, BUILT))[0].flatMap((found) =>
      'specifier' in found ? [{ file, type: found.type, from: found.specifier ?? '' }] : [],
    ),
  );

  for (const language of LOADED) {
    it(`has ${language} in a file of at most ${LIMIT} bytes`, (test) => {
      const bytes = gzipSync(read(fileOf(language), BUILT), { level: 9 }).length;
      test.diagnostic(`${fileOf(language)}: ${bytes} bytes`);
      assert.ok(bytes <= LIMIT, `${fileOf(language)} is ${bytes} bytes, over by ${bytes - LIMIT}`);
    });

    it(`loads ${language} when it is needed, and not before`, () => {
      const known = imports.filter(({ from }) => from.endsWith(`/${fileOf(language)}`));
      assert.ok(known.length > 0, `${fileOf(language)} is imported`);
      assert.ok(known.every(({ type }) => type === 'dynamic'));
      assert.ok(
        known.every(({ file }) => file !== 'sautikit-call-button.js'),
        'a page loads no languages',
      );
      assert.deepEqual(
        imports.filter(({ file }) => file === fileOf(language)),
        [],
        'the file stands alone',
      );
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

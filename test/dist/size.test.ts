import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { init, parse } from 'es-module-lexer';

const FOLDER = new URL('../../dist/cdn/', import.meta.url);

/** Bytes of a built file, as a server sends it. */
const size = (name: string) => gzipSync(readFileSync(new URL(name, FOLDER)), { level: 9 }).length;

await init;
/** What a module imports, in its own words. */
const importsOf = (code: string): string[] => parse(code)[0].flatMap(({ specifier }) => specifier ?? []);

const ENTRY = 'sautikit-call-button.js';
/** Limits in bytes of gzip: what a page pays before anybody clicks (8 kB), and all that a call ever loads. */
const LIMITS = { entry: 8_192, all: 62_000 };

describe('the script-tag build', () => {
  const files = readdirSync(FOLDER).filter((name) => name.endsWith('.js'));
  const sizes = Object.fromEntries(files.map((name) => [name, size(name)]));
  const total = Object.values(sizes).reduce((sum, bytes) => sum + bytes, 0);

  it(`costs a page at most ${LIMITS.entry} bytes before the click`, (test) => {
    test.diagnostic(`${ENTRY}: ${sizes[ENTRY]} bytes`);
    assert.ok(
      sizes[ENTRY]! <= LIMITS.entry,
      `${ENTRY} is ${sizes[ENTRY]} bytes, over by ${sizes[ENTRY]! - LIMITS.entry}`,
    );
  });

  it(`costs a caller at most ${LIMITS.all} bytes in all, in one more file`, (test) => {
    for (const [name, bytes] of Object.entries(sizes)) test.diagnostic(`${name}: ${bytes} bytes`);
    assert.equal(files.length, 2);
    assert.ok(total <= LIMITS.all, `${JSON.stringify(sizes)} make ${total} bytes, over by ${total - LIMITS.all}`);
  });

  it('carries no logger that a page could switch on, and no second Lit', () => {
    const engine = files.find((name) => name !== ENTRY)!;
    const text = readFileSync(new URL(engine, FOLDER), 'utf8');
    // Whole files in a failure's message help nobody.
    assert.ok(!text.includes('localStorage'), 'no word of localStorage');
    assert.ok(!text.includes('litHtmlVersions'), 'no second Lit');
    assert.deepEqual(importsOf(text), [], 'the lazy file stands alone');
  });
});

describe('the npm build', () => {
  const root = new URL('../../dist/', import.meta.url);
  const read = (name: string) => readFileSync(new URL(name, root), 'utf8');

  it('leaves only Lit to the page, and has JsSIP inside', () => {
    const chunks = readdirSync(new URL('chunks/', root)).map((name) => `chunks/${name}`);
    const names = ['index.js', 'define.js', 'client.js', ...chunks].flatMap((name) => importsOf(read(name)));
    assert.deepEqual([...new Set(names.filter((name) => !name.startsWith('.')))], ['lit']);
  });

  it('gives the headless client no Lit', () => {
    const seen = new Set<string>();
    const follow = (name: string): void => {
      if (seen.has(name)) return;
      seen.add(name);
      for (const next of importsOf(read(name))) {
        assert.ok(next.startsWith('.'), `${name} imports ${next}`);
        follow(new URL(next, new URL(name, root)).href.slice(root.href.length));
      }
    };
    follow('client.js');
    assert.ok(seen.size >= 1);
  });

  it('has types for every entry', () => {
    const { exports } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
      exports: Record<string, string | { types: string; default: string }>;
    };
    for (const entry of Object.values(exports)) {
      if (typeof entry === 'string') continue;
      for (const file of Object.values(entry)) assert.ok(read(file.replace('./dist/', '')).length > 0, file);
    }
  });
});

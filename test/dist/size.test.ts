import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { init, parse } from 'es-module-lexer';
import { agreedSizes, fileOf, grown, measureParts, PARTS, type Part } from './support/parts.js';

const FOLDER = new URL('../../dist/cdn/', import.meta.url);

/** Bytes of a built file, as a server sends it. */
const size = (name: string) => gzipSync(readFileSync(new URL(name, FOLDER)), { level: 9 }).length;

await init;
/** What a module imports, in its own words; with `early` only what it waits for before it runs. */
const importsOf = (code: string, early = false): string[] =>
  parse(code)[0].flatMap((found) =>
    'specifier' in found && !(early && found.type === 'dynamic') ? (found.specifier ?? []) : [],
  );

/** What a page pays before anybody clicks, and JsSIP's part of a call; bytes. */
const GOALS: Partial<Record<Part, number>> = { entry: 8_192, sip: 47_000 };
/** What a part may grow by unseen: a compressed file changes by some bytes with the name of a variable. */
const UNSEEN = 1.005;
/** What a small part may, too, in bytes: the hash that it holds of another file packs better or worse with each change there. */
const UNSEEN_BYTES = 8;

describe('the script-tag build', () => {
  const text = (name: string) => readFileSync(new URL(name, FOLDER), 'utf8');
  const agreed = agreedSizes();

  for (const part of PARTS) {
    const name = fileOf(part);

    it(`costs in its part "${part}" no more than was agreed to, in one file that stands alone`, async (test) => {
      const bytes = size(name);
      test.diagnostic(`${name}: ${bytes} bytes`);
      const unseen = Math.max(Math.floor(agreed[part].bytes * UNSEEN), agreed[part].bytes + UNSEEN_BYTES);
      const limit = Math.min(unseen, GOALS[part] ?? Infinity);
      if (bytes > limit) {
        const modules = grown(agreed[part], (await measureParts())[part]);
        assert.fail(`${name} is ${bytes} bytes, over by ${bytes - limit}; grown: ${modules.join(', ')}`);
      }
      assert.deepEqual(importsOf(text(name), true), []);
    });
  }

  it('names what has grown, where a part has', () => {
    const now = { bytes: 3, modules: { 'src/a.ts': 10, 'src/b.ts': 25, 'src/c.ts': 7 } };
    const before = { bytes: 1, modules: { 'src/a.ts': 10, 'src/b.ts': 20, 'src/d.ts': 1 } };
    assert.deepEqual(grown(before, now), ['src/c.ts by 7', 'src/b.ts by 5']);
  });

  it('carries no logger that a page could switch on, and no second Lit', () => {
    const engine = text(fileOf('engine'));
    // Whole files in a failure's message help nobody.
    assert.equal(engine.match(/localStorage/g)?.length, 3, 'what remember-devices reads, writes and forgets');
    assert.ok(!engine.includes('localStorage.debug'), 'no switch of a logger');
    assert.ok(!engine.includes('litHtmlVersions'), 'no second Lit');
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

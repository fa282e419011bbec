import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { init, parse } from 'es-module-lexer';

const FOLDER = new URL('../../dist/cdn/', import.meta.url);

/** Bytes of a built file, as a server sends it. */
const size = (name: string) => gzipSync(readFileSync(new URL(name, FOLDER)), { level: 9 }).length;

await init;
/** What a module imports, in its own words; with `early` only what it waits for before it runs. */
const importsOf = (code: string, early = false): string[] =>
  parse(code)[0].flatMap((found) =>
    'specifier' in found && !(early && found.type === 'dynamic') ? (found.specifier ?? []) : [],
  );

const ENTRY = 'sautikit-call-button.js';
/**
 * Limits in bytes of gzip: what a page pays before anybody clicks (8 kB); what every call loads beside it, a language not
 * counted; what a page with `status-url` loads when the button becomes visible.
 */
const LIMITS = { entry: 8_192, engine: 34_000, sip: 36_500, beforeCall: 6_000 };

describe('the script-tag build', () => {
  const files = readdirSync(FOLDER).filter((name) => name.endsWith('.js'));
  const named = (part: string) => files.find((name) => name.startsWith(`sautikit-call-button.${part}.`))!;
  const text = (name: string) => readFileSync(new URL(name, FOLDER), 'utf8');

  for (const [what, name, limit] of [
    ['a page before the click', ENTRY, LIMITS.entry],
    ['a caller', named('engine'), LIMITS.engine],
    ['a caller, beside that,', named('sip'), LIMITS.sip],
    ['a page that tells of a closed line', named('before-call'), LIMITS.beforeCall],
  ] as const) {
    it(`costs ${what} at most ${limit} bytes, in one file that stands alone`, (test) => {
      const bytes = size(name);
      test.diagnostic(`${name}: ${bytes} bytes`);
      assert.ok(bytes <= limit, `${name} is ${bytes} bytes, over by ${bytes - limit}`);
      assert.deepEqual(importsOf(text(name), true), []);
    });
  }

  it('carries no logger that a page could switch on, and no second Lit', () => {
    const engine = text(named('engine'));
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

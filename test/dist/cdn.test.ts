import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { parse as parseScript } from 'acorn';
import { init, parse } from 'es-module-lexer';
import { packagesIn } from '../../build/cdn/licences.js';
import { pinsIn } from './support/pins.js';

const FOLDER = new URL('../../dist/cdn/', import.meta.url);
const read = (name: string) => readFileSync(new URL(name, FOLDER), 'utf8');
const hashOf = (name: string, algorithm = 'sha384') =>
  `${algorithm}-${createHash(algorithm).update(read(name)).digest('base64')}`;
const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};
const NAME = 'sautikit-call-button';

await init;

describe('the files for a page', () => {
  const files = readdirSync(FOLDER);
  const scripts = files.filter((name) => name.endsWith('.js'));
  const versioned = files.filter((name) => name.startsWith(NAME) && name.includes(`.${version}.`));
  const hashes = JSON.parse(read('integrity.json')) as Record<string, string>;

  it('have a hash each, where their names are for good', () => {
    assert.deepEqual(Object.keys(hashes).sort(), versioned.sort());
    for (const [name, hash] of Object.entries(hashes)) assert.equal(hash, hashOf(name), name);
  });

  it('have a stable name for what a page names itself, and nothing else', () => {
    const aliases = files.filter((name) => !versioned.includes(name));
    const ours = ['', '.analytics', '.iife', '.loader'].map((part) => `${NAME}${part}.js`);
    assert.deepEqual(aliases.sort(), [...ours, 'LICENSES.txt', 'README.md', 'call.html', 'integrity.json'].sort());
    for (const name of ours) assert.equal(read(name), read(name.replace(/js$/, `${version}.js`)), name);
  });

  it('ask for each other by the right hash, and for nothing without one', () => {
    const asked = new Set<string>();
    for (const file of scripts) {
      const code = read(file);
      for (const { name, integrity } of pinsIn(code)) {
        asked.add(name);
        assert.equal(integrity, hashOf(name, 'sha256'), `${file} asks for ${name}`);
      }
      for (const found of parse(code)[0]) {
        if (found.type === 'dynamic') assert.equal(found.specifier, undefined, `${file} imports a file without a hash`);
      }
      // A name that stands somewhere else would be one without a hash.
      const names = code.match(new RegExp(`${NAME}\\.[\\w-]+\\.${version.replaceAll('.', '\\.')}\\.js`, 'g')) ?? [];
      assert.equal(names.length, pinsIn(code).filter(({ name }) => name !== `${NAME}.${version}.js`).length, file);
    }
    const unasked = versioned.filter((name) => name.endsWith('.js') && !asked.has(name));
    assert.deepEqual(
      unasked.sort(),
      ['', '.analytics', '.call-page', '.iife', '.loader'].map((part) => `${NAME}${part}.${version}.js`).sort(),
    );
  });

  it('have a loader of at most 1 kB, which reads as ES5 and knows the hash of the module', (test) => {
    const loader = read(`${NAME}.loader.js`);
    test.diagnostic(`${NAME}.loader.js: ${Buffer.byteLength(loader)} bytes`);
    assert.ok(Buffer.byteLength(loader) <= 1_024, `${Buffer.byteLength(loader)} bytes`);
    assert.doesNotThrow(() => parseScript(loader, { ecmaVersion: 5, sourceType: 'script' }));
    assert.ok(loader.includes(`${NAME}.${version}.js`));
    assert.ok(loader.includes(hashes[`${NAME}.${version}.js`]!));
  });

  it('have one that is all of it: a classic script that asks for no other', () => {
    const code = read(`${NAME}.iife.js`);
    assert.doesNotThrow(() => parseScript(code, { ecmaVersion: 'latest', sourceType: 'script' }));
    assert.deepEqual(parse(code)[0], []);
    assert.ok(code.startsWith(`/*! ${NAME} ${version} */\n`), 'its version');
    assert.ok(code.includes('INVITE'), 'SIP');
    assert.ok(code.includes('Kwenye simu'), 'the languages');
  });

  it('have a page for a link that calls, with its policy, and no script or style inside', () => {
    const page = read('call.html');
    for (const [, name, integrity] of page.matchAll(/(?:src|href)="(sautikit[^"]+)" integrity="([^"]+)"/g))
      assert.equal(integrity, hashes[name!], name);
    const tags = [...page.matchAll(/<script\b([^>]*)>([^<]*)</g)];
    assert.deepEqual(
      tags.map(([, attributes, inside]) => [/src="sautikit[^"]+" integrity="/.test(attributes!), inside]),
      [
        [true, ''],
        [true, ''],
      ],
    );
    assert.doesNotMatch(page, /<style|\sstyle=|\son\w+=/);
    assert.match(page, /default-src 'none'; script-src 'self'/);
  });

  it('have the licences of what is in them beside them', () => {
    const sizes = JSON.parse(readFileSync(new URL('sizes.json', import.meta.url), 'utf8')) as Record<
      string,
      { modules: Record<string, number> }
    >;
    const packages = packagesIn(Object.values(sizes));
    assert.ok(packages.includes('jssip') && packages.includes('lit-html'));
    for (const name of packages) assert.match(read('LICENSES.txt'), new RegExp(`^${name}\n\n`, 'm'), name);
    assert.equal(read('LICENSES.txt').match(/Copyright/g)!.length >= packages.length, true);
  });

  it('say in their README how to be put into a page, and what each costs', () => {
    const readme = read('README.md');
    for (const name of versioned) {
      const bytes = Buffer.byteLength(read(name)).toLocaleString('en');
      assert.ok(readme.includes(`| ${name} | ${bytes} |`), name);
    }
    for (const part of ['', '.iife', '.loader']) {
      const name = `${NAME}${part}.${version}.js`;
      assert.ok(readme.includes(`src="https://cdn.example/${name}"\n      integrity="${hashes[name]}"`), name);
    }
  });
});

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { packagesIn } from '../../build/cdn/licences.js';

const read = (name: string) => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');

/** The packages that the README's table below such a heading names. */
function named(heading: string): string[] {
  const [, table] =
    new RegExp(`^\\| ${heading} \\|.*\\n\\| --- .*\\n((?:\\|.*\\n)+)`, 'm').exec(read('README.md')) ?? [];
  const cells = table?.split('\n').map((row) => row.split('|')[1] ?? '') ?? [];
  return cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name!)).sort();
}

describe('the README counts', () => {
  it('every package that is in the files for a page', () => {
    const parts = JSON.parse(read('test/dist/sizes.json')) as Record<string, { modules: Record<string, number> }>;
    assert.deepEqual(named('in a page'), packagesIn(Object.values(parts)).sort());
  });

  it('every package that the server half asks for', () => {
    const { dependencies } = JSON.parse(read('package.json')) as { dependencies: Record<string, string> };
    // What pages are drawn with is asked for by npm, too, so that there is one Lit.
    const { lit: _, ...server } = dependencies;
    assert.deepEqual(named('on a server only'), Object.keys(server).sort());
  });
});

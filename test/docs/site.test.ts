import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { build } from 'vitepress';
import { documentPaths } from './support/documents.js';

const DOCS = fileURLToPath(new URL('../../docs', import.meta.url));

describe('the site', () => {
  it('builds, with a page for each document, and finds no dead link', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sautikit-docs-'));
    try {
      await build(DOCS, { outDir: folder });
      const pages = (await readdir(folder)).filter((name) => name.endsWith('.html') && name !== '404.html');
      const wanted = documentPaths().flatMap((path) => /^docs\/(.+)\.md$/.exec(path)?.[1] ?? []);
      assert.deepEqual(pages.sort(), wanted.map((name) => `${name}.html`).sort());

      const reference = await readFile(join(folder, 'reference.html'), 'utf8');
      for (const word of ['token-url', 'sautikit-call-ended', '--sautikit-accent', 'text-alternative', 'expires_in']) {
        assert.ok(reference.includes(word), `the reference says nothing of ${word}`);
      }
      for (const name of pages) {
        const html = await readFile(join(folder, name), 'utf8');
        for (const [, file = ''] of html.matchAll(/src="\/?([^":]+)"/g)) {
          assert.ok(existsSync(join(folder, file)), `${name} wants ${file}`);
        }
        // What lies outside of the site is no page of it.
        assert.ok(!/href="[^"]*\.\.\//.test(html), `${name} has a link that leaves the site`);
        for (const [, page = '', anchor] of html.matchAll(/href="\/([\w-]+)(?:\.html)?(?:#([^"]+))?"/g)) {
          assert.ok(pages.includes(`${page}.html`), `${name} links to /${page}`);
          if (!anchor) continue;
          const target = await readFile(join(folder, `${page}.html`), 'utf8');
          assert.ok(target.includes(`id="${decodeURIComponent(anchor)}"`), `${name} links to /${page}#${anchor}`);
        }
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { build as esbuild } from 'esbuild';
import type { Browser } from 'puppeteer-core';
import { build as vite } from 'vite';
import webpack from 'webpack';
import { openDesk } from '../support/desk-page.js';
import { startSite, type Site } from '../support/site.js';
import { launch, Visitor } from '../support/visitor.js';
import { page, writeFixture } from './support/fixtures.js';
import { freshProject, type Project } from './support/published.js';

const TAG =
  '<sautikit-call-button token-url="/api/sip-token" line="sales">Call us</sautikit-call-button><page-clock></page-clock>';

/** Builds the application of a project into a folder of its own, as its bundler does with no more said than it has to be. */
type Bundle = (folder: string, into: string) => Promise<void>;

const BUNDLERS: Readonly<Record<string, { bundle: Bundle; script: string }>> = {
  esbuild: {
    async bundle(folder, into) {
      const { warnings } = await esbuild({
        absWorkingDir: folder,
        entryPoints: ['main.js'],
        bundle: true,
        minify: true,
        format: 'esm',
        splitting: true,
        outdir: into,
        logLevel: 'silent',
      });
      assert.deepEqual(warnings, []);
    },
    script: '<script type="module" src="main.js"></script>',
  },
  Vite: {
    async bundle(folder, into) {
      await vite({ root: folder, configFile: false, logLevel: 'error', base: './', build: { outDir: into } });
    },
    script: '<script type="module" src="/main.js"></script>',
  },
  webpack: {
    bundle: (folder, into) =>
      new Promise((resolve, reject) => {
        const compiler = webpack({ mode: 'production', context: folder, entry: './main.js', output: { path: into } });
        compiler.run((error, stats) => {
          const { errors = [], warnings = [] } = stats?.toJson({ all: false, errors: true, warnings: true }) ?? {};
          // A size that webpack finds large is the application's to judge.
          const said = [...errors, ...warnings.filter(({ message }) => !/size limit|performance/.test(message))];
          compiler.close(() => {
            const failure = error ?? (said[0] && new Error(said[0].message));
            if (failure) reject(failure);
            else resolve();
          });
        });
      }),
    script: '<script src="main.js"></script>',
  },
};

describe('an application that has installed the package', () => {
  let project: Project;
  let site: Site;
  let browser: Browser;

  before(async () => {
    project = await freshProject(['lit']);
    await writeFixture(project, 'plain');
    site = await startSite(project.folder);
    browser = await launch('chromium');
    await openDesk(browser, site.url);
  });

  after(async () => {
    await browser?.close();
    await site?.stop();
    await project?.remove();
  });

  for (const [name, { bundle, script }] of Object.entries(BUNDLERS)) {
    it(`calls from what ${name} has built, loads little before, and has one Lit`, async () => {
      const into = join(project.folder, name);
      await project.write({ 'index.html': page(TAG, script) });
      await bundle(project.folder, into);
      // Vite writes the page anew.
      if (name !== 'Vite') await project.write({ [`${name}/index.html`]: page(TAG, script) });
      assert.ok(
        (await readdir(into, { recursive: true })).filter((file) => file.endsWith('.js')).length > 3,
        'in chunks',
      );

      const loaded: string[] = [];
      const visitor = await Visitor.open(browser, `${site.url}/more/${name}/index.html`, async (opened) => {
        opened.on('response', (response) => loaded.push(new URL(response.url()).pathname));
      });
      await visitor.page.waitForSelector('page-clock >>> time');
      assert.equal(await visitor.page.evaluate('globalThis.litElementVersions.length'), 1);
      const before = loaded.filter((path) => path.endsWith('.js')).length;
      await visitor.press('button');
      await visitor.comesTo('active');
      assert.ok(
        loaded.filter((path) => path.endsWith('.js')).length > before,
        'what a call needs is loaded for a call',
      );
      await visitor.press('hangup');
      assert.equal((await visitor.ended())['outcome'], 'completed');
      assert.deepEqual(visitor.errors, []);
      await visitor.page.close();
    });
  }
});

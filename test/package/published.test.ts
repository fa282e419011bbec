import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { init, parse } from 'es-module-lexer';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { entriesOf } from '../../build/package-entries.js';
import { reachableFrom } from '../../build/reachable-files.js';
import { freshProject, manifestOf, NAME, ROOT, run, type Project } from './support/published.js';

/** Whom every package tells what it is. */
const PAPERS = ['package.json', 'README.md', 'LICENSE', 'CHANGELOG.md'];

describe('the package as it is published', () => {
  let project: Project;

  before(async () => {
    project = await freshProject(['@types/node']);
  });

  after(() => project?.remove());

  /** What a script writes to the console, run in the project by Node. */
  const said = async (script: string): Promise<string> => {
    const { stdout, stderr } = await run(process.execPath, ['--input-type=module', '--eval', script], {
      cwd: project.folder,
    });
    assert.equal(stderr, '');
    return stdout.trim();
  };

  it('holds what its entries lead to, the files for script tags and editors, and nothing else', async () => {
    const { files, types } = entriesOf(await manifestOf(ROOT));
    const needed = new Set([...PAPERS, ...reachableFrom([...files, ...types])]);
    const folders = ['dist/cdn/', 'dist/editors/'];
    const rest = project.tarball.files.filter((file) => !folders.some((folder) => file.startsWith(folder)));
    assert.deepEqual(rest.sort(), [...needed].filter((file) => !file.startsWith('dist/editors/')).sort());
  });

  it('has nothing that publint objects to', async () => {
    const { messages } = await publint({ pkgDir: project.installed, pack: false, strict: true });
    const { default: manifest } = (await import(join(project.installed, 'package.json'), {
      with: { type: 'json' },
    })) as { default: Record<string, unknown> };
    assert.deepEqual(
      messages.map((message) => formatMessage(message, manifest)),
      [],
    );
  });

  it('has types that TypeScript finds for every entry, by the judgement of "are the types wrong"', async () => {
    const attw = join(ROOT, 'node_modules/@arethetypeswrong/cli/dist/index.js');
    const args = [attw, project.tarball.path, '--profile', 'esm-only', '--format', 'json'];
    // It fails where it finds something; what that is, it writes all the same.
    const { stdout } = await run(process.execPath, args, { cwd: project.folder, maxBuffer: 64 * 1024 * 1024 }).catch(
      (error: { stdout: string }) => error,
    );
    const { analysis, problems = {} } = JSON.parse(stdout) as {
      analysis: { entrypoints: Record<string, unknown> };
      problems?: Record<string, { resolutionKind?: string }[]>;
    };
    const { exports } = await manifestOf(ROOT);
    const named = Object.keys(exports).filter((name) => !name.includes('*'));
    for (const name of named) assert.ok(name in analysis.entrypoints, `${name} has been looked at`);
    // What the profile leaves aside: Node without `exports`, and `require`, which Node 20 can do with modules by itself.
    const aside = ['node10', 'node16-cjs'];
    const left = Object.values(problems)
      .flat()
      .filter(({ resolutionKind = '' }) => !aside.includes(resolutionKind));
    assert.deepEqual(left, []);
  });

  for (const entry of ['', '/define', '/client', '/doctor', '/server']) {
    it(`can be imported in Node as ${NAME}${entry}, where there is no page`, async () => {
      const names = JSON.parse(
        await said(`
          const entry = await import('${NAME}${entry}');
          console.log(JSON.stringify(Object.keys(entry)));`),
      ) as string[];
      assert.ok(names.length > 0);
    });
  }

  it('defines nothing when only the class is imported', async () => {
    const script = `
      import { SautikitCallButton } from '${NAME}';
      const before = String(customElements.get('sautikit-call-button'));
      await import('${NAME}/define');
      console.log(before, customElements.get('sautikit-call-button') === SautikitCallButton);`;
    assert.equal(await said(script), 'undefined true');
  });

  it('gives out its manifest and itself by name', async () => {
    const script = `
      import manifest from '${NAME}/custom-elements.json' with { type: 'json' };
      import itself from '${NAME}/package.json' with { type: 'json' };
      console.log(manifest.schemaVersion, itself.name);`;
    const { stdout } = await run(process.execPath, ['--no-warnings', '--input-type=module', '--eval', script], {
      cwd: project.folder,
    });
    assert.match(stdout, new RegExp(`^\\d+\\.\\d+\\.\\d+ ${NAME}\n$`));
  });

  it('has an entry for backends', async () => {
    const script = `
      import * as server from '${NAME}/server';
      const wanted = ['createTokenHandler', 'createHookHandler', 'createWebhook', 'verifyWebhook', 'toNodeListener'];
      console.log(wanted.map((name) => typeof server[name]).join());`;
    assert.equal(await said(script), Array(5).fill('function').join());
  });

  it('runs as a command by its name', async () => {
    const config = {
      lines: { sales: { callee: 'sip:desk@pbx.example' } },
      domain: 'gateway.example',
      gatewayUrl: 'wss://gateway.example/',
      allowedOrigins: ['https://shop.example'],
      mint: { type: 'signer', keys: [{ id: 'a', key: { env: 'SIGNING_KEY' } }] },
      hook: { secret: { env: 'HOOK_SECRET' } },
    };
    await project.write({ 'lines.json': JSON.stringify(config) });
    const env = { ...process.env, SIGNING_KEY: 'x'.repeat(32), HOOK_SECRET: 'y'.repeat(32) };
    const npx = ['--no-install', NAME, 'check', '--config', 'lines.json'];
    const { stdout } = await run('npx', npx, { cwd: project.folder, env });
    assert.equal(stdout, 'lines.json is fine\n');
    const help = await run('npx', ['--no-install', NAME, 'doctor', '--help'], { cwd: project.folder });
    assert.match(help.stdout, /^Usage: doctor <page-url>/);
  });

  it('keeps what servers need out of browsers, and what only servers need out of the other entries', async () => {
    for (const name of ['index.js', 'define.js', 'client.js']) {
      for (const file of reachableFrom([join(project.installed, 'dist', name)]))
        assert.doesNotMatch(await readFile(file, 'utf8'), /["']node:|ioredis|prom-client|pino/, file);
    }
    const server = await readFile(join(project.installed, 'dist/server/index.js'), 'utf8');
    assert.doesNotMatch(server, /ready\//);
  });

  it('leaves Lit to the page, so that there is one, and has JsSIP inside', async () => {
    await init;
    const texts = await Promise.all(
      [...reachableFrom([join(project.installed, 'dist/define.js')])].map((file) => readFile(file, 'utf8')),
    );
    const imported = texts.flatMap((text) =>
      parse(text)[0].flatMap((found) => ('specifier' in found ? (found.specifier ?? []) : [])),
    );
    assert.deepEqual([...new Set(imported.filter((name) => !name.startsWith('.')))], ['lit']);
    assert.ok(texts.some((text) => text.includes('INVITE')));
  });

  it('names only files that exist as those that do something when they are imported', async () => {
    const { sideEffects } = await manifestOf(project.installed);
    for (const file of sideEffects.filter((name) => name.startsWith('./dist/') && !name.includes('*'))) {
      assert.ok((await readFile(join(project.installed, file), 'utf8')).length > 0, file);
    }
  });
});

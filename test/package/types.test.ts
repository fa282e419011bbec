import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { freshProject, type Project } from './support/published.js';

const FIXTURES = fileURLToPath(new URL('fixtures/types/', import.meta.url));
const FRAMEWORKS = ['@types/react', 'react', 'vue', 'svelte', 'solid-js'];

describe('the types of the package', () => {
  let project: Project;

  before(async () => {
    project = await freshProject([...FRAMEWORKS, '@types/node']);
    const names = readdirSync(FIXTURES);
    await project.write(
      Object.fromEntries(names.map((name) => [name, readFileSync(join(FIXTURES, name), 'utf8')] as const)),
    );
  });

  after(() => project?.remove());

  /** What TypeScript says of a file of the project and of our own declarations behind it; those of others are theirs. */
  function complaints(file: string, options: ts.CompilerOptions): string[] {
    const program = ts.createProgram([join(project.folder, file)], {
      strict: true,
      noEmit: true,
      exactOptionalPropertyTypes: true,
      target: ts.ScriptTarget.ES2022,
      lib: ['lib.es2022.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
      types: [],
      typeRoots: [join(project.folder, 'node_modules/@types')],
      jsx: ts.JsxEmit.Preserve,
      ...options,
    });
    const ours = program
      .getSourceFiles()
      .filter(({ fileName }) => fileName.startsWith(project.installed) || fileName === join(project.folder, file));
    assert.ok(ours.length > 1, 'our declarations are among what is read');
    return [...program.getOptionsDiagnostics(), ...program.getGlobalDiagnostics()]
      .concat(
        ours.flatMap((source) => [
          ...program.getSyntacticDiagnostics(source),
          ...program.getSemanticDiagnostics(source),
        ]),
      )
      .map(({ file: at, messageText }) => `${at?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`);
  }

  const bundler = { module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler };
  const node = { module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext };

  for (const [name, options] of Object.entries({ bundler, node })) {
    it(`are whole for a page, as a ${name} finds them`, () => {
      assert.deepEqual(complaints('page.ts', options), []);
    });

    it(`are whole for an application and its backend, as a ${name} finds them`, () => {
      assert.deepEqual(complaints('app.ts', { ...options, types: ['node'] }), []);
    });
  }

  for (const [framework, file] of Object.entries({
    'React 19': 'react.tsx',
    'Vue 3': 'vue.ts',
    'Svelte 5': 'svelte.ts',
    Solid: 'solid.tsx',
  })) {
    it(`tell ${framework} what the tag takes`, () => {
      assert.deepEqual(complaints(file, bundler), []);
    });
  }
});

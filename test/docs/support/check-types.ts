import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { ROOT, type Snippet } from './documents.js';

/** Where the sources of each entry of this package are, by the name under which it is imported. */
function entries(): Record<string, string[]> {
  const { name, exports } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    name: string;
    exports: Record<string, unknown>;
  };
  return Object.fromEntries(
    Object.keys(exports).flatMap((entry) => {
      const sources = [`src/${entry}.ts`, `src/${entry}/index.ts`].map((path) => join(ROOT, path)).filter(existsSync);
      return sources.length > 0 ? [[join(name, entry), sources]] : [];
    }),
  );
}

/** On the first line, so that lines are counted as in the document. */
const pragma = (framework: string): string =>
  `/** @jsxImportSource ${framework === 'solid' ? 'solid-js' : 'react'} */ `;

/**
 * Type-checks pieces of code as if each were a module beside the documents, with this package's own sources under its
 * name. Pieces are read by people who may have any settings, so what only strict settings refuse does not count.
 *
 * @param options.published Whether the package is the built one, which has types for frameworks, and nothing else is taken for granted.
 * @returns what is wrong, one line each
 */
export function typeErrorsIn(snippets: readonly Snippet[], { published = false } = {}): string[] {
  const files = new Map(
    // `export {}` makes a module of a piece without imports: its names are its own.
    snippets.map(({ path, number, language, purpose, code }) => [
      join(ROOT, `test/docs/${path.replace(/\W/g, '-')}-${number}.${language === 'tsx' ? 'tsx' : 'ts'}`),
      `${language === 'tsx' ? pragma(purpose) : ''}${code}\nexport {};\n`,
    ]),
  );
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    lib: ['lib.es2022.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
    types: ['node'],
    ...(!published && { paths: entries() }),
    jsx: ts.JsxEmit.Preserve,
    strict: false,
    esModuleInterop: true,
    resolveJsonModule: true,
    experimentalDecorators: true,
    useDefineForClassFields: false,
    skipLibCheck: true,
    noEmit: true,
  };
  const host = ts.createCompilerHost(options);
  const { readFile, fileExists, getSourceFile } = host;
  host.readFile = (path) => files.get(path) ?? readFile(path);
  host.fileExists = (path) => files.has(path) || fileExists(path);
  host.getSourceFile = (path, language, ...rest) => {
    const code = files.get(path);
    return code === undefined ? getSourceFile(path, language, ...rest) : ts.createSourceFile(path, code, language);
  };
  const surroundings = join(ROOT, 'test/docs/support/surroundings.ts');
  const program = ts.createProgram([...files.keys(), ...(published ? [] : [surroundings])], options, host);
  return [...files.keys()].flatMap((path) => {
    const file = program.getSourceFile(path)!;
    return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)].map(
      ({ messageText, start = 0 }) =>
        `${path.slice(ROOT.length)}:${file.getLineAndCharacterOfPosition(start).line + 1}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`,
    );
  });
}

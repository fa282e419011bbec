import { join } from 'node:path';
import ts from 'typescript';

/**
 * The keys of texts that the sources use, found by their types: what is given to `words.text()`, and every string that
 * stands where a key is wanted, as in a table of keys. A string that only looks like a key does not count.
 */
export function findUsedKeys(root: string): ReadonlySet<string> {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), (path) => ts.sys.readFile(path)) as {
    config: { compilerOptions: object };
  };
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, root);
  const words = join(root, 'src/i18n/words.ts');
  const entries = ['src/cdn.ts', 'src/index.ts', 'src/define.ts'].map((path) => join(root, path));
  const program = ts.createProgram([...entries, words], options);
  const checker = program.getTypeChecker();

  const module = checker.getSymbolAtLocation(program.getSourceFile(words)!)!;
  const exported = (name: string) => checker.getExportsOfModule(module).find((symbol) => symbol.name === name)!;
  const anyKey = checker.getDeclaredTypeOfSymbol(exported('TextKey'));
  const wordsType = checker.getDeclaredTypeOfSymbol(exported('Words'));

  /** Whether any key may stand there, and not any string. */
  const wantsKey = (type: ts.Type | undefined): boolean =>
    !!type && checker.isTypeAssignableTo(anyKey, type) && !checker.isTypeAssignableTo(checker.getStringType(), type);

  const used = new Set<string>();
  const add = (type: ts.Type): void => {
    // Where any key may stand, it is the strings put there that count.
    if (wantsKey(type)) return;
    for (const member of type.isUnion() ? type.types : [type]) if (member.isStringLiteral()) used.add(member.value);
  };

  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteral(node) && wantsKey(checker.getContextualType(node))) used.add(node.text);
    if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
      const { expression, name } = node.expression;
      const method = checker.isTypeAssignableTo(checker.getTypeAtLocation(expression), wordsType)
        ? name.text
        : undefined;
      if (method === 'text' && node.arguments[0]) add(checker.getTypeAtLocation(node.arguments[0]));
      if (method === 'secondsLeft') used.add(method);
    }
    ts.forEachChild(node, visit);
  };
  for (const file of program.getSourceFiles()) {
    if (file.fileName.startsWith(join(root, 'src/')) && !file.fileName.includes('/locales/')) visit(file);
  }
  return used;
}

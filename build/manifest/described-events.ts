import type { Event } from 'custom-elements-manifest';
import ts from 'typescript';

const FILE = 'src/element/events.ts';
const MAP = 'SautikitEventMap';

/** The events of the element as `events.ts` has them: the code that emits them stands in lazy files, and says nothing. */
export function describedEvents(): Event[] {
  const program = ts.createProgram([FILE], {
    strict: true,
    noEmit: true,
    types: [],
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
  });
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(FILE);
  const map = source?.statements.find((node) => ts.isInterfaceDeclaration(node) && node.name.text === MAP);
  if (!map) throw new Error(`${FILE} has no interface ${MAP}`);
  return checker
    .getTypeAtLocation(map)
    .getProperties()
    .map((event) => {
      const type = checker.getTypeOfSymbol(event);
      const detail = checker.getTypeOfSymbol(type.getProperty('detail')!);
      return {
        name: event.name,
        type: { text: `CustomEvent<${fieldsOf(detail, checker)}>` },
        description: ts.displayPartsToString(event.getDocumentationComment(checker)),
      };
    });
}

/** What a detail holds, in one line, also where it is put together from several types. */
function fieldsOf(detail: ts.Type, checker: ts.TypeChecker): string {
  const fields = detail.getProperties().map((field) => {
    const optional = field.flags & ts.SymbolFlags.Optional;
    const type = checker.getTypeOfSymbol(field);
    const text = checker.typeToString(optional ? checker.getNonNullableType(type) : type);
    return `${field.name}${optional ? '?' : ''}: ${text}`;
  });
  return `{ ${fields.join('; ')} }`;
}

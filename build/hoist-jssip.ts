/**
 * Makes an ES module of one of JsSIP's CommonJS modules. A bundler wraps a CommonJS module in a function, which a browser
 * reads once as it compiles the file and again as it runs it; the bodies of ES modules stand side by side and are read once.
 * None of JsSIP's modules uses one of a cycle while it is itself evaluated, so the order stays right.
 */
export function hoist(code: string): string {
  const imports: string[] = [];
  let body = code
    .replace('"use strict";\n', '')
    .replace(
      /^ *(?:const|var) (\w+) = require\('([^']+)'\)(\.EventEmitter)?;$/gm,
      (_, name: string, from: string, member?: string) => {
        imports.push(`import ${member ? `{ ${name} }` : name} from '${from}';`);
        return '';
      },
    )
    .replace(/^module\.exports = /m, 'export default ');
  const [, name] = /^export default class (\w+)/m.exec(body) ?? [];
  if (name) body = body.replace('module.exports.', `${name}.`);
  // Members that the module also calls by these names.
  if (/\bexports\.\w/.test(body))
    body = `const exported = {};\n${body.replace(/\bexports\./g, 'exported.')}\nexport default exported;\n`;
  if (/\b(?:require\(|module\.exports)/.test(body))
    throw new Error('JsSIP has changed: one of its modules stays CommonJS');
  return [...imports, body].join('\n');
}

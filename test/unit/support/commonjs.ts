interface Module {
  exports: unknown;
}

/** Loads a CommonJS file of a package, and what it requires of its own folder, for a comparison with what replaces it. */
export async function loadCommonJs(path: string): Promise<unknown> {
  const { href } = new URL(path, location.origin);
  const response = await fetch(href);
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  const code = await response.text();
  const required = new Map<string, unknown>();
  for (const [, name] of code.matchAll(/require\(['"](\.[^'"]+)['"]\)/g)) {
    required.set(name!, await loadCommonJs(new URL(`${name}.js`, href).pathname));
  }
  const module: Module = { exports: {} };
  const run = new Function('module', 'exports', 'require', code) as (
    module: Module,
    exports: unknown,
    require: (name: string) => unknown,
  ) => void;
  run(module, module.exports, (name) => required.get(name));
  return module.exports;
}

import { init, parse } from 'es-module-lexer';
import type { Plugin } from 'vite';
import { at } from '../shared-config.js';
import { integrityOf } from './integrity.js';

export interface PinnedFile {
  name: string;
  code: string;
}

/**
 * Puts `importPinned()` in the place of every `import()`: with the name and the hash of the file that stands alone, which
 * is built before the one that imports it.
 *
 * @param fileOf makes the file of a source module
 */
export function pinImports(fileOf: (module: string) => Promise<PinnedFile>): Plugin {
  return {
    name: 'pin-imports',
    // The types are gone by then.
    enforce: 'post',
    async transform(code, id) {
      if (!id.startsWith(at('src/')) || id === at('src/pinned-import.ts')) return undefined;
      await init;
      const imports = parse(code)[0].filter(({ type }) => type === 'dynamic');
      if (imports.length === 0) return undefined;
      let pinned = code;
      // From the last to the first, so that positions stay right.
      for (const found of imports.reverse()) {
        const resolved = 'specifier' in found && (await this.resolve(found.specifier ?? '', id));
        if (!resolved) throw new Error(`${id} imports what nobody can pin`);
        const file = await fileOf(resolved.id.replace(at(''), ''));
        const call = `importPinned("./${file.name}", "${integrityOf(file.code, 'sha256')}")`;
        pinned = pinned.slice(0, found.importStart) + call + pinned.slice(found.importEnd);
      }
      return {
        code: `import { importPinned } from ${JSON.stringify(at('src/pinned-import.ts'))};\n${pinned}`,
        map: null,
      };
    },
  };
}

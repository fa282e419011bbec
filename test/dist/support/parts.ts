import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const SIZES = new URL('../sizes.json', import.meta.url);

/** What a page or a call loads, each in one file: by the pass of the build that makes it. */
export const PARTS = { cdn: ['entry', 'engine'], 'cdn-sip': ['sip'], 'cdn-before-call': ['before-call'] } as const;
export type Part = (typeof PARTS)[keyof typeof PARTS][number];

export interface Sizes {
  /** Of the file as a server sends it, by gzip at its best. */
  bytes: number;
  /** Characters of each source module that stand in the file, before names are shortened. */
  modules: Record<string, number>;
}

export const fileOf = (part: Part, version: string): string =>
  `sautikit-call-button${part === 'entry' ? '' : `.${part}.${version}`}.js`;

/** What was agreed to; `npm run sizes` writes it anew. */
export const agreedSizes = (): Record<Part, Sizes> => JSON.parse(readFileSync(SIZES, 'utf8')) as Record<Part, Sizes>;
export const SIZES_FILE = SIZES;

/** Builds, without writing anything, and tells what is in each part. */
export async function measureParts(): Promise<Record<Part, Sizes>> {
  const found: Partial<Record<Part, Sizes>> = {};
  for (const [mode, parts] of Object.entries(PARTS)) {
    const built = await build({ root: ROOT, mode, logLevel: 'silent', build: { write: false } });
    const chunks = [built].flat().flatMap((result) => ('output' in result ? result.output : []));
    for (const part of parts) {
      const chunk = chunks.find(({ fileName }) => fileName.includes(part === 'entry' ? 'call-button.js' : `.${part}.`));
      if (chunk?.type !== 'chunk') throw new Error(`The build has no part "${part}"`);
      found[part] = {
        bytes: gzipSync(chunk.code, { level: 9 }).length,
        modules: Object.fromEntries(
          Object.entries(chunk.modules)
            .map(([id, { renderedLength }]) => [id.replace(ROOT, '').replace(/^\0/, ''), renderedLength] as const)
            .filter(([, length]) => length > 0)
            .sort(([a], [b]) => (a < b ? -1 : 1)),
        ),
      };
    }
  }
  return found as Record<Part, Sizes>;
}

/** The modules of a part that are larger than was agreed to, the largest growth first. */
export function grown(agreed: Sizes, now: Sizes): string[] {
  return Object.entries(now.modules)
    .map(([name, length]) => [name, length - (agreed.modules[name] ?? 0)] as const)
    .filter(([, more]) => more > 0)
    .sort(([, a], [, b]) => b - a)
    .map(([name, more]) => `${name} by ${more}`);
}

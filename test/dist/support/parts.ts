import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { stable, versioned } from '../../../build/cdn/names.js';
import { buildScriptTag } from '../../../build/cdn/script-tag-build.js';

const SIZES = new URL('../sizes.json', import.meta.url);

/** What a page or a call loads, each in one file. */
export const PARTS = ['entry', 'engine', 'sip', 'before-call', 'loader', 'iife'] as const;
export type Part = (typeof PARTS)[number];

export interface Sizes {
  /** Of the file as a server sends it, by gzip at its best. */
  bytes: number;
  /** Characters of each source module that stand in the file, before names are shortened. */
  modules: Record<string, number>;
}

export const fileOf = (part: Part): string => (part === 'entry' ? stable() : versioned(part));

/** What was agreed to; `npm run sizes` writes it anew. */
export const agreedSizes = (): Record<Part, Sizes> => JSON.parse(readFileSync(SIZES, 'utf8')) as Record<Part, Sizes>;
export const SIZES_FILE = SIZES;

/** Builds, without writing anything, and tells what is in each part. */
export async function measureParts(): Promise<Record<Part, Sizes>> {
  const files = await buildScriptTag();
  const measure = (part: Part): Sizes => {
    const { code, modules } = files.find((file) => file.part === part)!;
    return { bytes: gzipSync(code, { level: 9 }).length, modules };
  };
  return Object.fromEntries(PARTS.map((part) => [part, measure(part)])) as Record<Part, Sizes>;
}

/** The modules of a part that are larger than was agreed to, the largest growth first. */
export function grown(agreed: Sizes, now: Sizes): string[] {
  return Object.entries(now.modules)
    .map(([name, length]) => [name, length - (agreed.modules[name] ?? 0)] as const)
    .filter(([, more]) => more > 0)
    .sort(([, a], [, b]) => b - a)
    .map(([name, more]) => `${name} by ${more}`);
}

import { readFileSync } from 'node:fs';
import { slug } from 'github-slugger';
import { elementReference } from './manifest.js';

const README = new URL('../../README.md', import.meta.url);

/** A part of the README, from a heading to the one that is no more of it, with its links as they are seen from `docs/`. */
function part(from: string, to: string): string {
  const readme = readFileSync(README, 'utf8');
  const [start, end] = [readme.indexOf(`\n${from}\n`), readme.indexOf(`\n${to}\n`)];
  if (start < 0 || end < start) throw new Error(`The README has no "${from}" before "${to}"`);
  return readme
    .slice(start, end)
    .replace(/^###(?= )/gm, '##')
    .replace(/\]\(docs\//g, '](./')
    .replace(/\]\((?!\.|https:|#)/g, '](../');
}

/** The element as its manifest describes it, or, before anything was built, as the README does; client and endpoint. */
export const reference = (): string =>
  [
    elementReference() ?? part('### Attributes', '### For everybody'),
    part('## The headless client', '## The backend'),
  ].join('\n\n');

/** Puts it into the page that has the place for it. */
export const withReference = (page: string): string => page.replace(/<!-- reference:[^]*?-->[^]*$/, () => reference());

/** Anchors of the page, which are those of the README's headings. */
export const referenceAnchors = (): ReadonlySet<string> =>
  new Set([...reference().matchAll(/^##+ (.+)$/gm)].map(([, heading]) => slug(heading!)));

import { readFileSync } from 'node:fs';
import { slug } from 'github-slugger';

const README = new URL('../../README.md', import.meta.url);

/** What of the README is reference: from the first heading to the one that is no more of it. */
const PARTS = [
  ['### Attributes', '### For everybody'],
  ['## The headless client', '## The backend'],
] as const;

/** The reference, as the README has it, with its links as they are seen from `docs/`. */
export function reference(): string {
  const readme = readFileSync(README, 'utf8');
  return PARTS.map(([from, to]) => {
    const [start, end] = [readme.indexOf(`\n${from}\n`), readme.indexOf(`\n${to}\n`)];
    if (start < 0 || end < start) throw new Error(`The README has no "${from}" before "${to}"`);
    return readme.slice(start, end);
  })
    .join('\n')
    .replace(/^###(?= )/gm, '##')
    .replace(/\]\(docs\//g, '](./')
    .replace(/\]\((?!\.|https:|#)/g, '](../');
}

/** Puts it into the page that has the place for it. */
export const withReference = (page: string): string => page.replace(/<!-- reference:[^]*?-->[^]*$/, () => reference());

/** Anchors of the page, which are those of the README's headings. */
export const referenceAnchors = (): ReadonlySet<string> =>
  new Set([...reference().matchAll(/^##+ (.+)$/gm)].map(([, heading]) => slug(heading!)));

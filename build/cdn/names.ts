import { readFileSync } from 'node:fs';

const NAME = 'sautikit-call-button';

export const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

/** What a file may begin with, for whoever reads it, and for the doctor. */
export const banner = `/*! ${NAME} ${version} */`;

/**
 * The name of a part, by which it never changes again; of the entry where there is no part.
 * @param part such as `engine`
 */
export const versioned = (part?: string, type = 'js'): string =>
  [NAME, ...(part ? [part] : []), version, type].join('.');

/** The name by which the newest version of a part is found; only what a page names itself has one. */
export const stable = (part?: string): string => [NAME, ...(part ? [part] : []), 'js'].join('.');

import { createHash } from 'node:crypto';

/**
 * A file's hash as the attribute `integrity` has it (Subresource Integrity, section 3.1): the longer one for a tag of a
 * page; the shorter, no weaker for this, where a file names another, since what the facade weighs every page pays.
 */
export const integrityOf = (text: string, algorithm: 'sha256' | 'sha384' = 'sha384'): string =>
  `${algorithm}-${createHash(algorithm).update(text).digest('base64')}`;

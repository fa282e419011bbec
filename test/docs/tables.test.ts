import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { responsibleFor, type ErrorCode } from '../../src/errors.js';
import { errorTexts } from '../../src/i18n/error-texts.js';
import { messages } from '../../src/i18n/locales/en.js';
import { filesIn } from '../support/files.js';
import { ROOT } from './support/documents.js';

const read = (path: string) => readFileSync(`${ROOT}${path}`, 'utf8');

/** The rows of all tables of a document, each a list of its cells. */
const rowsOf = (path: string): string[][] =>
  read(path)
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| ---'))
    .map((line) => line.slice(2, -2).split(' | '));

describe('the table of errors', () => {
  /** The first table; the others of the document have two columns. */
  const codeRows = () => rowsOf('docs/errors.md').filter((row) => row.length > 2 && row[0]?.startsWith('`'));

  it('has every code once, with the words that the caller reads', () => {
    const written = codeRows().map(([code, what, wayForward]) => [code, what, wayForward]);
    const shipped = Object.entries(errorTexts).map(([code, [what, wayForward]]) => [
      `\`${code}\``,
      `“${messages[what]}”`,
      `“${messages[wayForward]}”`,
    ]);
    assert.deepEqual(written, shipped);
  });

  it('has the cause of each, who is to mend it, and the cure', () => {
    for (const [code = '', , , cause, who, cure, ...more] of codeRows()) {
      assert.ok(cause && cure && more.length === 0, `what does ${code} mean?`);
      assert.equal(who, responsibleFor(code.slice(1, -1) as ErrorCode), code);
    }
  });

  it('counts them rightly elsewhere', () => {
    assert.ok(read('docs/migration.md').includes(`one of ${Object.keys(errorTexts).length} codes`));
  });
});

describe('the table of threats', () => {
  const rows = rowsOf('docs/security.md').filter(([, , proof]) => proof?.includes('test/'));

  it('names for each a test that is there', () => {
    assert.ok(rows.length > 15);
    for (const [threat, , proof = ''] of rows) {
      const [, file = '', title] = /\[`([^`]+)`\]\(\.\.\/\1\)(?: “(.+)”)?/.exec(proof) ?? [];
      assert.ok(existsSync(`${ROOT}${file}`) && file !== '', `${threat}: there is no ${file}`);
      if (title) assert.ok(read(file).includes(`'${title}'`), `${threat}: ${file} has no “${title}”`);
    }
  });

  it('leaves out no file of attacks', () => {
    const named = rows.flatMap(([, , proof]) => /test\/attack\/[\w-]+\.test\.ts/.exec(proof ?? '')?.[0] ?? []);
    assert.deepEqual([...new Set(named)].sort(), filesIn('test/attack', '.test.ts'));
  });
});

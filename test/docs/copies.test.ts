import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { readDocument, ROOT } from './support/documents.js';

const read = (path: string): string => readFileSync(`${ROOT}${path}`, 'utf8');

describe('files that the documents show', () => {
  const recipes = readdirSync(`${ROOT}demo/recipes`).filter((name) => name.includes('.'));

  it('are all the recipes', () => assert.equal(readDocument('docs/recipes.md').snippets.length, recipes.length));

  for (const file of recipes) {
    it(`are as they are: ${file}`, () => {
      const [, shown = ''] = read('docs/recipes.md').split(`\n\`demo/recipes/${file}\`:\n`);
      assert.equal(/```\w+\n([^]*?)```\n/.exec(shown)?.[1], read(`demo/recipes/${file}`));
    });
  }

  it('are as they are: the configuration of the ready server', () => {
    assert.ok(read('docs/backend.md').includes(`\n\n\`\`\`json\n${read('demo/ready-server/lines.json')}\`\`\`\n`));
  });
});

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

describe('the README', () => {
  for (const file of readdirSync(new URL('../../demo/recipes', import.meta.url)).filter((name) => name.includes('.'))) {
    it(`shows ${file} as it is`, () => {
      const shown = read('README.md').split(`<code>demo/recipes/${file}</code>`)[1] ?? '';
      const block = /```\w+\n([^]*?)```\n/.exec(shown)?.[1];
      assert.equal(block, read(`demo/recipes/${file}`));
    });
  }

  it('and what it links to show the configuration of the ready server as it is', () => {
    assert.ok(read('docs/backend.md').includes(`\n\n\`\`\`json\n${read('demo/ready-server/lines.json')}\`\`\`\n`));
  });
});

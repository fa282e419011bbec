import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, it } from 'node:test';
import { referenceAnchors } from '../../docs/.vitepress/reference.js';
import { allDocuments, ROOT } from './support/documents.js';

const documents = allDocuments();
const anchorsOf = new Map(documents.map(({ path, anchors }) => [path, anchors]));
// On the site it has the headings of the README.
anchorsOf.set('docs/reference.md', referenceAnchors());
const { scripts } = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8')) as { scripts: Record<string, string> };
const read = (path: string) => readFileSync(`${ROOT}${path}`, 'utf8');
const steps = [...read('test/steps.ts').matchAll(/name: '([^']+)'/g)].map(([, name]) => name!);
const usage = read('src/server/ready/command.ts');

describe('the documents', () => {
  for (const { path, links, commands, inline, text } of documents) {
    it(`${path}: links lead somewhere`, () => {
      for (const link of links) {
        const [target = '', anchor] = link.split('#');
        if (/^[a-z]+:/.test(target)) {
          assert.ok(
            /^(https:\/\/[\w.-]+\.[a-z]+(\/|$)|http:\/\/localhost:\d+\/$)/.test(target),
            `${link} is no address`,
          );
          continue;
        }
        const file = target === '' ? path : normalize(join(dirname(path), target));
        assert.ok(existsSync(`${ROOT}${file}`), `there is no ${link}`);
        if (anchor !== undefined) assert.ok(anchorsOf.get(file)?.has(anchor), `there is no ${link}`);
      }
      // The front page's settings.
      for (const [, page] of text.matchAll(/^\s+link: \/(\S+)$/gm)) {
        assert.ok(existsSync(`${ROOT}docs/${page}.md`), `there is no /${page}`);
      }
    });

    it(`${path}: commands are there`, () => {
      for (const line of [...commands.flatMap((command) => command.split('&&')), ...inline].map((part) =>
        part.trim(),
      )) {
        const script = /^npm run (?:--silent )?([\w:-]+)/.exec(line)?.[1];
        if (script) assert.ok(script in scripts, `package.json has no script "${script}"`);
        const step = /^npm test -- (?:"([^"]+)"|&quot;(.+)&quot;|(\S+))/.exec(line);
        const word = step?.[1] ?? step?.[2] ?? step?.[3];
        if (word)
          assert.ok(
            steps.some((name) => name.includes(word)),
            `no step of the tests is called "${word}"`,
          );
        const subcommand = /^npx @sautikit\/call-button (\w+)/.exec(line)?.[1];
        if (subcommand) assert.ok(usage.includes(`sautikit-call-button ${subcommand} `), `there is no ${subcommand}`);
      }
    });

    it(`${path}: files that are named are there`, () => {
      for (const name of inline) {
        if (!/^(src|test|demo|docs|build)\/[\w./-]+$/.test(name)) continue;
        assert.ok(existsSync(`${ROOT}${name}`), `there is no ${name}`);
      }
    });
  }
});

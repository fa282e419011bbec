/** `npm run build:cdn`: writes the script-tag build to `dist/cdn`, and prints what it costs and how it is put into a page. */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { at } from '../shared-config.js';
import { fillCallPage } from './call-page.js';
import { describeBuild } from './describe-build.js';
import { licences } from './licences.js';
import { buildScriptTag } from './script-tag-build.js';

const FOLDER = at('dist/cdn');

const files = await buildScriptTag();
const description = describeBuild(files);
const texts: Record<string, string> = {
  ...Object.fromEntries(files.map(({ name, code }) => [name, code])),
  ...Object.fromEntries(files.flatMap(({ alias, code }) => (alias ? [[alias, code]] : []))),
  'call.html': fillCallPage(await readFile(at('src/call-page/call.html'), 'utf8'), files),
  'integrity.json': `${JSON.stringify(Object.fromEntries(files.map(({ name, integrity }) => [name, integrity])), null, 2)}\n`,
  'README.md': description,
  'LICENSES.txt': licences(files),
};
await rm(FOLDER, { recursive: true, force: true });
await mkdir(FOLDER, { recursive: true });
for (const [name, text] of Object.entries(texts)) await writeFile(join(FOLDER, name), text);
process.stdout.write(`\n${description}`);

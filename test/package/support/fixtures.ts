import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Project } from './published.js';

/** Puts the files of `test/package/fixtures/<name>` into a project. */
export async function writeFixture(project: Project, name: string): Promise<void> {
  const folder = new URL(`../fixtures/${name}/`, import.meta.url);
  for (const file of readdirSync(fileURLToPath(folder)))
    await project.write({ [file]: readFileSync(new URL(file, folder), 'utf8') });
}

/** A page as a server sends it. @param scripts as tags */
export const page = (body: string, scripts: string): string => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <title>A page</title>
    <link rel="icon" href="data:," />
  </head>
  <body>
    ${body}
    ${scripts}
  </body>
</html>
`;

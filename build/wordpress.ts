/** The plugin for WordPress, with the built script inside, as a folder and as the zip that WordPress takes. */
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { zipSync } from 'fflate';
import { mo, po } from 'gettext-parser';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const NAME = 'sautikit-call-button';
const PLUGIN = join(ROOT, 'src/wordpress', NAME);
const OUT = join(ROOT, 'dist/wordpress');

/** What the minified files in `assets/` are built from; the directory of WordPress wants it readable, too. */
// Without the settings of TypeScript the same sources would become other files.
const SOURCES = ['build', 'src', 'vite.config.ts', 'tsconfig.json', 'package.json', 'package-lock.json', 'LICENSE'];
/** Of `src`: what runs elsewhere. */
const ELSEWHERE = ['src/server', 'src/wordpress'];

export interface BuiltPlugin {
  folder: string;
  zip: string;
}

/** Needs `dist/cdn`. */
export async function buildPlugin(): Promise<BuiltPlugin> {
  const folder = join(OUT, NAME);
  const zip = join(OUT, `${NAME}.zip`);
  await rm(OUT, { recursive: true, force: true });
  await cp(PLUGIN, folder, { recursive: true });
  await setVersion(folder);
  await compileTranslations(join(folder, 'languages'));

  const assets = join(folder, 'assets');
  await mkdir(assets);
  for (const file of (await readdir(join(ROOT, 'dist/cdn'))).filter(
    (name) => name.startsWith(NAME) && name.endsWith('.js') && !/\.(?:iife|loader|call-page|analytics)\./.test(name),
  ))
    await cp(join(ROOT, 'dist/cdn', file), join(assets, file));
  await cp(join(ROOT, 'dist/cdn/LICENSES.txt'), join(assets, 'LICENSES.txt'));
  await cp(join(ROOT, 'src/snippet.css'), join(assets, 'snippet.css'));
  await cp(join(ROOT, 'LICENSE'), join(folder, 'LICENSE'));
  for (const source of SOURCES) {
    const filter = (path: string) => !ELSEWHERE.some((other) => path === join(ROOT, other));
    await cp(join(ROOT, source), join(folder, 'source', source), { recursive: true, filter });
  }

  const files: Record<string, Uint8Array> = {};
  for (const entry of (await readdir(folder, { recursive: true, withFileTypes: true })).filter((one) => one.isFile())) {
    const path = join(entry.parentPath, entry.name);
    files[`${NAME}${path.slice(folder.length)}`] = await readFile(path);
  }
  // The same files give the same zip, whenever it is made.
  await writeFile(zip, zipSync(files, { mtime: '2026-01-01T00:00:00Z', level: 9 }));
  return { folder, zip };
}

/** The plugin has the version of the package: caches know its files by that. */
async function setVersion(folder: string): Promise<void> {
  const { version } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as { version: string };
  for (const [file, pattern] of [
    [`${NAME}.php`, /(\* Version: +|const VERSION += ')[\d.]+[\w.-]*/g],
    ['readme.txt', /(Stable tag: )[\d.]+[\w.-]*/g],
  ] as const) {
    const path = join(folder, file);
    await writeFile(path, (await readFile(path, 'utf8')).replace(pattern, `$1${version}`));
  }
}

/** WordPress reads `.mo`. */
async function compileTranslations(folder: string): Promise<void> {
  for (const file of (await readdir(folder)).filter((name) => name.endsWith('.po'))) {
    const catalogue = po.parse(await readFile(join(folder, file)));
    await writeFile(join(folder, `${basename(file, '.po')}.mo`), mo.compile(catalogue));
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { zip } = await buildPlugin();
  process.stdout.write(`${zip.slice(ROOT.length)}\n`);
}

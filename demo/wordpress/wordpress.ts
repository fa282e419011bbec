import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cp, lstat, mkdir, mkdtemp, readdir, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { HOST, takePort } from '../stack/ports.js';
import { probeHttp, until } from '../stack/probes.js';
import { requireProgram } from '../stack/processes.js';
import { startDatabase } from './database.js';
import { unpackedPackages } from './packages.js';
import { startPhpServer } from './php-server.js';

/** What is copied into each site: the router of PHP's own server, its set-up, and a page cache. */
const SITE_FILES = fileURLToPath(new URL('./site/', import.meta.url));

export interface WordPressOptions {
  /** 0 or nothing: any that is free. */
  port?: number | undefined;
  /** An unpacked WordPress of another release. Default: Debian's. */
  wordpress?: string | undefined;
  /** PHP that stands in wp-config.php beside the rest. */
  config?: string;
  onCrash?: (error: Error) => void;
  signal?: AbortSignal | undefined;
}

export interface Account {
  user: string;
  password: string;
}

export interface WordPress {
  /** Of the front page, with a slash at its end. */
  url: string;
  /** Such as `6.1.9`. */
  version: string;
  /** The files of WordPress. */
  files: string;
  administrator: Account;
  editor: Account;
  /** Runs PHP inside WordPress, as nobody, and returns what it printed. */
  run(php: string): Promise<string>;
  /** From now on pages are kept and served again, as page caches do. */
  switchPageCacheOn(): Promise<void>;
  stop(): Promise<void>;
}

/** Puts up a WordPress on loopback: MariaDB, PHP's own web server, and a site with an administrator and an editor. */
export async function startWordPress(options: WordPressOptions = {}): Promise<WordPress> {
  const { onCrash = () => undefined, signal } = options;
  const { root, phpArguments: extensions } = await unpackedPackages();
  // A file that was changed a moment ago is the one that counts.
  const phpArguments = [...extensions, '-d', 'opcache.revalidate_freq=0'];
  const php = requireProgram('php', 'php-cli');
  const folder = await mkdtemp(join(tmpdir(), 'sautikit-wordpress-'));
  const cleanUp: (() => Promise<void>)[] = [
    () => rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }),
  ];
  const stop = async (): Promise<void> => {
    for (let undo = cleanUp.pop(); undo; undo = cleanUp.pop()) await undo();
  };

  try {
    const database = await startDatabase({ root, folder, onCrash, signal });
    cleanUp.push(() => database.stop());
    const port = await takePort('WordPress', 'tcp', options.port);
    const url = `http://${HOST}:${port}/`;
    const files = join(folder, 'site');
    await copySite(options.wordpress ?? join(root, 'usr/share/wordpress'), files, root);
    await writeFile(join(files, 'wp-config.php'), config(database.socket, url, options.config));

    const administrator = { user: 'amina', password: randomBytes(12).toString('hex') };
    const editor = { user: 'juma', password: randomBytes(12).toString('hex') };
    const environment = { ...process.env, ADMIN_PASSWORD: administrator.password, EDITOR_PASSWORD: editor.password };
    const execute = async (...args: string[]): Promise<string> => {
      const { stdout } = await promisify(execFile)(php, [...phpArguments, ...args], {
        cwd: files,
        env: { ...environment, NO_PROXY: HOST, no_proxy: HOST },
        maxBuffer: 64 * 1024 * 1024,
      });
      return stdout;
    };
    const version = await execute(join(SITE_FILES, 'install.php'));

    const server = await startPhpServer({
      port,
      php,
      phpArguments,
      files,
      router: join(SITE_FILES, 'router.php'),
      folder,
      onCrash,
      signal,
    });
    cleanUp.push(() => server.stop());
    await until('WordPress', () => probeHttp(url), signal);

    return {
      url,
      version,
      files,
      administrator,
      editor,
      run: (code) => execute('-r', `require 'wp-load.php'; ${code}`),
      switchPageCacheOn: async () => {
        await cp(join(SITE_FILES, 'advanced-cache.php'), join(files, 'wp-content/advanced-cache.php'));
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A copy of the site's own, so that plugins, uploads and caches of one run are gone with it. */
async function copySite(from: string, to: string, root: string): Promise<void> {
  await cp(from, to, { recursive: true, verbatimSymlinks: true });
  await mendLinks(to, root);
  const content = join(to, 'wp-content');
  for (const name of ['plugins', 'uploads', 'upgrade', 'themes']) {
    await mkdir(join(content, name), { recursive: true });
  }
}

/** Debian shares files between packages by links to `/usr/share`, which here is below the folder of the packages. */
async function mendLinks(folder: string, root: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await mendLinks(path, root);
    if (!entry.isSymbolicLink()) continue;
    const target = await readlink(path);
    if (!target.startsWith('/')) continue;
    await rm(path);
    const there = await lstat(join(root, target)).catch(() => undefined);
    if (there) await symlink(join(root, target), path);
  }
}

function config(socket: string, url: string, more = ''): string {
  const quoted = (text: string): string => `'${text.replace(/[\\']/g, '\\$&')}'`;
  const keys = ['AUTH', 'SECURE_AUTH', 'LOGGED_IN', 'NONCE'].flatMap((name) => [`${name}_KEY`, `${name}_SALT`]);
  const constants = {
    DB_NAME: quoted('wordpress'),
    DB_USER: quoted('root'),
    DB_PASSWORD: quoted(''),
    DB_HOST: quoted(`localhost:${socket}`),
    DB_CHARSET: quoted('utf8mb4'),
    DB_COLLATE: quoted(''),
    WP_HOME: quoted(url.slice(0, -1)),
    WP_SITEURL: quoted(url.slice(0, -1)),
    // Plugins are put where they belong without asking for an FTP password.
    FS_METHOD: quoted('direct'),
    // Drop-ins such as a page cache are used where there are any.
    WP_CACHE: 'true',
    WP_DEBUG: 'true',
    WP_DEBUG_LOG: 'true',
    WP_DEBUG_DISPLAY: 'false',
    // Nothing goes out to the network, and nothing runs by itself.
    WP_HTTP_BLOCK_EXTERNAL: 'true',
    WP_ACCESSIBLE_HOSTS: quoted(HOST),
    AUTOMATIC_UPDATER_DISABLED: 'true',
    DISABLE_WP_CRON: 'true',
    ...Object.fromEntries(keys.map((name) => [name, quoted(randomBytes(24).toString('hex'))])),
  };
  const lines = Object.entries(constants).map(([name, value]) => `define( '${name}', ${value} );`);
  return `<?php
${lines.join('\n')}
${more}
$table_prefix = 'wp_';
defined( 'ABSPATH' ) || define( 'ABSPATH', __DIR__ . '/' );
require_once ABSPATH . 'wp-settings.php';
`;
}

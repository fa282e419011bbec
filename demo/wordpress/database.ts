import { mkdir } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { until } from '../stack/probes.js';
import { Program } from '../stack/processes.js';

export interface DatabaseOptions {
  /** Where Debian's packages are unpacked. */
  root: string;
  /** Data, socket and log. */
  folder: string;
  onCrash: (error: Error) => void;
  signal?: AbortSignal | undefined;
}

export interface Database {
  socket: string;
  stop(): Promise<void>;
}

/** A MariaDB of this site's own, behind a socket in its folder; nobody reaches it by network. */
export async function startDatabase({ root, folder, onCrash, signal }: DatabaseOptions): Promise<Database> {
  const data = join(folder, 'data');
  const socket = join(folder, 'mariadb.sock');
  await mkdir(data, { recursive: true });
  const program = new Program({
    name: 'mariadb',
    command: join(root, 'usr/sbin/mariadbd'),
    args: [
      '--no-defaults',
      ...(process.getuid?.() === 0 ? ['--user=root'] : []),
      '--skip-networking',
      // There are no users; the folder is ours alone.
      '--skip-grant-tables',
      `--datadir=${data}`,
      `--tmpdir=${folder}`,
      `--socket=${socket}`,
      `--pid-file=${join(folder, 'mariadb.pid')}`,
      `--lc-messages-dir=${join(root, 'usr/share/mysql')}`,
      `--character-sets-dir=${join(root, 'usr/share/mysql/charsets')}`,
      `--plugin-dir=${join(root, 'usr/lib/mysql/plugin')}`,
      // What is here is gone in a minute.
      '--innodb-flush-log-at-trx-commit=0',
      '--innodb-buffer-pool-size=64M',
      '--innodb-log-file-size=16M',
      '--skip-log-bin',
    ],
    env: { LD_LIBRARY_PATH: libraries(root) },
    folder,
    verbose: false,
    onCrash,
  });
  try {
    await until('MariaDB', () => connects(socket), signal);
  } catch (error) {
    await program.stop();
    throw error;
  }
  return { socket, stop: () => program.stop() };
}

/** Where Debian keeps the libraries of an architecture. */
export function libraries(root: string): string {
  const tuple = process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu';
  return [join(root, 'usr/lib', tuple), join(root, 'lib', tuple)].join(':');
}

async function connects(socket: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const connection = createConnection(socket, () => {
      connection.destroy();
      resolve();
    });
    connection.once('error', reject);
  });
}

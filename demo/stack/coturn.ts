import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HOST } from './ports.js';
import { probeStun, until } from './probes.js';
import { Program, requireProgram, type ProgramOptions } from './processes.js';

export interface CoturnOptions extends Pick<ProgramOptions, 'folder' | 'verbose' | 'onCrash'> {
  /** Where it listens and relays from, and where rtpengine is. */
  host: string;
  /** Where it listens, and where rtpengine is, too; what it relays goes out over IPv4. */
  host6?: string | undefined;
  port: number;
  tlsPort: number;
  /** First UDP port of its relays. */
  relayPort: number;
  relayPorts: number;
  certificate: { certificate: string; key: string };
  realm: string;
  secret: string;
  /** Allocations at a time of one session. */
  userQuota: number;
}

const TEMPLATE = new URL('coturn/turnserver.conf', import.meta.url);

/** For a thousand calls. */
const TOTAL_QUOTA = 2000;
/** Bytes a second. */
const MAX_BPS = 64_000;

/** coturn, once it answers. It relays to rtpengine's address, and nowhere else. */
export async function startCoturn(options: CoturnOptions, signal: AbortSignal): Promise<Program> {
  const { folder, verbose, onCrash, host, host6, port, tlsPort, relayPort, relayPorts, certificate, realm, secret } =
    options;
  const values: Record<string, string | number> = {
    // The browser's way to it may not be a loopback address, see MEDIA_HOST.
    LISTENING_IP: host,
    PORT: port,
    TLS_PORT: tlsPort,
    CERTIFICATE: certificate.certificate,
    KEY: certificate.key,
    RELAY_IP: host,
    RTPENGINE_IP: host,
    MIN_PORT: relayPort,
    MAX_PORT: relayPort + relayPorts - 1,
    REALM: realm,
    SECRET: secret,
    USER_QUOTA: options.userQuota,
    TOTAL_QUOTA,
    MAX_BPS,
    FOLDER: folder,
  };
  const template = await readFile(TEMPLATE, 'utf8');
  // A machine without a network has rtpengine on a loopback address, which coturn refuses unless it is told.
  const loopback = host === HOST ? 'allow-loopback-peers\n' : '';
  const ipv6 = host6 ? `listening-ip=${host6}\n` : '';
  const file = join(folder, 'turnserver.conf');
  const text = template.replace(/\$\{([A-Z_]+)\}/g, (_, name: string) => String(values[name]));
  await writeFile(file, text + loopback + ipv6, { mode: 0o600 });
  const program = new Program({
    name: 'coturn',
    command: requireProgram('turnserver', 'coturn'),
    args: ['-c', file],
    folder,
    verbose,
    onCrash,
  });
  try {
    await until('coturn', () => probeStun(host, port), signal);
    return program;
  } catch (error) {
    await program.stop();
    throw error;
  }
}

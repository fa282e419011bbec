import { randomBytes } from 'node:crypto';
import { appendFile, copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { HOST } from './ports.js';
import { probeUdpSip, probeWebSocket, until } from './probes.js';
import { Program, requireProgram, type ProgramOptions } from './processes.js';
import { compileThreadLocals } from './thread-locals.js';

export interface GatewayOptions extends Pick<ProgramOptions, 'folder' | 'verbose' | 'onCrash'> {
  /** Also the name of its log file. */
  name: string;
  /** Where browsers reach it; phones reach every gateway at 127.0.0.1. */
  host: string;
  gatewayPort: number;
  trunkPort: number;
  rtpenginePort: number;
  /** rtpengine's other control port, which answers questions about calls. */
  rtpengineHttpPort: number;
  certificate: { certificate: string; key: string };
  /** Origins of the pages that may connect. */
  origins: readonly string[];
  domain: string;
  hookUrl: string;
  hookSecret: string;
  /** The key of the topology hiding, which gateways of the same owner share. */
  topologyKey: string;
  /** More settings of settings.cfg, by name; strings with their quotes. */
  settings?: Record<string, string | number>;
  /** Another kamailio.cfg than ours. */
  configuration?: string;
}

/** Empty tables of Kamailio's own package, for what survives a restart: theirs by name, and ours. */
const TABLES = '/usr/share/kamailio/dbtext/kamailio';
const STATE = { version: 'version', dialog: 'dialog', dialog_vars: 'dialog_vars', htable: 'live' } as const;
/** Kamailio 5.6 writes no table that it found empty. This row, which is no call, stays in it until 2038. */
const PLACEHOLDER = '1:-:0:0:-:2147483647\n';

const CONFIGURATION = fileURLToPath(new URL('kamailio/kamailio.cfg', import.meta.url));

/** A Kamailio with its addresses. It can be stopped, frozen and started again, as happens to machines. */
export class Gateway {
  /** Where browsers reach it. */
  readonly url: string;
  /** Where phones do. */
  readonly trunk: string;
  readonly #options: GatewayOptions;
  readonly #settings: Record<string, string | number>;
  readonly #state: string;
  #program: Program | undefined;

  constructor(options: GatewayOptions) {
    const { host, gatewayPort, trunkPort, rtpenginePort, rtpengineHttpPort, certificate, domain, hookUrl } = options;
    this.#options = options;
    this.#state = join(options.folder, `${options.name}-state`);
    this.url = `wss://${host}:${gatewayPort}/`;
    this.trunk = `sip:${HOST}:${trunkPort}`;
    this.#settings = {
      WSS_LISTEN: `tls:${host}:${gatewayPort}`,
      TRUNK_LISTEN: `udp:${HOST}:${trunkPort}`,
      DOMAIN: text(domain),
      CALLEE_PATTERN: text(
        `^sip:[A-Za-z0-9._+-]{1,64}@(127[.]0[.]0[.]1|${domain.replaceAll('.', '[.]')})(:[0-9]{1,5})?$`,
      ),
      HOOK_URL: text(hookUrl),
      RTPENGINE_SOCKET: text(`udp:${HOST}:${rtpenginePort}`),
      RTPENGINE_HTTP: text(`http://${HOST}:${rtpengineHttpPort}`),
      ORIGINS: text(options.origins.join(',')),
      TLS_CERTIFICATE: text(certificate.certificate),
      TLS_KEY: text(certificate.key),
      STATE_URL: text(`text://${this.#state}`),
      GATEWAY_NAME: text(`stack-${randomBytes(4).toString('hex')}`),
      ...options.settings,
    };
  }

  get pid(): number {
    return this.#program?.pid ?? -1;
  }

  /** Resolves once it speaks SIP over its WebSocket and over UDP. */
  async start(signal?: AbortSignal): Promise<void> {
    const { name, folder, verbose, onCrash, hookSecret, topologyKey, trunkPort, origins } = this.#options;
    const { configuration = CONFIGURATION } = this.#options;
    // The first start finds nothing; the next finds what the one before has left.
    if (await mkdir(this.#state, { recursive: true })) {
      for (const [table, name] of Object.entries(STATE)) await copyFile(join(TABLES, table), join(this.#state, name));
      await appendFile(join(this.#state, STATE.htable), PLACEHOLDER);
    }
    this.#program = new Program({
      name,
      command: requireProgram('kamailio', 'kamailio'),
      // In the foreground with its log on stderr; little memory, since it serves one machine's tests.
      args: ['-f', configuration, '-DD', '-E', '-m', '256', '-M', '8', '-Y', folder, '-w', folder].concat(
        Object.entries(this.#settings).flatMap(([key, value]) => ['-A', `${key}=${value}`]),
      ),
      env: { HOOK_SECRET: hookSecret, TOPOLOGY_KEY: topologyKey, LD_PRELOAD: await compileThreadLocals(folder, name) },
      folder,
      verbose,
      onCrash,
    });
    try {
      await until(`${name} (WSS)`, () => probeWebSocket(this.url, origins[0]), signal);
      await until(`${name} (UDP)`, () => probeUdpSip(trunkPort), signal);
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  async stop(): Promise<void> {
    await this.#program?.stop();
  }

  /** It is gone at once, and what it had not yet put into its tables with it. */
  async kill(): Promise<void> {
    await this.#program?.kill();
  }

  /** It takes connections still, as the system does that for it, and says nothing any more. */
  freeze(): void {
    this.#program?.signalAll('SIGSTOP');
  }

  thaw(): void {
    this.#program?.signalAll('SIGCONT');
  }
}

/** A string as kamailio.cfg writes it. */
function text(value: string): string {
  return `"${value}"`;
}

import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { makeCertificate } from './certificate.js';
import { HOST, MEDIA_HOST } from './ports.js';
import { probeRtpengine, probeUdpSip, probeWebSocket, until } from './probes.js';
import { Program, requireProgram, type ProgramOptions } from './processes.js';

type Common = Pick<ProgramOptions, 'folder' | 'verbose' | 'onCrash'>;

export interface KamailioOptions extends Common {
  gatewayPort: number;
  trunkPort: number;
  rtpenginePort: number;
  /** rtpengine's other control port, which answers questions about calls. */
  rtpengineHttpPort: number;
  /** Origins of the pages that may connect. */
  origins: readonly string[];
  domain: string;
  hookUrl: string;
  hookSecret: string;
  /** More settings of kamailio.cfg, by name; strings with their quotes. */
  settings?: Record<string, string | number>;
}

const CONFIGURATION = fileURLToPath(new URL('kamailio/kamailio.cfg', import.meta.url));

/** Kamailio, once it speaks SIP over its WebSocket and over UDP. */
export async function startKamailio(options: KamailioOptions, signal: AbortSignal): Promise<Program> {
  const { folder, verbose, onCrash, gatewayPort, trunkPort, rtpenginePort, domain, hookUrl, hookSecret } = options;
  const { certificate, key } = await makeCertificate(folder);
  const settings: Record<string, string | number> = {
    WSS_LISTEN: `tls:${HOST}:${gatewayPort}`,
    TRUNK_LISTEN: `udp:${HOST}:${trunkPort}`,
    DOMAIN: text(domain),
    CALLEE_PATTERN: text(
      `^sip:[A-Za-z0-9._+-]{1,64}@(127[.]0[.]0[.]1|${domain.replaceAll('.', '[.]')})(:[0-9]{1,5})?$`,
    ),
    HOOK_URL: text(hookUrl),
    RTPENGINE_SOCKET: text(`udp:${HOST}:${rtpenginePort}`),
    RTPENGINE_HTTP: text(`http://${HOST}:${options.rtpengineHttpPort}`),
    ORIGINS: text(options.origins.join(',')),
    TLS_CERTIFICATE: text(certificate),
    TLS_KEY: text(key),
    GATEWAY_NAME: text(`stack-${randomBytes(4).toString('hex')}`),
    ...options.settings,
  };
  const program = new Program({
    name: 'kamailio',
    command: requireProgram('kamailio', 'kamailio'),
    // In the foreground with its log on stderr; little memory, since it serves one machine's tests.
    args: ['-f', CONFIGURATION, '-DD', '-E', '-m', '64', '-M', '8', '-Y', folder, '-w', folder].concat(
      Object.entries(settings).flatMap(([name, value]) => ['-A', `${name}=${value}`]),
    ),
    env: { HOOK_SECRET: hookSecret, TOPOLOGY_KEY: randomBytes(24).toString('hex') },
    folder,
    verbose,
    onCrash,
  });
  try {
    await until('Kamailio (WSS)', () => probeWebSocket(`wss://${HOST}:${gatewayPort}/`, options.origins[0]), signal);
    await until('Kamailio (UDP)', () => probeUdpSip(trunkPort), signal);
    return program;
  } catch (error) {
    await program.stop();
    throw error;
  }
}

export interface RtpengineOptions extends Common {
  controlPort: number;
  httpPort: number;
  mediaPort: number;
  mediaPorts: number;
}

/** rtpengine in user space: no kernel module is needed, and none is touched. */
export async function startRtpengine(options: RtpengineOptions, signal: AbortSignal): Promise<Program> {
  const { folder, verbose, onCrash, controlPort, httpPort, mediaPort, mediaPorts } = options;
  const program = new Program({
    name: 'rtpengine',
    command: requireProgram('rtpengine', 'rtpengine-daemon'),
    args: [
      '--config-file=none',
      '--table=-1',
      `--interface=${MEDIA_HOST}`,
      `--listen-ng=${HOST}:${controlPort}`,
      `--listen-http=${HOST}:${httpPort}`,
      // Seconds without a packet from either side; the same where one side is on hold; the longest of all calls; and an
      // offer that nobody answered. What the gateway forgets, for whatever reason, ends here.
      '--timeout=60',
      '--silent-timeout=600',
      '--final-timeout=14460',
      '--offer-timeout=180',
      `--port-min=${mediaPort}`,
      `--port-max=${mediaPort + mediaPorts - 1}`,
      '--foreground',
      '--log-stderr',
      '--log-level=5',
      '--num-threads=2',
    ],
    folder,
    verbose,
    onCrash,
  });
  try {
    await until('rtpengine', () => probeRtpengine(controlPort), signal);
    return program;
  } catch (error) {
    await program.stop();
    throw error;
  }
}

/** A string as kamailio.cfg writes it. */
function text(value: string): string {
  return `"${value}"`;
}

import { HOST } from './ports.js';
import { probeRtpengine, until } from './probes.js';
import { Program, requireProgram, type ProgramOptions } from './processes.js';

export interface RtpengineOptions extends Pick<ProgramOptions, 'folder' | 'verbose' | 'onCrash'> {
  /** Where browsers and coturn send their sound. */
  host: string;
  /** The same over IPv6, where browsers may have nothing else. */
  host6?: string | undefined;
  controlPort: number;
  httpPort: number;
  mediaPort: number;
  mediaPorts: number;
}

/** rtpengine in user space: no kernel module is needed, and none is touched. It can be stopped, frozen and started again. */
export class Rtpengine {
  readonly #options: RtpengineOptions;
  #program: Program | undefined;

  constructor(options: RtpengineOptions) {
    this.#options = options;
  }

  get pid(): number {
    return this.#program?.pid ?? -1;
  }

  /** Resolves once it answers the gateway's questions. It knows of no call then. */
  async start(signal?: AbortSignal): Promise<void> {
    this.#program = new Program(programOf(this.#options));
    try {
      await until('rtpengine', () => probeRtpengine(this.#options.controlPort), signal);
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /** Every call's sound ends with it, and nobody is told. */
  async stop(): Promise<void> {
    await this.#program?.stop();
  }

  freeze(): void {
    this.#program?.signalAll('SIGSTOP');
  }

  thaw(): void {
    this.#program?.signalAll('SIGCONT');
  }
}

function programOf(options: RtpengineOptions): ProgramOptions {
  const { folder, verbose, onCrash, host, host6, controlPort, httpPort, mediaPort, mediaPorts } = options;
  return {
    name: 'rtpengine',
    command: requireProgram('rtpengine', 'rtpengine-daemon'),
    args: [
      '--config-file=none',
      '--table=-1',
      // Without names, and so of one: browsers are told of both, and look which they can reach.
      ...[host, ...(host6 ? [host6] : [])].map((address) => `--interface=${address}`),
      `--listen-ng=${HOST}:${controlPort}`,
      `--listen-http=${HOST}:${httpPort}`,
      // Seconds without a packet from either side; the same where one side is on hold; the longest of all calls; and an
      // offer that nobody answered. What the gateway forgets, for whatever reason, ends here.
      '--timeout=60',
      '--silent-timeout=600',
      '--final-timeout=14460',
      '--offer-timeout=180',
      // The ports of a call are free at once: those that fail must not use them up.
      '--delete-delay=0',
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
  };
}

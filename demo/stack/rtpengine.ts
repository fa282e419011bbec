import { HOST } from './ports.js';
import { probeRtpengine, until } from './probes.js';
import { Program, requireProgram, type ProgramOptions } from './processes.js';

export interface RtpengineOptions extends Pick<ProgramOptions, 'folder' | 'verbose' | 'onCrash'> {
  /** Where browsers and coturn send their sound. */
  host: string;
  controlPort: number;
  httpPort: number;
  mediaPort: number;
  mediaPorts: number;
}

/** rtpengine in user space: no kernel module is needed, and none is touched. */
export async function startRtpengine(options: RtpengineOptions, signal: AbortSignal): Promise<Program> {
  const { folder, verbose, onCrash, host, controlPort, httpPort, mediaPort, mediaPorts } = options;
  const program = new Program({
    name: 'rtpengine',
    command: requireProgram('rtpengine', 'rtpengine-daemon'),
    args: [
      '--config-file=none',
      '--table=-1',
      `--interface=${host}`,
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
  });
  try {
    await until('rtpengine', () => probeRtpengine(controlPort), signal);
    return program;
  } catch (error) {
    await program.stop();
    throw error;
  }
}

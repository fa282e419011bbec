import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CtrlTcp, type PhoneEvent } from './ctrl-tcp.js';
import type { PhoneBehaviour } from './lines.js';
import { HOST } from './ports.js';
import { probeUdpSip, until } from './probes.js';
import { Program, requireProgram, type ProgramOptions } from './processes.js';
import { Recording } from './recording.js';

export interface PhoneOptions extends Pick<ProgramOptions, 'folder' | 'verbose' | 'onCrash'> {
  name: string;
  behaviour: PhoneBehaviour;
  sipPort: number;
  controlPort: number;
  /** First of a hundred UDP ports for media. */
  mediaPort: number;
  modules: string;
}

/** A real phone on loopback: a baresip of its own, since one that is called twice mixes the calls. */
export class Phone {
  readonly name: string;
  readonly #options: PhoneOptions;
  readonly #events: PhoneEvent[] = [];
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #recording: Recording;
  #program: Program | undefined;
  #control: CtrlTcp | undefined;

  constructor(options: PhoneOptions) {
    this.name = options.name;
    this.#options = options;
    this.#recording = new Recording(join(options.folder, options.name));
  }

  get pid(): number | undefined {
    return this.#program?.pid;
  }

  async start(signal?: AbortSignal): Promise<void> {
    const { name, folder, verbose, onCrash, sipPort, controlPort } = this.#options;
    const home = join(folder, name);
    await mkdir(home, { recursive: true });
    await writeFile(join(home, 'config'), this.#configuration(home));
    // regint=0: a phone that is reached by its address registers nowhere. It answers when we tell it to.
    await writeFile(join(home, 'accounts'), `<sip:${name}@${HOST}:${sipPort}>;regint=0;answermode=manual\n`);
    await writeFile(join(home, 'contacts'), '');
    this.#program = new Program({
      name: `baresip-${name}`,
      command: requireProgram('baresip', 'baresip-core'),
      args: ['-f', home],
      folder,
      verbose,
      onCrash,
      stopSignal: 'SIGKILL',
    });
    this.#control = await until(
      `control of phone ${name}`,
      () => CtrlTcp.open(controlPort, (event) => this.#heard(event)),
      signal,
    );
    await until(`phone ${name}`, () => probeUdpSip(sipPort), signal);
  }

  /** What the phone reported since its start, or since a moment that `mark()` gave. */
  events(since = 0): PhoneEvent[] {
    return this.#events.slice(since);
  }

  mark(): number {
    return this.#events.length;
  }

  /** The key tones that arrived, in order: by RFC 4733 or by SIP INFO. */
  dtmf(since = 0): string {
    const tones = this.events(since).filter(({ type }) => type === 'CALL_DTMF_START');
    return tones.map(({ param }) => param ?? '').join('');
  }

  /** Number of calls that came in. */
  incoming(since = 0): number {
    return this.events(since).filter(({ type }) => type === 'CALL_INCOMING').length;
  }

  /** Waits for an event such as `CALL_ESTABLISHED` or `CALL_CLOSED`. */
  async waitFor(type: string, { since = 0, limitMs = 10_000 } = {}): Promise<PhoneEvent> {
    const end = Date.now() + limitMs;
    for (;;) {
      const found = this.events(since).find((event) => event.type === type);
      if (found) return found;
      if (Date.now() > end) throw new Error(`Phone ${this.name}: no ${type} within ${limitMs} ms`);
      await sleep(20);
    }
  }

  async answer(): Promise<void> {
    await this.#control?.run('accept');
  }

  async hangup(): Promise<void> {
    await this.#control?.run('hangup');
  }

  async dial(uri: string): Promise<void> {
    await this.#control?.run('dial', uri);
  }

  /** Loudness (RMS, 0 to 1) of what reaches the phone from now on, for a while. Nothing at all counts as silence. */
  async recordedEnergy(forMs = 1000): Promise<number> {
    return this.#recording.energy(forMs);
  }

  async stop(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    // A call that is open is ended as a call is ended; what cannot be told any more ends with the process.
    await Promise.race([this.hangup().catch(() => undefined), sleep(300)]);
    this.#control?.close();
    await this.#program?.stop();
  }

  #heard(event: PhoneEvent): void {
    this.#events.push(event);
    const { answerAfterMs, hangUpAfterMs } = this.#options.behaviour;
    if (event.type === 'CALL_INCOMING') {
      this.#later(answerAfterMs, () => this.answer());
    } else if (event.type === 'CALL_ESTABLISHED' && hangUpAfterMs !== undefined) {
      this.#later(hangUpAfterMs, () => this.hangup());
    }
  }

  #later(ms: number, act: () => Promise<void>): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      // The caller may have gone in the meantime, and then there is nothing to answer.
      act().catch(() => undefined);
    }, ms);
    this.#timers.add(timer);
  }

  #configuration(home: string): string {
    const { sipPort, controlPort, mediaPort, modules, behaviour } = this.#options;
    return [
      `module_path ${modules}`,
      `sip_listen ${HOST}:${sipPort}`,
      // The interface by its address: by its name, libre does not find the loopback.
      `net_interface ${HOST}`,
      `rtp_ports ${mediaPort}-${mediaPort + 98}`,
      `ctrl_tcp_listen ${HOST}:${controlPort}`,
      // aubridge: what is played on a device is what its source records, hence an echo.
      'audio_player aubridge,line',
      `audio_source aubridge,${behaviour.echo ? 'line' : 'nothing'}`,
      'audio_alert aubridge,bell',
      'ring_aufile none',
      // A ringback tone would hold the device of the call, and leave it without an echo.
      'ringback_disabled yes',
      'call_max_calls 4',
      'statmode_default off',
      // sndfile writes what is heard and said into WAV files, from which tests measure the sound.
      `snd_path ${home}`,
      ...['g711', 'aubridge', 'sndfile'].map((name) => `module ${name}.so`),
      ...['account', 'ctrl_tcp', 'menu'].map((name) => `module_app ${name}.so`),
      '',
    ].join('\n');
  }
}

/** Where the modules of baresip are: Debian keeps them beside its libraries. */
export function modulesFolder(): string {
  const prefix = dirname(dirname(requireProgram('baresip', 'baresip-core')));
  return join(prefix, 'lib', 'baresip', 'modules');
}

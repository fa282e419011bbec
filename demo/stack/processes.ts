import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

export interface ProgramOptions {
  /** What the operator calls it; also the name of its log file. */
  name: string;
  command: string;
  args: string[];
  /** Added to the environment; secrets go here, since arguments show in `ps`. */
  env?: Record<string, string>;
  folder: string;
  verbose: boolean;
  /** Told when the program ends although nobody stopped it. */
  onCrash: (error: Error) => void;
  /** What ends it. A baresip with a call open takes half a minute over a SIGTERM, so it gets SIGKILL. */
  stopSignal?: 'SIGTERM' | 'SIGKILL';
}

/** How long a program has to end by itself before it is killed. */
const STOP_LIMIT_MS = 3000;

/** A program that this process started, and that ends with it. */
export class Program {
  readonly name: string;
  readonly pid: number;
  readonly #child: ChildProcess;
  readonly #exited: Promise<void>;
  readonly #stopSignal: 'SIGTERM' | 'SIGKILL';
  #stopping = false;

  constructor(options: ProgramOptions) {
    const { name, command, args, folder, verbose, stopSignal = 'SIGTERM' } = options;
    this.name = name;
    this.#stopSignal = stopSignal;
    // setpriv asks the kernel to end the program when this process dies, even of a SIGKILL that nobody can catch.
    const setpriv = findProgram('setpriv');
    const [file, ...fileArgs] = setpriv
      ? [setpriv, '--pdeathsig', stopSignal.slice(3), '--', command, ...args]
      : [command, ...args];
    // Detached: a Ctrl-C in the terminal reaches us alone, and we end the parts in order.
    this.#child = spawn(file ?? command, fileArgs, {
      cwd: folder,
      env: { ...process.env, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    const log = createWriteStream(join(folder, `${name}.log`));
    let last = '';
    const keep = (chunk: Buffer): void => {
      log.write(chunk);
      last = `${last}${chunk}`.slice(-2000);
      if (verbose) process.stderr.write(chunk.toString().replace(/^(?=.)/gm, `[${name}] `));
    };
    this.#child.stdout?.on('data', keep);
    this.#child.stderr?.on('data', keep);
    this.#exited = new Promise((resolve) => {
      const ended = (why: string): void => {
        log.end();
        resolve();
        if (this.#stopping) return;
        this.#stopping = true;
        const words = last.trim().split('\n').slice(-3).join(' | ');
        options.onCrash(new Error(`${name} ended (${why})${words ? `: ${words}` : ''}`));
      };
      this.#child.once('error', (error) => ended(error.message));
      this.#child.once('exit', (code, signal) => ended(signal ?? `exit code ${code}`));
    });
    this.pid = this.#child.pid ?? -1;
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    this.#signal(this.#stopSignal);
    const timer = setTimeout(() => this.#signal('SIGKILL'), STOP_LIMIT_MS);
    await this.#exited;
    clearTimeout(timer);
    // The group: workers that outlived their main process.
    this.#signal('SIGKILL');
  }

  /** As when its machine loses power: nothing is put away first. */
  async kill(): Promise<void> {
    this.#stopping = true;
    this.#signal('SIGKILL');
    await this.#exited;
  }

  /** For the program and everything that it started. */
  signalAll(signal: NodeJS.Signals): void {
    if (this.pid > 0) process.kill(-this.pid, signal);
  }

  #signal(signal: NodeJS.Signals): void {
    if (this.pid <= 0) return;
    const alive = this.#child.exitCode === null && this.#child.signalCode === null;
    try {
      // Kamailio's main process ends its workers itself on SIGTERM; a SIGKILL has to reach each of them.
      process.kill(signal === 'SIGKILL' ? -this.pid : this.pid, alive || signal === 'SIGKILL' ? signal : 0);
    } catch {
      // It is gone already, which is what was wanted.
    }
  }
}

/** Full path of a program, or undefined. Daemons live in `sbin`, which is often not in a user's PATH. */
export function findProgram(name: string): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin', '/usr/bin', '/sbin'];
  return folders.map((folder) => join(folder, name)).find((file) => existsSync(file));
}

export function requireProgram(name: string, debianPackage: string): string {
  const file = findProgram(name);
  if (!file) throw new Error(`${name} was not found; on Debian or Ubuntu: apt-get install ${debianPackage}`);
  return file;
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const CLI = fileURLToPath(new URL('../../../src/server/ready/cli.ts', import.meta.url));

export const ORIGIN = 'https://shop.example';
export const CALLEE = 'sip:+254722000001@pbx.example';
export const HOOK_SECRET = 'the-secret-of-the-hook';
export const WEBHOOK_SECRET = 'the-secret-of-the-webhook';
export const SIGNING_KEY = 'a-signing-key-of-at-least-32-bytes';

/** What the tests serve, unless they say otherwise. */
export const config = {
  lines: { sales: { callee: CALLEE, maxDuration: 600 } },
  domain: 'gateway.example',
  gatewayUrl: 'wss://gateway.example/',
  allowedOrigins: [ORIGIN],
  mint: { type: 'signer', keys: [{ id: '2026-11', key: { env: 'SIGNING_KEY' } }] },
  hook: { secret: { env: 'HOOK_SECRET' } },
};

/** A command that ended. */
export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** The command, while it runs. */
export interface Running {
  pid: number;
  url: string;
  metricsUrl: string;
  /** What it has written to its log so far. */
  log(): string;
  /** Waits until its log has a line with this message. */
  says(message: string): Promise<void>;
  /** Waits until its log has this text. */
  writes(text: string): Promise<void>;
  kill(signal?: NodeJS.Signals): void;
  ended: Promise<Ended>;
}

/** A folder with a configuration, and the commands that were started in it. */
export class Workshop {
  readonly #running: Running[] = [];

  private constructor(readonly folder: string) {}

  static async open(): Promise<Workshop> {
    return new Workshop(await mkdtemp(join(tmpdir(), 'sautikit-serve-')));
  }

  async write(changes: Record<string, unknown> = {}): Promise<string> {
    const file = join(this.folder, 'lines.json');
    await writeFile(file, JSON.stringify({ ...config, ...changes }));
    return file;
  }

  /** Runs the command to its end. */
  async run(...args: string[]): Promise<Ended> {
    return await this.#start(args).ended;
  }

  /** Starts it and waits until it listens. */
  async serve(changes: Record<string, unknown> = {}, ...args: string[]): Promise<Running> {
    const file = await this.write(changes);
    const running = this.#start(['serve', '--config', file, '--port', '0', '--metrics-port', '0', ...args]);
    await running.says('listening');
    const said = running
      .log()
      .split('\n')
      .find((row) => row.includes('"listening"'))!;
    const { url, metrics } = JSON.parse(said) as { url: string; metrics: string };
    return Object.assign(running, { url, metricsUrl: metrics });
  }

  /** Ends what still runs. */
  async close(): Promise<void> {
    for (const running of this.#running) running.kill('SIGKILL');
    await Promise.all(this.#running.map(({ ended }) => ended));
    await rm(this.folder, { recursive: true });
  }

  #start(args: readonly string[]): Running {
    const child = spawn(process.execPath, ['--import', 'tsx', CLI, ...args], {
      env: { ...process.env, HOOK_SECRET, SIGNING_KEY, WEBHOOK_SECRET },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    let heard: () => void = () => undefined;
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk;
      heard();
    });
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk));
    const ended = once(child, 'close').then(([code]) => {
      heard();
      return { code: code as number | null, stdout, stderr };
    });
    const running: Running = {
      pid: child.pid!,
      url: '',
      metricsUrl: '',
      log: () => stdout,
      says: (message) => running.writes(`"msg":"${message}"`),
      async writes(text) {
        while (!stdout.includes(text)) {
          if (child.exitCode !== null) throw new Error(`It ended without writing ${text}: ${stderr}`);
          await new Promise<void>((resolve) => (heard = resolve));
        }
      },
      kill: (signal = 'SIGTERM') => void child.kill(signal),
      ended,
    };
    this.#running.push(running);
    return running;
  }
}

import assert from 'node:assert/strict';
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import puppeteer, { type Browser } from 'puppeteer-core';
import { findProgram } from '../../../demo/stack/processes.js';
import { launchOptions, type BrowserName } from '../../support/browsers.js';
import { eventually } from '../../support/visitor.js';

const run = promisify(execFile);

/** In hertz: a microphone that speaks without a pause. */
const TONE = 440;

/** A sound server of a test's own, whose microphones and speakers are plugged in and out for real. */
export class SoundServer {
  readonly #server: ChildProcess;
  readonly #folder: string;
  /** By the name of the device, what the server knows it by. */
  readonly #modules = new Map<string, string>();

  private constructor(server: ChildProcess, folder: string) {
    this.#server = server;
    this.#folder = folder;
  }

  static async start(): Promise<SoundServer> {
    const program = findProgram('pulseaudio');
    assert.ok(program, 'the program pulseaudio is there');
    const folder = await mkdtemp(join(tmpdir(), 'sautikit-sound-'));
    const protocol = `module-native-protocol-unix socket=${join(folder, 'socket')} auth-anonymous=1`;
    const server = spawn(
      program,
      ['-n', '--daemonize=no', '--exit-idle-time=-1', '-L', protocol, '-L', 'module-rescue-streams'],
      { stdio: 'ignore', env: { ...process.env, HOME: folder, XDG_RUNTIME_DIR: folder } },
    );
    await eventually('the sound server listens', () => Promise.resolve(existsSync(join(folder, 'socket'))));
    return new SoundServer(server, folder);
  }

  get env(): NodeJS.ProcessEnv {
    return { ...process.env, PULSE_SERVER: `unix:${join(this.#folder, 'socket')}` };
  }

  async plugInMicrophone(name: string): Promise<void> {
    await this.#load(
      name,
      'module-sine-source',
      `source_name=${name}`,
      `source_properties=device.description=${name}`,
      `frequency=${TONE}`,
    );
    await this.#control('set-default-source', name);
  }

  async plugInSpeaker(name: string): Promise<void> {
    await this.#load(name, 'module-null-sink', `sink_name=${name}`, `sink_properties=device.description=${name}`);
  }

  async unplug(name: string): Promise<void> {
    const module = this.#modules.get(name);
    assert.ok(module, `${name} is plugged in`);
    this.#modules.delete(name);
    await this.#control('unload-module', module);
  }

  /** Names of the speakers that something is played on. */
  async playing(): Promise<string[]> {
    const sinks = await this.#rows('sinks');
    const inputs = await this.#rows('sink-inputs');
    return inputs.map(([, sink]) => sinks.find(([index]) => index === sink)?.[1] ?? '');
  }

  async stop(): Promise<void> {
    const gone = once(this.#server, 'exit');
    this.#server.kill();
    await gone;
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #load(name: string, ...module: string[]): Promise<void> {
    this.#modules.set(name, (await this.#control('load-module', ...module)).trim());
  }

  async #rows(what: string): Promise<string[][]> {
    const lines = (await this.#control('list', 'short', what)).split('\n').filter(Boolean);
    return lines.map((line) => line.split('\t'));
  }

  async #control(...words: string[]): Promise<string> {
    return (await run('pactl', words, { env: this.env })).stdout;
  }
}

/** A browser that speaks into, and plays on, what is plugged in there. */
export function launchWithSound(name: BrowserName, sound: SoundServer): Promise<Browser> {
  const { args = [], extraPrefsFirefox, ...options } = launchOptions(name);
  return puppeteer.launch({
    ...options,
    env: sound.env,
    args: args.filter((flag) => flag !== '--use-fake-device-for-media-stream'),
    ignoreDefaultArgs: name === 'chromium' ? ['--mute-audio'] : [],
    extraPrefsFirefox: {
      ...extraPrefsFirefox,
      'media.navigator.streams.fake': false,
      // A tone that never changes is a noise to them.
      'media.getusermedia.noise_enabled': false,
      'media.getusermedia.agc_enabled': false,
      'media.getusermedia.aec_enabled': false,
    },
  });
}

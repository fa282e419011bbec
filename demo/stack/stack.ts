import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createMemoryGrantStore,
  createSigner,
  type CallEvent,
  type Lines,
  type Numbers,
} from '../../src/server/index.js';
import { createBackend, type HookMode } from './backend.js';
import { SipEndings } from './endings.js';
import { startKamailio, startRtpengine } from './gateway.js';
import { PHONES, stackLines, stackNumbers, type PhoneName } from './lines.js';
import { modulesFolder, Phone } from './phone.js';
import { HOST, takePort, takePortRange } from './ports.js';
import { probeHttp, until } from './probes.js';
import { startWebServer } from './web.js';

export interface StackOptions {
  /** Ports; 0 or nothing means any that is free. */
  ports?: { http?: number; gateway?: number; trunk?: number; rtpengine?: number };
  /** Lines beside those of lines.ts, or instead of some. */
  lines?: Lines;
  /** Numbers of the owner beside those of lines.ts, or instead of some. */
  numbers?: Numbers;
  /** Origins of the pages that get tokens. Default: the stack's own page. */
  allowedOrigins?: readonly string[];
  /** Lifetime of a token, in seconds. Default: 300. */
  tokenLifetime?: number;
  /** More settings of kamailio.cfg, such as `{ GRACE: 2 }`. */
  settings?: Record<string, string | number>;
  /** Told of answered and ended calls, as the gateway reports them. */
  onEvent?: (event: CallEvent) => void;
  /** Told when a part ends by itself while the stack runs. */
  onCrash?: (error: Error) => void;
  /** The log of every part to stderr. */
  verbose?: boolean;
  /** Ends the start, and everything that it began. */
  signal?: AbortSignal;
}

export interface StackAddresses {
  page: string;
  token_url: string;
  gateway_url: string;
  hook_url: string;
  /** Grants that may be called, as `sip:desk@<domain>`. */
  desk_token_url: string;
  /** The same for a second desk, `sip:desk2@<domain>`. */
  desk2_token_url: string;
  /** Where phones reach the gateway. */
  trunk: string;
}

export interface Stack {
  addresses: StackAddresses;
  /** The host of the SIP addresses. */
  domain: string;
  /** What the hook is asked with; for tests of the hook itself. */
  hookSecret: string;
  /** Main processes, without the web server, which is this one. */
  pids: number[];
  /** Certificate, logs and recordings; gone after `stop()`. */
  folder: string;
  endings: SipEndings;
  phone(name: PhoneName): Phone;
  /** Takes the hook away, or gives it back: tests of what happens without. */
  setHook(mode: HookMode): void;
  stop(): Promise<void>;
}

const FOLDER = 'sautikit-stack-';
const DOMAIN = 'gateway.invalid';
const MEDIA_PORTS = 400;
const PHONE_MEDIA_PORTS = 100;

/** Starts everything that a call needs, on loopback, and returns when all of it answers. */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const { ports = {}, verbose = false } = options;
  const cleanUp: (() => Promise<void> | void)[] = [];
  const crash = new AbortController();
  let running = false;
  const onCrash = (error: Error): void => {
    crash.abort(error);
    if (running) options.onCrash?.(error);
  };
  const signal = AbortSignal.any([crash.signal, ...(options.signal ? [options.signal] : [])]);

  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    running = false;
    stopped ??= (async () => {
      for (const undo of cleanUp.reverse()) await undo();
    })();
    return stopped;
  };

  try {
    signal.throwIfAborted();
    await sweep();
    const folder = await mkdtemp(join(tmpdir(), `${FOLDER}${process.pid}-`));
    cleanUp.push(() => rm(folder, { recursive: true, force: true }));
    const common = { folder, verbose, onCrash };

    const httpPort = await takePort('web server', 'tcp', ports.http);
    const gatewayPort = await takePort('gateway', 'tcp', ports.gateway);
    const trunkPort = await takePort('trunk', 'udp', ports.trunk);
    const rtpenginePort = await takePort('rtpengine control', 'udp', ports.rtpengine);
    const rtpengineHttpPort = await takePort('rtpengine questions', 'tcp');
    const phoneNames = Object.keys(PHONES) as PhoneName[];
    const mediaPort = await takePortRange(MEDIA_PORTS + PHONE_MEDIA_PORTS * phoneNames.length);

    const phones = new Map<PhoneName, Phone>();
    const phonePorts = {} as Record<PhoneName, number>;
    const modules = modulesFolder();
    for (const [index, name] of phoneNames.entries()) {
      phonePorts[name] = await takePort(`phone ${name}`, 'udp');
      const phone = new Phone({
        ...common,
        name,
        behaviour: PHONES[name],
        sipPort: phonePorts[name],
        controlPort: await takePort(`control of phone ${name}`, 'tcp'),
        mediaPort: mediaPort + MEDIA_PORTS + PHONE_MEDIA_PORTS * index,
        modules,
      });
      phones.set(name, phone);
    }
    const endings = new SipEndings();
    const endingsPort = await takePort('phones without an answer', 'udp');

    const page = `http://${HOST}:${httpPort}/`;
    const addresses: StackAddresses = {
      page,
      token_url: `${page}api/sip-token`,
      gateway_url: `wss://${HOST}:${gatewayPort}/`,
      hook_url: `${page}hook`,
      desk_token_url: `${page}api/desk-token`,
      desk2_token_url: `${page}api/desk2-token`,
      trunk: `sip:${HOST}:${trunkPort}`,
    };
    const hookSecret = randomBytes(24).toString('hex');
    const lines = { ...stackLines(phonePorts, endingsPort, DOMAIN), ...options.lines };
    const numbers = { ...stackNumbers(phonePorts), ...options.numbers };
    const { allowedOrigins, tokenLifetime, onEvent } = options;
    const backend = createBackend({
      lines,
      numbers,
      grants: createMemoryGrantStore(),
      signer: createSigner({
        key: randomBytes(32),
        ...(tokenLifetime !== undefined && { lifetime: tokenLifetime }),
      }),
      hookSecret,
      gatewayUrl: () => [addresses.gateway_url],
      domain: DOMAIN,
      ...(allowedOrigins && { allowedOrigins }),
      ...(onEvent && { onEvent }),
    });

    const started = await Promise.allSettled([
      startWebServer(httpPort, backend.handlers).then((web) => {
        cleanUp.push(() => web.stop());
      }),
      endings.listen(endingsPort).then(() => {
        cleanUp.push(() => endings.close());
      }),
      startRtpengine(
        { ...common, controlPort: rtpenginePort, httpPort: rtpengineHttpPort, mediaPort, mediaPorts: MEDIA_PORTS },
        signal,
      ).then((program) => {
        cleanUp.push(() => program.stop());
        return program.pid;
      }),
      startKamailio(
        {
          ...common,
          gatewayPort,
          trunkPort,
          rtpenginePort,
          rtpengineHttpPort,
          origins: options.allowedOrigins ?? [new URL(page).origin],
          domain: DOMAIN,
          hookUrl: addresses.hook_url,
          hookSecret,
          ...(options.settings && { settings: options.settings }),
        },
        signal,
      ).then((program) => {
        cleanUp.push(() => program.stop());
        return program.pid;
      }),
      ...[...phones.values()].map(async (phone) => {
        cleanUp.push(() => phone.stop());
        await phone.start(signal);
        return phone.pid;
      }),
    ]);
    // Only when each has come up or given up is it known what there is to end.
    const failed = started.find((result) => result.status === 'rejected');
    if (failed) throw signal.aborted ? signal.reason : failed.reason;
    await until('web server', () => probeHttp(page), signal);

    running = true;
    const pids = started.flatMap((result) =>
      result.status === 'fulfilled' && typeof result.value === 'number' ? [result.value] : [],
    );
    return {
      addresses,
      domain: DOMAIN,
      hookSecret,
      pids,
      folder,
      endings,
      phone: (name) => {
        const phone = phones.get(name);
        if (!phone) throw new Error(`There is no phone "${name}"`);
        return phone;
      },
      setHook: backend.setHook,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Removes what earlier stacks left behind that were killed before they could clean up. */
async function sweep(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const [, pid] = new RegExp(`^${FOLDER}([0-9]+)-`).exec(name) ?? [];
    if (pid !== undefined && !lives(Number(pid))) await rm(join(tmpdir(), name), { recursive: true, force: true });
  }
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, and is somebody else's.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import {
  createLimits,
  createMemoryGrantStore,
  createRedisAnswers,
  createRedisGrantStore,
  createSigner,
  createTurnCredentials,
  inTurn,
  type CallEvent,
  type CallReport,
  type Lines,
  type Numbers,
} from '../../src/server/index.js';
import { createBackend, type Backend, type HookMode } from './backend.js';
import { makeCertificate } from './certificate.js';
import { startCoturn } from './coturn.js';
import { SipEndings } from './endings.js';
import { makeFolder } from './folder.js';
import { Gateway } from './gateway.js';
import { stackLines, stackNumbers, type PhoneName } from './lines.js';
import type { Phone } from './phone.js';
import { createPhones, PHONE_MEDIA_PORTS } from './phones.js';
import { HOST, MEDIA_HOST, takePort, takePortRange } from './ports.js';
import { probeHttp, until } from './probes.js';
import { startRedis } from './redis.js';
import { Rtpengine } from './rtpengine.js';
import { startWebServer } from './web.js';

export interface StackOptions {
  /** Ports; 0 or nothing means any that is free. */
  ports?: { http?: number; gateway?: number; trunk?: number; rtpengine?: number };
  /** How many gateways there are, each with a backend of its own. More than one needs `redis`. Default: 1. */
  gateways?: number;
  /** What backends know of grants and calls is in a Redis, which they share. Default: it is in memory. */
  redis?: boolean;
  /** A coturn runs, and grants carry credentials for it. Default: browsers reach rtpengine without. */
  turn?: boolean;
  /** What grants name instead of the gateways and coturn themselves: whatever browsers find those behind. */
  named?: { gateways?: readonly string[]; turn?: readonly string[] | ((port: number) => readonly string[]) };
  /** Address of this machine where rtpengine and coturn are, for browsers in a network of their own. Default: MEDIA_HOST. */
  mediaHost?: string;
  /** The same of IPv6. Default: there is none. */
  mediaHost6?: string;
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
  /** Told of what buttons report to `/api/call-report`. */
  onReport?: (report: CallReport) => void;
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
  /** Of the first gateway and the first backend. */
  addresses: StackAddresses;
  /** All of them; `addresses` holds the first. */
  gateways: readonly Gateway[];
  /** The pages of all backends, each with its token endpoints. */
  pages: readonly string[];
  /** The host of the SIP addresses. */
  domain: string;
  /** What the hook is asked with; for tests of the hook itself. */
  hookSecret: string;
  /** What coturn and the token endpoint share; for tests of credentials that nobody should get. */
  turnSecret: string;
  /** Where coturn listens; with TLS on the port after it. None without `turn`. */
  turnPort: number | undefined;
  /** The one that all gateways share. */
  rtpengine: Rtpengine;
  /** Where rtpengine answers questions about calls (its `--listen-http`). */
  rtpengineUrl: string;
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

const DOMAIN = 'gateway.invalid';
const MEDIA_PORTS = 400;
const RELAY_PORTS = 100;
/** Allocations at a time of one session: a call and its ICE restart, over UDP, TCP and TLS. */
const TURN_QUOTA = 12;

/** Whoever calls here comes from this machine, as no visitors of a shop do: lines alone have limits. */
const FROM_ONE_ADDRESS = { soft: 1_000_000, hard: 2_000_000 };

/** Starts everything that a call needs, on loopback, and returns when all of it answers. */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const { ports = {}, verbose = false, gateways: count = 1, redis = false, named = {} } = options;
  const mediaHost = options.mediaHost ?? MEDIA_HOST;
  if (count > 1 && !redis) throw new Error('Several gateways need a Redis: a grant spent at one is spent at all');
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
    const folder = await makeFolder();
    cleanUp.push(() => rm(folder, { recursive: true, force: true }));
    const common = { folder, verbose, onCrash };

    // One after the other, and the numbers that somebody asked for are those of the first.
    const sites: { http: number; gateway: number; trunk: number }[] = [];
    for (let index = 0; index < count; index += 1) {
      const wanted = index === 0 ? ports : {};
      sites.push({
        http: await takePort('web server', 'tcp', wanted.http),
        gateway: await takePort('gateway', 'tcp', wanted.gateway),
        trunk: await takePort('trunk', 'udp', wanted.trunk),
      });
    }
    const rtpenginePort = await takePort('rtpengine control', 'udp', ports.rtpengine);
    const rtpengineHttpPort = await takePort('rtpengine questions', 'tcp');
    const mediaPort = await takePortRange(MEDIA_PORTS + PHONE_MEDIA_PORTS + RELAY_PORTS);
    const phones = await createPhones(common, mediaPort + MEDIA_PORTS);
    // The port after it is free too.
    const turnPort = options.turn ? await takePort('coturn', 'udp') : undefined;
    const turnSecret = randomBytes(24).toString('hex');
    const endings = new SipEndings();
    const endingsPort = await takePort('phones without an answer', 'udp');

    const pages = sites.map(({ http }) => `http://${HOST}:${http}/`);
    const hookSecret = randomBytes(24).toString('hex');
    const topologyKey = randomBytes(24).toString('hex');
    const certificate = await makeCertificate(folder);
    const gateways = sites.map(
      ({ gateway, trunk }, index) =>
        new Gateway({
          ...common,
          name: index === 0 ? 'kamailio' : `kamailio-${index + 1}`,
          // An address for each, as each machine has: Firefox opens one WebSocket at a time to one address, so that a
          // gateway that says nothing would hold up the next (RFC 6455 section 4.1).
          host: `127.0.0.${index + 1}`,
          gatewayPort: gateway,
          trunkPort: trunk,
          rtpenginePort,
          rtpengineHttpPort,
          certificate,
          origins: options.allowedOrigins ?? pages.map((page) => new URL(page).origin),
          domain: DOMAIN,
          hookUrl: `${pages[index]}hook`,
          hookSecret,
          topologyKey,
          ...(options.settings && { settings: options.settings }),
        }),
    );

    const shared = redis ? await startRedis({ ...common, port: await takePort('Redis', 'tcp') }, signal) : undefined;
    if (shared) cleanUp.push(() => shared.stop());
    const { allowedOrigins, tokenLifetime, onEvent, onReport } = options;
    const signingKey = randomBytes(32);
    const backends: Backend[] = pages.map(() =>
      createBackend({
        lines: { ...stackLines(phones.ports, endingsPort, DOMAIN), ...options.lines },
        numbers: { ...stackNumbers(phones.ports), ...options.numbers },
        grants: shared ? createRedisGrantStore({ client: shared.client }) : createMemoryGrantStore(),
        ...(shared && { answers: createRedisAnswers({ client: shared.client }) }),
        limits: createLimits({ address: FROM_ONE_ADDRESS, ...(shared && { redis: shared.client }) }),
        signer: createSigner({ key: signingKey, ...(tokenLifetime !== undefined && { lifetime: tokenLifetime }) }),
        hookSecret,
        gatewayUrl: inTurn([...(named.gateways ?? gateways.map(({ url }) => url))]),
        domain: DOMAIN,
        ...(turnPort !== undefined && {
          iceServers: createTurnCredentials({
            secret: turnSecret,
            urls: [
              ...((typeof named.turn === 'function' ? named.turn(turnPort) : named.turn) ?? [
                `turn:${mediaHost}:${turnPort}?transport=udp`,
                `turn:${mediaHost}:${turnPort}?transport=tcp`,
                `turns:${mediaHost}:${turnPort + 1}?transport=tcp`,
              ]),
            ],
          }),
        }),
        ...(allowedOrigins && { allowedOrigins }),
        ...(onEvent && { onEvent }),
        ...(onReport && { onReport }),
      }),
    );

    const rtpengine = new Rtpengine({
      ...common,
      host: mediaHost,
      host6: options.mediaHost6,
      controlPort: rtpenginePort,
      httpPort: rtpengineHttpPort,
      mediaPort,
      mediaPorts: MEDIA_PORTS,
    });

    const started = await Promise.allSettled([
      ...backends.map(async ({ handlers }, index) => {
        const web = await startWebServer(sites[index]!.http, handlers);
        cleanUp.push(() => web.stop());
      }),
      endings.listen(endingsPort).then(() => {
        cleanUp.push(() => endings.close());
      }),
      ...(turnPort === undefined
        ? []
        : [
            startCoturn(
              {
                ...common,
                host: mediaHost,
                host6: options.mediaHost6,
                port: turnPort,
                tlsPort: turnPort + 1,
                relayPort: mediaPort + MEDIA_PORTS + PHONE_MEDIA_PORTS,
                relayPorts: RELAY_PORTS,
                certificate,
                realm: DOMAIN,
                secret: turnSecret,
                userQuota: TURN_QUOTA,
              },
              signal,
            ).then((program) => {
              cleanUp.push(() => program.stop());
              return program.pid;
            }),
          ]),
      ...[rtpengine, ...gateways, ...phones.all].map(async (part) => {
        cleanUp.push(() => part.stop());
        await part.start(signal);
        return part.pid;
      }),
    ]);
    // Only when each has come up or given up is it known what there is to end.
    const failed = started.find((result) => result.status === 'rejected');
    if (failed) throw signal.aborted ? signal.reason : failed.reason;
    for (const page of pages) await until('web server', () => probeHttp(page), signal);

    running = true;
    const pids = started.flatMap((result) =>
      result.status === 'fulfilled' && typeof result.value === 'number' ? [result.value] : [],
    );
    const [page = ''] = pages;
    const [gateway] = gateways;
    return {
      addresses: {
        page,
        token_url: `${page}api/sip-token`,
        gateway_url: gateway?.url ?? '',
        hook_url: `${page}hook`,
        desk_token_url: `${page}api/desk-token`,
        desk2_token_url: `${page}api/desk2-token`,
        trunk: gateway?.trunk ?? '',
      },
      gateways,
      pages,
      domain: DOMAIN,
      hookSecret,
      turnSecret,
      turnPort,
      rtpengine,
      rtpengineUrl: `http://${HOST}:${rtpengineHttpPort}`,
      pids: shared ? [shared.pid, ...pids] : pids,
      folder,
      endings,
      phone: phones.find,
      setHook: (mode) => {
        for (const backend of backends) backend.setHook(mode);
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { modulesFolder, Phone } from '../../../demo/stack/phone.js';
import { HOST, takePort, takePortRange } from '../../../demo/stack/ports.js';
import { startStack } from '../../../demo/stack/stack.js';
import { DelayProxy } from './delay-proxy.js';
import { openDeadStun } from './dead-stun.js';
import type { Condition, Options } from './options.js';
import { openSite } from './site.js';
import { LINE } from './systems.js';

/** Everything that a call of the benchmark goes through, but the browser. */
export interface Workbench {
  /** Origin of the pages. */
  origin: string;
  phone: Phone;
  /** Round trip and STUN server of the calls from now on. */
  set(condition: Condition): void;
  close(): Promise<void>;
}

/** As many ports as a phone may use for its media. */
const PHONE_PORTS = 100;

/** No call is refused for there being many of them. */
const UNLIMITED = { HANDSHAKES_A_MINUTE: 0, INVITES_A_MINUTE: 0, MESSAGES_IN_10_S: 1_000_000 };

export async function openWorkbench({ dist }: Pick<Options, 'dist'>, signal: AbortSignal): Promise<Workbench> {
  const undo: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const one of undo.splice(0).reverse()) await one();
  };
  try {
    const page = await DelayProxy.open();
    undo.push(() => page.close());
    const gateway = await DelayProxy.open();
    undo.push(() => gateway.close());
    const dead = await openDeadStun();
    undo.push(() => dead.close());

    const origin = `http://${HOST}:${page.port}`;
    const folder = await mkdtemp(join(tmpdir(), 'sautikit-bench-call-'));
    undo.push(() => rm(folder, { recursive: true, force: true }));
    const sipPort = await takePort('phone of the benchmark', 'udp');
    const phone = new Phone({
      name: LINE,
      // A ringing, and at once the answer.
      behaviour: { answerAfterMs: 0, echo: true },
      sipPort,
      controlPort: await takePort('control of the phone', 'tcp'),
      mediaPort: await takePortRange(PHONE_PORTS),
      modules: modulesFolder(),
      folder,
      verbose: false,
      onCrash: (error) => {
        throw error;
      },
    });
    undo.push(() => phone.stop());
    await phone.start(signal);

    const stack = await startStack({
      lines: { [LINE]: { callee: `sip:${LINE}@${HOST}:${sipPort}`, callerId: '+254700000001' } },
      allowedOrigins: [origin],
      settings: UNLIMITED,
      turn: true,
      signal,
    });
    undo.push(() => stack.stop());
    gateway.leadTo(Number(new URL(stack.addresses.gateway_url).port));

    const alive = await stunOf(stack.addresses.token_url, origin);
    let stun = alive;
    const site = await openSite({
      dist,
      tokenUrl: stack.addresses.token_url,
      gatewayUrl: `wss://${HOST}:${gateway.port}/`,
      iceServers: () => [{ urls: stun }],
    });
    undo.push(() => site.close());
    page.leadTo(site.port);

    return {
      origin,
      phone,
      set(condition) {
        page.roundTrip = gateway.roundTrip = condition.rtt;
        stun = condition.stun === 'dead' ? dead.url : alive;
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The stack's coturn as a STUN server, which it is for anybody; grants name it as a relay. */
async function stunOf(tokenUrl: string, origin: string): Promise<string> {
  const answer = await fetch(tokenUrl, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Origin: origin },
    body: JSON.stringify({ line: LINE }),
  });
  const grant = (await answer.json()) as { ice_servers?: { urls: string | string[] }[] };
  const [url = ''] = grant.ice_servers?.flatMap(({ urls }) => urls) ?? [];
  const [, server] = /^turn:([^?]+)/.exec(url) ?? [];
  if (server === undefined) throw new Error(`No TURN server in the grant: ${JSON.stringify(grant)}`);
  return `stun:${server}`;
}

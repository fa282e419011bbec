import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Gateway } from '../../demo/stack/gateway.js';
import { HOST, takePort } from '../../demo/stack/ports.js';
import { probeUdpSip, probeWebSocket, until } from '../../demo/stack/probes.js';
import { Program, requireProgram } from '../../demo/stack/processes.js';
import { writeVariant, type Without } from './gateway-variants.js';

/** Something that calls go through. */
export interface Target {
  url: string;
  pid: number;
  stop(): Promise<void>;
}

/** What all targets share. */
export interface Surroundings {
  folder: string;
  certificate: { certificate: string; key: string };
  callee: string;
  hookUrl: string;
  rtpenginePort: number;
  rtpengineHttpPort: number;
}

/** A relay that does nothing but relay. */
export async function startRelay({ folder, certificate, callee }: Surroundings): Promise<Target> {
  const port = await takePort('relay', 'tcp');
  const trunkPort = await takePort('relay trunk', 'udp');
  const settings = {
    WSS_LISTEN: `tls:${HOST}:${port}`,
    TRUNK_LISTEN: `udp:${HOST}:${trunkPort}`,
    TLS_CERTIFICATE: `"${certificate.certificate}"`,
    TLS_KEY: `"${certificate.key}"`,
    CALLEE: `"${callee}"`,
  };
  const configuration = fileURLToPath(new URL('plain-relay.cfg', import.meta.url));
  const program = new Program({
    name: 'relay',
    command: requireProgram('kamailio', 'kamailio'),
    args: ['-f', configuration, '-DD', '-E', '-m', '256', '-M', '8', '-Y', folder, '-w', folder].concat(
      Object.entries(settings).flatMap(([name, value]) => ['-A', `${name}=${value}`]),
    ),
    folder,
    verbose: false,
    onCrash,
  });
  const url = `wss://${HOST}:${port}/`;
  await until('relay (UDP)', () => probeUdpSip(trunkPort));
  await until('relay (WSS)', () => probeWebSocket(url, undefined));
  return { url, pid: program.pid, stop: () => program.stop() };
}

export async function startGateway(name: string, without: Without, surroundings: Surroundings): Promise<Target> {
  const folder = join(surroundings.folder, name);
  const gateway = new Gateway({
    ...surroundings,
    name,
    configuration: await writeVariant(folder, without),
    folder,
    verbose: false,
    onCrash,
    host: HOST,
    gatewayPort: await takePort(name, 'tcp'),
    trunkPort: await takePort(name, 'udp'),
    origins: [],
    domain: 'gateway.invalid',
    hookSecret: 'secret',
    topologyKey: randomBytes(24).toString('hex'),
    settings: { HANDSHAKES_A_MINUTE: 0, INVITES_A_MINUTE: 0, MESSAGES_IN_10_S: 1_000_000, HOOK_QUEUE: 200 },
  });
  await gateway.start();
  return { url: gateway.url, pid: gateway.pid, stop: () => gateway.stop() };
}

/** A part that ends by itself makes every figure worthless. */
export function onCrash(error: Error): never {
  throw error;
}

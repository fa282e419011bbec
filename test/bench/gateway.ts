/**
 * How many calls a second the gateway sets up, with the hook and every rule, beside a plain relay of the same Kamailio under
 * the same load. Not a test: it asserts nothing, and other programs on the machine show in its figures. The driver, the hook
 * and the phone are this process, and share the processors with what is measured.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeCertificate } from '../../demo/stack/certificate.js';
import { HOST, takePort } from '../../demo/stack/ports.js';
import { probeUdpSip, probeWebSocket, until } from '../../demo/stack/probes.js';
import { Program, requireProgram } from '../../demo/stack/processes.js';
import { startStack } from '../../demo/stack/stack.js';
import { startHook } from '../stack/hook-stand-in.js';
import { FarPhone, phoneAnswer } from '../stack/far-phone.js';
import { headerOf, headersOf, SipClient, webrtcOffer, type Reachable } from '../stack/sip-client.js';

const ROUNDS = 5;
const CALLS = 400;
const SOCKETS = 4;
/** At a time, over each socket. */
const CALLS_OF_SOCKET = 5;

interface Round {
  perSecond: number;
  /** Half of the calls were answered within this time, and 99 of 100 within that, in milliseconds. */
  p50: number;
  p99: number;
  failed: number;
}

const median = (values: number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

/** One call: INVITE, 200, ACK, BYE, 200. Returns how long the answer took. */
async function call(client: SipClient): Promise<number | undefined> {
  const began = performance.now();
  const { callId, fromTag } = client.request('INVITE', { token: 'token', body: webrtcOffer() });
  const answer = await client.final(callId, '1 INVITE', 20_000);
  const took = performance.now() - began;
  if (answer.status !== 200) return undefined;
  const within = {
    uri: /<([^>]+)>/.exec(headerOf(answer, 'contact'))?.[1] ?? '',
    to: headerOf(answer, 'to'),
    headers: headersOf(answer, 'record-route')
      .map((route) => `Route: ${route}`)
      .reverse(),
    callId,
    fromTag,
    contact: '',
  };
  client.request('ACK', within);
  client.request('BYE', { ...within, cseq: 2 });
  await client.final(callId, '2 BYE', 20_000);
  return took;
}

async function round(target: Reachable): Promise<Round> {
  const clients = await Promise.all(Array.from({ length: SOCKETS }, () => SipClient.open(target)));
  const times: number[] = [];
  let failed = 0;
  let left = CALLS;
  const began = performance.now();
  const caller = async (client: SipClient): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const took = await call(client).catch(() => undefined);
      if (took === undefined) failed += 1;
      else times.push(took);
      // What was said of calls that are over is looked through no more.
      client.messages.splice(0, Math.max(0, client.messages.length - 40));
    }
  };
  await Promise.all(clients.flatMap((client) => Array.from({ length: CALLS_OF_SOCKET }, () => caller(client))));
  const seconds = (performance.now() - began) / 1000;
  for (const client of clients) client.close();
  times.sort((a, b) => a - b);
  const at = (share: number): number => times[Math.floor(times.length * share)] ?? NaN;
  return { perSecond: times.length / seconds, p50: at(0.5), p99: at(0.99), failed };
}

/** A relay that does nothing but relay. */
async function startRelay(folder: string, callee: string): Promise<{ target: Reachable; program: Program }> {
  const { certificate, key } = await makeCertificate(folder);
  const port = await takePort('relay', 'tcp');
  const trunkPort = await takePort('relay trunk', 'udp');
  const settings = {
    WSS_LISTEN: `tls:${HOST}:${port}`,
    TRUNK_LISTEN: `udp:${HOST}:${trunkPort}`,
    TLS_CERTIFICATE: `"${certificate}"`,
    TLS_KEY: `"${key}"`,
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
    onCrash: (error) => {
      throw error;
    },
  });
  await until('relay (UDP)', () => probeUdpSip(trunkPort));
  await until('relay (WSS)', () => probeWebSocket(`wss://${HOST}:${port}/`, undefined));
  const addresses = { page: `http://${HOST}/`, token_url: '', gateway_url: `wss://${HOST}:${port}/` };
  return { target: { addresses }, program };
}

const folder = await mkdtemp(join(tmpdir(), 'sautikit-bench-'));
const hook = await startHook();
const phone = await FarPhone.open();
phone.answers = phoneAnswer();
const callee = phone.address('agent');
hook.onCall = () => ({ status: 200, body: { callee, caller_id: '+254700000001', sid: 'session', expires: 300 } });
const unlimited = { HANDSHAKES_A_MINUTE: 0, INVITES_A_MINUTE: 0, MESSAGES_IN_10_S: 1_000_000, HOOK_QUEUE: 200 };
const stack = await startStack({ settings: { HOOK_URL: `"${hook.url}"`, ...unlimited } });
const relay = await startRelay(folder, callee);

try {
  const targets = { 'plain relay': relay.target, 'gateway with the hook': stack };
  const rounds = new Map<string, Round[]>();
  for (let index = 0; index <= ROUNDS; index += 1) {
    for (const [name, target] of Object.entries(targets)) {
      const measured = await round(target);
      phone.received.length = 0;
      hook.asked.length = 0;
      // The first of each warms up.
      if (index > 0) rounds.set(name, [...(rounds.get(name) ?? []), measured]);
    }
  }
  console.log(
    `${cpus().length} processors, Node.js ${process.version}; ${ROUNDS} rounds of ${CALLS} calls in turn, medians`,
  );
  const figure = (name: string, of: (round: Round) => number): number => median((rounds.get(name) ?? []).map(of));
  for (const name of Object.keys(targets)) {
    const [speed, p50, p99] = [
      figure(name, (r) => r.perSecond),
      figure(name, (r) => r.p50),
      figure(name, (r) => r.p99),
    ];
    const failed = (rounds.get(name) ?? []).reduce((sum, one) => sum + one.failed, 0);
    console.log(
      `${name.padEnd(22)} ${speed.toFixed(0).padStart(5)} calls/s   answered in ${p50.toFixed(0)} ms (p50), ${p99.toFixed(0)} ms (p99)   ${failed} failed`,
    );
  }
  const ratios = (rounds.get('gateway with the hook') ?? []).map(
    ({ perSecond }, index) => perSecond / (rounds.get('plain relay')?.[index]?.perSecond ?? NaN),
  );
  console.log(`ratio ${median(ratios).toFixed(2)} (${ratios.map((ratio) => ratio.toFixed(2)).join(' ')})`);
} finally {
  await stack.stop();
  await relay.program.stop();
  await hook.stop();
  phone.close();
  await rm(folder, { recursive: true, force: true });
}

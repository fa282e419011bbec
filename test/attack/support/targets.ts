import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { WebSocket } from 'ws';
import { startGateway } from '../../../demo/gateway/gateway.js';
import { startStack, type Stack } from '../../../demo/stack/stack.js';
import type { DialRules, Lines } from '../../../src/server/index.js';
import { fetchGrant } from '../../stack/sip-client.js';
import type { TurnServer } from '../../stack/turn-client.js';
import { Backend, SUBJECT_HEADER } from './backend.js';
import { CALLEE_MARK, FarEnd } from './far-end.js';

const HOST = '127.0.0.1';
export const DOMAIN = 'gateway.invalid';
/** The page that may call. */
export const SHOP = 'https://shop.example';
export const CALLER_ID = '+254700000001';

export type TargetName = 'kamailio' | 'embedded';

export interface TargetOptions {
  /** Lines beside the usual ones; a callee is the last part of a far user, such as `answers`. */
  lines?: Lines;
  dial?: DialRules;
  /** Users of the far side beside those of the lines. */
  users?: readonly string[];
  /** How long the embedded gateway lets a call ring. */
  ringSeconds?: number;
  /** How long it keeps a connection that nothing good came over. */
  idleSeconds?: number;
  /** Any page may connect, so that it is the hook which finds out that a token is another page’s. */
  anyPage?: boolean;
  /** With a TURN server, which only the real stack has. */
  turn?: boolean;
  /** More settings of kamailio.cfg. */
  settings?: Record<string, string | number>;
}

/** A system under attack: a gateway, the backend that decides, and the far side that must be reached by nobody else. */
export interface Target {
  name: TargetName;
  addresses: { page: string; gateway_url: string; token_url: string };
  backend: Backend;
  far: FarEnd;
  hookSecret: string;
  /** What makes credentials of the TURN server, and a grant’s own. */
  turn?: { secret: string; granted(): Promise<TurnServer> };
  /** Of the gateway towards phones. */
  trunkPort?: number;
  /** The address that the hook names for a far user. */
  callee(name: string): string;
  stop(): Promise<void>;
}

/** What can be called, by how the far side takes it. */
function linesOf(callee: (name: string) => string, more: Lines = {}): Lines {
  const callerId = CALLER_ID;
  return {
    busy: { callee: callee('busy'), callerId },
    rings: { callee: callee('rings'), callerId },
    answers: { callee: callee('answers'), callerId },
    scripted: { callee: callee('scripted'), callerId },
    brief: { callee: callee('answers'), callerId, maxDuration: 3 },
    mute: { callee: callee('answers'), callerId, dtmf: false },
    anonymous: { callee: callee('busy') },
    ...Object.fromEntries(
      Object.entries(more).map(
        ([name, line]) =>
          [name, { ...line, callee: line.callee.startsWith('sip:') ? line.callee : callee(line.callee) }] as const,
      ),
    ),
  };
}

export async function startTarget(name: TargetName, options: TargetOptions): Promise<Target> {
  return name === 'kamailio' ? await startKamailioTarget(options) : await startEmbeddedTarget(options);
}

async function startKamailioTarget({
  lines,
  dial,
  settings,
  turn = false,
  anyPage = false,
}: TargetOptions): Promise<Target> {
  const phone = await FarEnd.udp(HOST);
  const backend = await Backend.listen(HOST);
  const stopHalf = async (): Promise<void> => {
    await backend.stop();
    phone.close();
  };
  const starting = startStack({
    allowedOrigins: [SHOP],
    turn,
    settings: {
      HOOK_URL: `"${backend.url}/hook"`,
      // All thieves of a group come from one address, many in a second. The flood is an attack of its own, elsewhere.
      ...{ HANDSHAKES_A_MINUTE: 0, REGISTERS_A_MINUTE: 0, INVITES_A_MINUTE: 0 },
      ...(anyPage && { ORIGINS: '""' }),
      ...settings,
    },
  });
  const stack = await starting.catch((error: unknown) => stopHalf().then(() => Promise.reject(error)));
  const trunkPort = Number(stack.addresses.trunk.split(':').at(-1));
  phone.reach(trunkPort);
  const callee = (user: string): string => `sip:${CALLEE_MARK}-${user}@${HOST}:${phone.port}`;
  const { gateway_url } = stack.addresses;
  backend.configure({
    lines: linesOf(callee, lines),
    dial: dial && { ...dial, domain: `${HOST}:${phone.port}` },
    domain: stack.domain,
    gatewayUrl: gateway_url,
    origin: SHOP,
    hookSecret: stack.hookSecret,
  });
  return {
    name: 'kamailio',
    addresses: { page: `${SHOP}/`, gateway_url, token_url: `${backend.url}/api/sip-token` },
    backend,
    far: phone.far,
    hookSecret: stack.hookSecret,
    trunkPort,
    turn: { secret: stack.turnSecret, granted: () => turnServerOf(stack) },
    callee,
    async stop() {
      await stack.stop();
      await stopHalf();
    },
  };
}

/** What a grant says of the TURN server. */
async function turnServerOf({ addresses }: Stack): Promise<TurnServer> {
  const grant = (await fetchGrant({ addresses: { ...addresses, page: SHOP } }, 'sales')) as unknown as {
    ice_servers: [{ urls: string[]; username: string; credential: string }];
  };
  const [{ urls, username, credential }] = grant.ice_servers;
  const [, host = '', port = ''] = /^turn:([^:]+):(\d+)\?transport=udp$/.exec(urls[0] ?? '') ?? [];
  return { host, port: Number(port), username, credential };
}

async function startEmbeddedTarget({
  lines,
  dial,
  ringSeconds: ringTimeout = 60,
  idleSeconds: idleTime = 60,
  anyPage = false,
  users: more = [],
}: TargetOptions): Promise<Target> {
  const backend = await Backend.listen(HOST);
  const hookSecret = randomBytes(24).toString('hex');
  const server = createServer();
  const gateway = startGateway({
    server,
    hook: (request) => backend.hook(request),
    secret: hookSecret,
    domain: DOMAIN,
    ringTimeout,
    idleTime,
    ...(!anyPage && { allowedOrigins: [SHOP] }),
    // As above; the desk, too, says more than a browser does.
    floodLimits: { handshakes: 1e6, registers: 1e6, invites: 1e6, messages: 1000 },
  });
  server.listen(0, HOST);
  await once(server, 'listening');
  const gatewayUrl = gateway.url.replace('localhost', HOST);
  const callee = (user: string): string => `sip:${CALLEE_MARK}-${user}@${DOMAIN}`;
  const all = linesOf(callee, lines);
  backend.configure({
    lines: all,
    dial: dial && { ...dial, domain: DOMAIN },
    domain: DOMAIN,
    gatewayUrl,
    origin: SHOP,
    hookSecret,
  });

  const desk = new WebSocket(gatewayUrl, 'sip', { origin: SHOP });
  await once(desk, 'open');
  const deskHost = `${randomBytes(6).toString('hex')}.invalid`;
  const far = FarEnd.webSocket((text) => desk.send(text), deskHost);
  const called = Object.values(all).map((line) => line.callee.replace(/^sip:|@.*/g, ''));
  const users = new Set([...called.filter((user) => user.startsWith(CALLEE_MARK)), ...more]);
  for (const user of users) {
    const token = await grantOf(`${backend.url}/api/desk-token`, SHOP, { [SUBJECT_HEADER]: user });
    await registerDesk(desk, user, deskHost, token);
  }
  desk.on('message', (data: Buffer) => far.receive(data.toString()));
  return {
    name: 'embedded',
    addresses: { page: `${SHOP}/`, gateway_url: gatewayUrl, token_url: `${backend.url}/api/sip-token` },
    backend,
    far,
    hookSecret,
    callee,
    async stop() {
      desk.terminate();
      await gateway.stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await backend.stop();
    },
  };
}

/** A grant of some endpoint, as a page of the owner gets it. */
export async function grantOf(
  url: string,
  origin: string,
  headers: Record<string, string> = {},
  body: unknown = {},
): Promise<string> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { Origin: origin, ...headers },
    body: JSON.stringify(body),
  });
  const answer = (await response.json()) as { token?: string; error?: string };
  if (answer.token === undefined) throw new Error(`No token: ${response.status} ${answer.error ?? ''}`);
  return answer.token;
}

async function registerDesk(desk: WebSocket, user: string, host: string, token: string): Promise<void> {
  const address = `<sip:${user}@${DOMAIN}>`;
  const answered = once(desk, 'message');
  desk.send(
    [
      `REGISTER sip:${DOMAIN} SIP/2.0`,
      `Via: SIP/2.0/WS ${host};branch=z9hG4bK${randomBytes(6).toString('hex')}`,
      'Max-Forwards: 70',
      `From: ${address};tag=desk`,
      `To: ${address}`,
      `Call-ID: ${randomBytes(8).toString('hex')}`,
      'CSeq: 1 REGISTER',
      `Contact: <sip:${user}@${host};transport=ws>`,
      `Authorization: Bearer ${token}`,
      'Content-Length: 0',
      '',
      '',
    ].join('\r\n'),
  );
  const [data] = (await answered) as [Buffer];
  if (!data.toString().startsWith('SIP/2.0 200')) throw new Error(`The desk is not registered: ${data.toString()}`);
}

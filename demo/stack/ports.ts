import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import { networkInterfaces } from 'node:os';

export const HOST = '127.0.0.1';

/**
 * Where browsers send their sound: an address of this machine that others could reach, where it has one. Firefox pairs no
 * address of its own with a loopback one, so that it sends not one ICE check to it.
 */
export const MEDIA_HOST =
  Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .find(({ family, internal, address }) => family === 'IPv4' && !internal && !address.startsWith('169.254.'))
    ?.address ?? HOST;

type Transport = 'tcp' | 'udp';

/**
 * Where free ports are looked for: below those that the system gives to whoever connects somewhere meanwhile. Each process
 * looks in a share of its own: a port that is free for one may be the one that another is about to listen on.
 */
const SHARES = 8;
const FREE = { first: 10_000, count: 740 } as const;
const MEDIA = { first: 16_000, count: 2_000 } as const;
/** Browsers and Node's `fetch` connect to no such port of that share (Fetch standard, "port blocking"). */
const BLOCKED: ReadonlySet<number> = new Set([10_080]);
/** The first of as many ports as there are shares: who listens on one of them has its share. */
const GUARDS = 15_960;
const ATTEMPTS = 50;

let share: Promise<number> | undefined;

async function takeShare(): Promise<number> {
  for (let number = 0; number < SHARES; number += 1) {
    const guard = createServer();
    const took = await new Promise<boolean>((resolve) => {
      guard.once('error', () => resolve(false));
      guard.listen(GUARDS + number, HOST, () => resolve(true));
    });
    // For as long as this process lives, which it does not for this.
    if (took) guard.unref();
    if (took) return number;
  }
  throw new Error(`${SHARES} stacks run on this machine already`);
}

/** Given out already; nobody may listen there yet. */
const taken = new Set<number>();

/**
 * A port that can be listened on.
 * @param wanted 0: any that is free.
 * @throws Error one line that names the port, when it is taken
 */
export async function takePort(name: string, transport: Transport, wanted = 0): Promise<number> {
  if (wanted === 0) return takeFreePort(name);
  try {
    taken.add(await (transport === 'tcp' ? tryTcp(wanted) : tryUdp(wanted)));
    return wanted;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const why = code === 'EADDRINUSE' ? 'is in use' : `cannot be used: ${code}`;
    throw new Error(`Port ${wanted} (${name}, ${transport.toUpperCase()}) ${why}`, { cause: error });
  }
}

/** A SIP phone listens by UDP and TCP, and by TLS on the port after its own; so all of them must be free. */
async function takeFreePort(name: string): Promise<number> {
  const first = FREE.first + FREE.count * (await (share ??= takeShare()));
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const port = first + 2 * Math.floor(Math.random() * (FREE.count / 2));
    if (taken.has(port) || BLOCKED.has(port)) continue;
    taken.add(port);
    const tries = [tryTcp(port), tryTcp(port + 1), tryUdp(port), tryUdp(port + 1)];
    if ((await Promise.allSettled(tries)).every(({ status }) => status === 'fulfilled')) return port;
  }
  throw new Error(`No free port for ${name}`);
}

/** First port of `count` UDP ports in a row, of which none is in use right now. */
export async function takePortRange(count: number): Promise<number> {
  const own = MEDIA.first + MEDIA.count * (await (share ??= takeShare()));
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const first = own + 2 * Math.floor(Math.random() * ((MEDIA.count - count) / 2));
    const samples = [first, first + count / 2, first + count - 1].map(Math.floor);
    const free = await Promise.all(
      samples.map((port) =>
        Promise.all([...new Set([HOST, MEDIA_HOST])].map((host) => tryUdp(port, host))).then(
          () => true,
          () => false,
        ),
      ),
    );
    if (free.every(Boolean)) return first;
  }
  throw new Error(`No ${count} free UDP ports in a row for media`);
}

function tryTcp(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, HOST, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : port));
    });
  });
}

function tryUdp(port: number, host = HOST): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = createSocket('udp4');
    socket.once('error', (error) => {
      socket.close();
      reject(error);
    });
    socket.bind(port, host, () => {
      const { port: bound } = socket.address();
      socket.close(() => resolve(bound));
    });
  });
}

import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';

export const HOST = '127.0.0.1';

type Transport = 'tcp' | 'udp';

/** Given out already; nobody may listen yet, so that the system would give the same port once more. */
const taken = new Set<number>();

/**
 * A port that can be listened on.
 * @param wanted 0: any that is free.
 * @throws Error one line that names the port, when it is taken
 */
export async function takePort(name: string, transport: Transport, wanted = 0): Promise<number> {
  try {
    for (;;) {
      const port = await (transport === 'tcp' ? tryTcp(wanted) : tryUdp(wanted));
      // A baresip also takes the port after its own, for TLS.
      const near = taken.has(port - 1) || taken.has(port) || taken.has(port + 1);
      if (wanted !== 0 || !near) {
        taken.add(port);
        return port;
      }
    }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'EADDRINUSE')
      throw new Error(`Port ${wanted} (${name}, ${transport.toUpperCase()}) is in use`, { cause: error });
    throw new Error(`Port ${wanted} (${name}, ${transport.toUpperCase()}) cannot be used: ${code}`, { cause: error });
  }
}

/** First port of `count` UDP ports in a row, of which none is in use right now. Below those that the system gives out. */
export async function takePortRange(count: number): Promise<number> {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const first = 16_000 + 2 * Math.floor(Math.random() * ((32_000 - 16_000 - count) / 2));
    const samples = [first, first + count / 2, first + count - 1].map(Math.floor);
    const free = await Promise.all(
      samples.map((port) =>
        tryUdp(port).then(
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

function tryUdp(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = createSocket('udp4');
    socket.once('error', (error) => {
      socket.close();
      reject(error);
    });
    socket.bind(port, HOST, () => {
      const { port: bound } = socket.address();
      socket.close(() => resolve(bound));
    });
  });
}

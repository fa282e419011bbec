import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { HOST } from '../../../demo/stack/ports.js';

/**
 * A TCP relay that holds every byte back for half a round trip, in each direction, keeps the order, and limits no bandwidth.
 * The handshake of TCP itself is not held back, since the kernel answers it: a connection that is opened late costs one
 * round trip more on a real network than here.
 */
export class DelayProxy {
  /** Milliseconds of round trip for connections from now on. */
  roundTrip = 0;
  readonly port: number;
  readonly #server: ReturnType<typeof createServer>;
  readonly #sockets = new Set<Socket>();
  #target: number | undefined;

  private constructor(server: ReturnType<typeof createServer>) {
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
    server.on('connection', (near) => this.#join(near));
  }

  static async open(): Promise<DelayProxy> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, HOST, resolve));
    return new DelayProxy(server);
  }

  /** The port that connections from now on go to. */
  leadTo(port: number): void {
    this.#target = port;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #join(near: Socket): void {
    if (this.#target === undefined) return void near.destroy();
    const far = connect(this.#target, HOST);
    const half = this.roundTrip / 2;
    carry(near, far, half);
    carry(far, near, half);
    for (const socket of [near, far]) {
      // Nagle would add a wait of its own to small messages.
      socket.setNoDelay(true);
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    }
  }
}

function carry(from: Socket, to: Socket, ms: number): void {
  // Timers of the same length fire in the order in which they were set.
  const later = (act: () => void): void => {
    if (ms === 0) act();
    else setTimeout(act, ms).unref();
  };
  from.on('data', (chunk: Buffer) => later(() => to.writable && to.write(chunk)));
  from.on('end', () => later(() => to.end()));
  // A connection that broke ends at the other side too.
  from.on('error', () => undefined);
  from.on('close', () => later(() => to.destroy()));
}

import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { HOST } from '../../demo/stack/ports.js';

/** A longer way to a server of this machine: opening a connection takes one round trip, each direction half of one. */
export async function openFarLink(port: number, roundTripMs: number): Promise<{ port: number; close(): void }> {
  const open = new Set<Socket>();
  const carry = (from: Socket, to: Socket, firstAfterMs: number): void => {
    const opened = performance.now() + firstAfterMs;
    // Timers of different lengths may change places; what they carry must not.
    const onTheWay: Buffer[] = [];
    from.on('data', (data: Buffer) => {
      onTheWay.push(data);
      // What is sent at once waits until the connection would be open.
      const wait = Math.max(0, opened - performance.now()) + roundTripMs / 2;
      setTimeout(() => to.write(onTheWay.shift()!), wait);
    });
    from.on('error', () => to.destroy());
    from.on('close', () => setTimeout(() => to.end(), roundTripMs / 2));
  };
  const server = createServer({ noDelay: true }, (near) => {
    const far = connect({ port, host: HOST, noDelay: true });
    for (const socket of [near, far]) {
      open.add(socket);
      socket.once('close', () => open.delete(socket));
    }
    carry(near, far, roundTripMs);
    carry(far, near, 0);
  });
  server.listen(0, HOST);
  await once(server, 'listening');
  const close = (): void => {
    server.close();
    for (const socket of open) socket.destroy();
  };
  return { port: (server.address() as AddressInfo).port, close };
}

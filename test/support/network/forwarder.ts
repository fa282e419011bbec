import { connect, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';

export interface Forwarder {
  stop(): Promise<void>;
}

/** Passes connections to an address on to another, byte by byte; with a certificate it takes the TLS off. */
export async function forward(
  from: { host: string; port: number; tls?: TlsOptions },
  to: { host: string; port: number },
): Promise<Forwarder> {
  const open = new Set<Socket>();
  const pass = (near: Socket): void => {
    const far = connect({ ...to, noDelay: true });
    near.setNoDelay(true).pipe(far).pipe(near);
    for (const [socket, other] of [[near, far] as const, [far, near] as const]) {
      open.add(socket);
      // Both ends cut connections when they are done; the other end is told.
      socket.on('error', () => undefined).once('close', () => open.delete(socket) && other.destroy());
    }
  };
  const server: Server = from.tls ? createTlsServer(from.tls, pass) : createServer(pass);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(from.port, from.host, resolve);
  });
  return {
    async stop() {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { MEDIA_HOST } from '../../../demo/stack/ports.js';

export interface DeadServers {
  /** For a grant: a STUN server, and a TURN server over UDP and over TCP. */
  iceServers: { urls: string[]; username?: string; credential?: string }[];
  /** How often each was asked. */
  asked: { udp: number; tcp: number };
  stop(): Promise<void>;
}

/** Servers that take whatever is sent to them, and never say a word. */
export async function startDeadServers(): Promise<DeadServers> {
  const asked = { udp: 0, tcp: 0 };
  const connections = new Set<Socket>();
  const udp = createSocket('udp4').on('message', () => void asked.udp++);
  const tcp = createServer((connection) => {
    asked.tcp++;
    connections.add(connection);
    // A browser that closes in the middle of something is no concern of the dead.
    connection.on('error', () => undefined).resume();
  });
  udp.bind(0, MEDIA_HOST);
  await once(udp, 'listening');
  const { port } = udp.address();
  await new Promise<void>((resolve, reject) => {
    tcp.once('error', reject);
    tcp.listen(port, MEDIA_HOST, resolve);
  });
  const at = `${MEDIA_HOST}:${port}`;
  return {
    iceServers: [
      { urls: [`stun:${at}`] },
      { urls: [`turn:${at}?transport=udp`, `turn:${at}?transport=tcp`], username: 'nobody', credential: 'nothing' },
    ],
    asked,
    async stop() {
      for (const connection of connections) connection.destroy();
      udp.close();
      await new Promise((resolve) => tcp.close(resolve));
    },
  };
}

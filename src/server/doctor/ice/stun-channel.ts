import { createSocket } from 'node:dgram';
import { connect as connectPlainly, type Socket } from 'node:net';
import { isIP, isIPv6 } from 'node:net';
import { lookup } from 'node:dns/promises';
import { connect as connectSecurely } from 'node:tls';
import type { IceUrl } from './ice-url.js';
import { decodeStun, lengthOfStun, type StunMessage } from './stun-message.js';

/** The way to a STUN server. */
export interface StunChannel {
  /** @throws Error where no answer comes */
  ask(request: Buffer): Promise<StunMessage>;
  close(): void;
}

/** In milliseconds: over UDP a request is repeated after these pauses (RFC 8489 section 6.2.1), and then given up. */
const REPEATS = [500, 1000, 2000];
/** Over TCP and TLS, and for a connection to come to be, in milliseconds. */
const PATIENCE = 5000;

export async function openChannel(url: IceUrl, ca: string[] | undefined): Promise<StunChannel> {
  return url.transport === 'udp' ? await openUdp(url) : await openStream(url, ca);
}

async function openUdp({ host, port }: IceUrl): Promise<StunChannel> {
  const { address } = await lookup(host);
  const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4');
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    // Connected, a closed port says so.
    socket.connect(port, address, () => {
      socket.off('error', reject);
      resolve();
    });
  });
  return {
    ask: (request) =>
      exchange(
        request,
        (hear, fail) => {
          socket.on('message', hear);
          socket.on('error', fail);
          return () => {
            socket.off('message', hear);
            socket.off('error', fail);
            socket.on('error', () => undefined);
          };
        },
        () => socket.send(request, () => undefined),
        REPEATS,
      ),
    close: () => socket.close(),
  };
}

async function openStream({ host, port, transport }: IceUrl, ca: string[] | undefined): Promise<StunChannel> {
  const secure = transport === 'tls';
  const socket: Socket = secure
    ? connectSecurely({ host, port, ...(ca && { ca }), ...(isIP(host) === 0 && { servername: host }) })
    : connectPlainly({ host, port });
  await new Promise<void>((resolve, reject) => {
    socket.setTimeout(PATIENCE, () => socket.destroy(new DOMException('', 'TimeoutError')));
    socket.once('error', reject);
    socket.once(secure ? 'secureConnect' : 'connect', resolve);
  });
  socket.on('error', () => undefined);
  return {
    ask: (request) =>
      exchange(
        request,
        (hear, fail) => {
          let pending = Buffer.alloc(0);
          const collect = (data: Buffer): void => {
            pending = Buffer.concat([pending, data]);
            for (let length = lengthOfStun(pending); length !== undefined && length <= pending.length;) {
              hear(pending.subarray(0, length));
              pending = pending.subarray(length);
              length = lengthOfStun(pending);
            }
          };
          const closed = (): void => fail(new Error('the connection is closed'));
          socket.on('data', collect);
          socket.on('close', closed);
          return () => {
            socket.off('data', collect);
            socket.off('close', closed);
          };
        },
        () => socket.write(request),
        [PATIENCE],
      ),
    close: () => socket.destroy(),
  };
}

/** Sends a request, again after each pause but the last, until the answer to it is there. */
async function exchange(
  request: Buffer,
  listen: (hear: (data: Buffer) => void, fail: (error: Error) => void) => () => void,
  send: () => void,
  pauses: readonly number[],
): Promise<StunMessage> {
  let timer: NodeJS.Timeout | undefined;
  let stop: () => void = () => undefined;
  try {
    return await new Promise<StunMessage>((resolve, reject) => {
      stop = listen((data) => {
        const message = decodeStun(data);
        if (message?.id.equals(request.subarray(8, 20))) resolve(message);
      }, reject);
      const attempt = (index: number): void => {
        const pause = pauses[index];
        if (pause === undefined) {
          reject(new DOMException('', 'TimeoutError'));
          return;
        }
        send();
        timer = setTimeout(attempt, pause, index + 1);
      };
      attempt(0);
    });
  } finally {
    clearTimeout(timer);
    stop();
  }
}

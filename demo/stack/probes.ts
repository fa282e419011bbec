import { createSocket } from 'node:dgram';
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { HOST } from './ports.js';

const LIMIT_MS = 15_000;
const ONE_TRY_MS = 1000;

/** Tries until it works. A part that is started is not yet one that answers. */
export async function until<T>(what: string, attempt: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  const end = Date.now() + LIMIT_MS;
  for (;;) {
    signal?.throwIfAborted();
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > end) {
        const why = (error as Error).message;
        throw new Error(`${what} did not answer within ${LIMIT_MS / 1000} s: ${why}`, { cause: error });
      }
      await sleep(50);
    }
  }
}

/** Any final answer to a SIP OPTIONS shows that a SIP stack is at work; a 405 too. */
export async function probeUdpSip(port: number): Promise<void> {
  await askUdp(port, (own) => optionsRequest('UDP', own, port), /^SIP\/2\.0 [2-6]/);
}

/** rtpengine's control protocol: a cookie and a bencoded dictionary, answered with the same cookie. */
export async function probeRtpengine(port: number): Promise<void> {
  await askUdp(port, () => `${randomBytes(6).toString('hex')} d7:command4:pinge`, /pong/);
}

/** TLS, the WebSocket handshake, and a SIP answer over it. */
export async function probeWebSocket(url: string, origin: string | undefined): Promise<void> {
  const socket = new WebSocket(url, 'sip', {
    rejectUnauthorized: false,
    handshakeTimeout: ONE_TRY_MS,
    ...(origin !== undefined && { origin }),
  });
  try {
    await within(
      new Promise<void>((resolve, reject) => {
        socket.once('error', reject);
        socket.once('close', () => reject(new Error('closed')));
        socket.once('open', () => socket.send(optionsRequest('WSS', 0, 0)));
        socket.on('message', (data: Buffer) => {
          if (/^SIP\/2\.0 [2-6]/.test(data.toString())) resolve();
        });
      }),
    );
  } finally {
    // A late error of a socket that nobody needs any more must not bring the process down.
    socket.on('error', () => undefined);
    socket.terminate();
  }
}

export async function probeHttp(url: string): Promise<void> {
  const response = await fetch(url, { signal: AbortSignal.timeout(ONE_TRY_MS) });
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
}

/** A STUN binding request (RFC 8489 section 5), answered with the same transaction. */
export async function probeStun(host: string, port: number): Promise<void> {
  const request = Buffer.concat([Buffer.from('000100002112a442', 'hex'), randomBytes(12)]);
  const socket = createSocket('udp4');
  try {
    await within(
      new Promise<void>((resolve, reject) => {
        socket.once('error', reject);
        socket.on('message', (answer) => {
          if (answer.subarray(4, 20).equals(request.subarray(4))) resolve();
        });
        socket.bind(0, host, () => socket.send(request, port, host));
      }),
    );
  } finally {
    socket.close();
  }
}

async function askUdp(port: number, request: (ownPort: number) => string, expected: RegExp): Promise<void> {
  const socket = createSocket('udp4');
  try {
    await within(
      new Promise<void>((resolve, reject) => {
        socket.once('error', reject);
        socket.on('message', (data) => {
          if (expected.test(data.toString())) resolve();
        });
        socket.bind(0, HOST, () => socket.send(request(socket.address().port), port, HOST));
      }),
    );
  } finally {
    socket.close();
  }
}

function optionsRequest(transport: 'UDP' | 'WSS', ownPort: number, port: number): string {
  const own = transport === 'UDP' ? `${HOST}:${ownPort}` : 'probe.invalid';
  const id = randomBytes(8).toString('hex');
  return [
    `OPTIONS sip:${transport === 'UDP' ? `${HOST}:${port}` : 'gateway.invalid'} SIP/2.0`,
    `Via: SIP/2.0/${transport} ${own};branch=z9hG4bK${id};rport`,
    'Max-Forwards: 5',
    `From: <sip:probe@${own}>;tag=${id}`,
    `To: <sip:probe@${own}>`,
    `Call-ID: ${id}`,
    'CSeq: 1 OPTIONS',
    'Content-Length: 0',
    '',
    '',
  ].join('\r\n');
}

async function within<T>(work: Promise<T>): Promise<T> {
  const timer = new AbortController();
  const limit = sleep(ONE_TRY_MS, undefined, { signal: timer.signal, ref: false }).then(() => {
    throw new Error('no answer');
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    limit.catch(() => undefined);
    timer.abort();
  }
}

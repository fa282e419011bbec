import { isIP } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';

/** What a server shows of itself. */
export interface ShownCertificate {
  /** When its time is over. */
  ends: Date;
  /** Code of why browsers would not believe it, or undefined. */
  fault: string | undefined;
}

/** In milliseconds. */
const TIME_LIMIT = 10_000;

/** Looks at the certificate of a server, whatever it is. @throws Error where none is shown */
export async function lookAtCertificate(url: URL, ca: string[] | undefined): Promise<ShownCertificate> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const socket: TLSSocket = connect({
    host,
    port: Number(url.port || 443),
    // It is to be looked at, not to be believed: nothing is said over this connection.
    rejectUnauthorized: false,
    ...(ca && { ca }),
    ...(isIP(host) === 0 && { servername: host }),
  });
  try {
    await new Promise<void>((resolve, reject) => {
      socket.setTimeout(TIME_LIMIT, () => socket.destroy(new DOMException('', 'TimeoutError')));
      socket.once('error', reject);
      socket.once('secureConnect', resolve);
    });
    const ends = new Date(socket.getPeerCertificate().valid_to);
    const error: unknown = socket.authorizationError;
    const fault = error instanceof Error ? ((error as NodeJS.ErrnoException).code ?? error.message) : error;
    return { ends, fault: fault ? String(fault) : undefined };
  } finally {
    socket.on('error', () => undefined);
    socket.destroy();
  }
}

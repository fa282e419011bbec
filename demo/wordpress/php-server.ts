import { createServer, request as ask, type IncomingMessage, type ServerResponse } from 'node:http';
import { createConnection } from 'node:net';
import { HOST, takePort } from '../stack/ports.js';
import { until } from '../stack/probes.js';
import { Program } from '../stack/processes.js';

/** WordPress asks itself while it answers, and a page asks for several files at a time. */
const PROCESSES = 5;

export interface PhpServerOptions {
  port: number;
  php: string;
  phpArguments: readonly string[];
  /** The files that are served. */
  files: string;
  /** The script that is asked for everything. */
  router: string;
  folder: string;
  onCrash: (error: Error) => void;
  signal?: AbortSignal | undefined;
}

/** One of PHP's own servers, which answers one request at a time. */
interface Backend {
  port: number;
  program: Program;
  busy: number;
}

/**
 * A web server for PHP: several of PHP's own behind one port. Not its option for several workers, since those outlive a main
 * process that is killed; each of these ends with this one.
 */
export async function startPhpServer(options: PhpServerOptions): Promise<{ stop(): Promise<void> }> {
  const { port, php, phpArguments, files, router, folder, onCrash, signal } = options;
  const backends: Backend[] = [];
  const server = createServer((request, response) => {
    const [idlest] = [...backends].sort((one, other) => one.busy - other.busy);
    forward(idlest!, request, response);
  });
  const stop = async (): Promise<void> => {
    server.closeAllConnections();
    server.close();
    await Promise.all(backends.map(({ program }) => program.stop()));
  };
  try {
    for (let number = 1; number <= PROCESSES; number += 1) {
      const own = await takePort(`PHP ${number}`, 'tcp');
      const args = [...phpArguments, '-S', `${HOST}:${own}`, '-t', files, router];
      const env = { NO_PROXY: HOST, no_proxy: HOST };
      const program = new Program({ name: `php-${number}`, command: php, args, env, folder, verbose: false, onCrash });
      backends.push({ port: own, program, busy: 0 });
    }
    await Promise.all(backends.map((one) => until('PHP', () => connects(one.port), signal)));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, HOST, resolve);
    });
  } catch (error) {
    await stop();
    throw error;
  }
  return { stop };
}

function forward(backend: Backend, request: IncomingMessage, response: ServerResponse): void {
  backend.busy += 1;
  response.once('close', () => (backend.busy -= 1));
  const { method, url, headers } = request;
  const onward = ask({
    host: HOST,
    port: backend.port,
    method,
    path: url,
    headers: { ...headers, connection: 'close' },
  });
  onward.once('response', (answer) => {
    response.writeHead(answer.statusCode ?? 502, withoutConnection(answer.rawHeaders));
    answer.pipe(response);
  });
  onward.once('error', () => response.destroy());
  response.once('close', () => onward.destroy());
  request.pipe(onward);
}

/** The names and values of an answer, as they were written, but for what is said of the connection to PHP. */
function withoutConnection(raw: readonly string[]): string[] {
  const pairs = Array.from({ length: raw.length / 2 }, (_, index) => raw.slice(2 * index, 2 * index + 2));
  return pairs.filter(([name = '']) => !/^(?:connection|transfer-encoding)$/i.test(name)).flat();
}

async function connects(port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const connection = createConnection(port, HOST, () => {
      connection.destroy();
      resolve();
    });
    connection.once('error', reject);
  });
}

import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { toNodeListener } from '../../src/server/index.js';
import { HOST } from './ports.js';

type Handler = (request: Request) => Promise<Response>;

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** What is served as files, by the beginning of the path. */
const FOLDERS: [prefix: string, folder: string][] = [
  ['/dist/', join(ROOT, 'dist')],
  ['/pages/', join(ROOT, 'test', 'journey', 'pages')],
];
const FRONT_PAGE = join(ROOT, 'demo', 'pages', 'stack.html');

const TYPES: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.svg': 'image/svg+xml',
};

export interface WebServer {
  port: number;
  stop(): Promise<void>;
}

/** The page, the files, the token endpoints and the hook, on one port. */
export async function startWebServer(port: number, handlers: Record<string, Handler>): Promise<WebServer> {
  const listeners = Object.entries(handlers).map(([path, handler]) => [path, toNodeListener(handler)] as const);
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://host').pathname;
    // `/hook` answers for `/hook/call`, `/api/sip-token` for itself.
    const found = listeners.find(([prefix]) => path === prefix || path.startsWith(`${prefix}/`));
    if (found) found[1](request, response);
    else void serveFile(path, request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, HOST, resolve);
  });
  return { port: portOf(server), stop: () => stopServer(server) };
}

async function serveFile(path: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const file = fileOf(path);
  const found = file === undefined ? undefined : await stat(file).catch(() => undefined);
  if (file === undefined || !found?.isFile() || (request.method !== 'GET' && request.method !== 'HEAD')) {
    response.writeHead(404, { 'Content-Type': 'text/plain' }).end('Not found\n');
    return;
  }
  response.writeHead(200, {
    'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream',
    'Content-Length': found.size,
    // A build that was made a moment ago is the one to be tried.
    'Cache-Control': 'no-cache',
  });
  if (request.method === 'HEAD') response.end();
  else
    createReadStream(file)
      .on('error', () => response.destroy())
      .pipe(response);
}

function fileOf(path: string): string | undefined {
  if (path === '/') return FRONT_PAGE;
  for (const [prefix, folder] of FOLDERS) {
    if (!path.startsWith(prefix)) continue;
    const file = normalize(join(folder, decodeURIComponent(path.slice(prefix.length))));
    return file.startsWith(folder + sep) ? file : undefined;
  }
  return undefined;
}

function portOf(server: Server): number {
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('The web server has no port');
  return address.port;
}

async function stopServer(server: Server): Promise<void> {
  // Browsers keep connections open; they are not waited for.
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

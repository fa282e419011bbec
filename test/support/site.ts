import { createReadStream, existsSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { mountEmbeddedGateway, type EmbeddedGatewayOptions } from './embedded-gateway.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
};

export interface SiteOptions extends EmbeddedGatewayOptions {
  /** Answers what it wants to of a path's requests; what it returns nothing for is answered as ever. */
  answers?(pathname: string): RequestListener | undefined;
}

export interface Site {
  url: string;
  stop(): Promise<void>;
}

/**
 * The built files, the snippet's style sheet, the pages of the journeys, and the embedded gateway, on one port that is free.
 *
 * @param more a folder of pages from elsewhere, at `/more/`
 */
export async function startSite(more?: string, { answers, ...options }: SiteOptions = {}): Promise<Site> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const gateway = mountEmbeddedGateway(server, port, options);

  server.on('request', (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const endpoint = answers?.(pathname) ?? gateway.endpoint(pathname);
    if (endpoint) return endpoint(request, response);
    const path =
      pathname.startsWith('/dist/') || pathname === '/src/snippet.css' ? pathname : `/test/journey${pathname}`;
    const isMore = more !== undefined && pathname.startsWith('/more/');
    const file = isMore ? join(more, normalize(pathname.slice('/more'.length))) : join(ROOT, normalize(path));
    const type = TYPES[extname(file)];
    if (!type || !existsSync(file)) return response.writeHead(404).end();
    response.writeHead(200, { 'Content-Type': type });
    createReadStream(file).pipe(response);
  });
  return {
    url: `http://localhost:${port}`,
    async stop() {
      await gateway.stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

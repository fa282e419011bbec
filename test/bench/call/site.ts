import { readdir, readFile } from 'node:fs/promises';
import { createServer, request as ask, Agent, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { HOST } from '../../../demo/stack/ports.js';
import { buildPeerScripts, pageOf, SYSTEMS } from './systems.js';

export interface SiteOptions {
  /** Folder of the element's build. */
  dist: string;
  /** The stack's token endpoint. */
  tokenUrl: string;
  /** The gateway's address as the pages know it. */
  gatewayUrl: string;
  iceServers: () => { urls: string }[];
}

export interface Site {
  port: number;
  close(): Promise<void>;
}

/**
 * The pages, their scripts and the token endpoint. Files are read once: a build that somebody makes meanwhile is not mixed
 * in. Grants are those of the stack, with the addresses that are measured here put into them.
 */
export async function openSite({ dist, tokenUrl, gatewayUrl, iceServers }: SiteOptions): Promise<Site> {
  const files = await buildPeerScripts();
  for (const name of await readdir(dist)) {
    if (name.endsWith('.js')) files.set(`/cdn/${name}`, await readFile(join(dist, name)));
  }
  for (const system of SYSTEMS) files.set(`/${system}.html`, Buffer.from(pageOf(system, gatewayUrl)));
  const agent = new Agent({ keepAlive: true });

  const grant = (request: IncomingMessage, response: ServerResponse): void => {
    const onward = ask(tokenUrl, { agent, method: request.method, headers: request.headers }, (answer) => {
      void readAll(answer).then((text) => {
        const json = JSON.parse(text) as Record<string, unknown>;
        if (answer.statusCode === 200) Object.assign(json, { gateway_url: gatewayUrl, ice_servers: iceServers() });
        const body = JSON.stringify(json);
        response.writeHead(answer.statusCode ?? 502, {
          'Content-Type': 'application/json',
          'Content-Length': Buffer.byteLength(body),
          'Cache-Control': 'no-store',
        });
        response.end(body);
      });
    });
    onward.on('error', () => response.writeHead(502).end());
    request.pipe(onward);
  };

  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://host').pathname;
    if (path === '/api/sip-token') return grant(request, response);
    const file = files.get(path);
    if (!file) return void response.writeHead(404).end();
    response.writeHead(200, {
      'Content-Type': `text/${path.endsWith('.js') ? 'javascript' : 'html'}; charset=utf-8`,
      'Content-Length': file.length,
      'Cache-Control': 'public, max-age=3600',
    });
    response.end(file);
  });
  // Longer than any call takes, so that no keep-alive time-out falls into one.
  server.keepAliveTimeout = 30_000;
  await new Promise<void>((resolve) => server.listen(0, HOST, resolve));
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      agent.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function readAll(stream: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { HostName, Network } from './network.js';

const PAGE = '<!doctype html><title>Welcome</title><h1>Log in to the Wi-Fi</h1>';
const NAME = 'portal.test';

export interface PortalOptions {
  /** Files of a certificate and its key, PEM; the browser has to believe it for every name. */
  tls: { cert: string; key: string };
  /** It answers with its page, or sends the browser there. */
  answers: 'page' | 'redirect';
  /** The only one that it stands in front of. Default: all. */
  host?: HostName;
}

export interface Portal {
  /** What it was asked for: method and path of each request. */
  readonly asked: readonly string[];
  /** The visitor has logged in: everything passes. */
  pass(): Promise<void>;
}

/**
 * A captive portal in the router: whomever the visitor's machine connects to over TCP, it is the portal that takes the
 * connection, and answers every request, also that for a WebSocket, with HTML. What was open before is cut.
 */
export async function raisePortal(network: Network, { tls, answers, host }: PortalOptions): Promise<Portal> {
  const { hosts, wifi, rule, name } = network;
  const asked: string[] = [];
  const options = { cert: await readFile(tls.cert), key: await readFile(tls.key) };
  const server = createServer(options, ({ method, url }, response) => {
    asked.push(`${method} ${url}`);
    // Who has logged in shall not find the portal at the end of an old connection.
    const headers = { 'Content-Type': 'text/html', Connection: 'close' };
    const moved = answers === 'redirect' && url !== '/login';
    if (moved) response.writeHead(302, { ...headers, Location: `https://${NAME}/login` }).end();
    else response.writeHead(200, headers).end(PAGE);
  });
  const address = hosts['shop.test'];
  server.listen(0, address);
  await once(server, 'listening');
  const port = String((server.address() as AddressInfo).port);
  await name({ ...hosts, [NAME]: address });
  const from = ['-i', wifi.far, '-p', 'tcp'];
  const to = host ? ['-d', hosts[host]] : [];
  await rule('-t', 'nat', '-A', 'PREROUTING', ...from, ...to, '-j', 'DNAT', '--to-destination', `${address}:${port}`);
  await rule('-A', 'FORWARD', ...from, ...to, '!', '--dport', port, '-j', 'REJECT', '--reject-with', 'tcp-reset');
  return {
    asked,
    async pass() {
      await rule('-t', 'nat', '-F', 'PREROUTING');
      await rule('-F', 'FORWARD');
      await name(hosts);
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

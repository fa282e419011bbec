import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { Connection } from './connection.js';
import { FLOOD_LIMITS, Floods, type FloodLimits } from './floods.js';
import { HookClient } from './hook-client.js';
import { Proxy } from './proxy.js';

export interface GatewayOptions {
  /** Listens, or will: the gateway takes the WebSockets of one path of it. */
  server: Server;
  /** Default: `/sip`. */
  path?: string;
  /** Decides on every registration and call, as `createHookHandler` makes it. Called in this process. */
  hook: (request: Request) => Promise<Response>;
  /** What the gateway proves itself to the hook with. */
  secret: string;
  /** Host of the SIP addresses that are served here. */
  domain: string;
  /** What the gateway calls itself to the hook. Default: `embedded`. */
  name?: string;
  /** How long an unanswered call rings, in seconds. Default: 60. */
  ringTimeout?: number;
  /** How long an answered call waits for a side that lost its connection, in seconds. Default: 60. */
  grace?: number;
  /** How many connections there may be at a time. Default: 256. */
  maxConnections?: number;
  /** Origins of the pages that may connect. Default: all, and the hook alone compares them with those of the grants. */
  allowedOrigins?: readonly string[];
  /** How long a connection may go without anything that the hook accepts, in seconds. Default: 15. */
  idleTime?: number;
  /** How much one address, and one connection, is listened to. */
  floodLimits?: Partial<FloodLimits>;
  /** Gets one line about each step of a call, with no address and no secret in it. Default: silence. */
  log?: (line: string) => void;
}

export interface Gateway {
  /** Where a browser on this machine connects to; known when the server listens. */
  readonly url: string;
  /** Ends all calls and closes all connections; the server goes on. */
  stop(): Promise<void>;
}

/** In bytes. An offer of a browser takes some 6 kB. */
const MESSAGE_LIMIT = 65_536;

/** A SIP registrar and proxy for browsers, which never lets one of them choose, or see, whom it calls. */
export function startGateway(options: GatewayOptions): Gateway {
  const { server, path = '/sip', hook, secret, domain, name = 'embedded' } = options;
  const { ringTimeout = 60, grace = 60, maxConnections = 256, log = () => undefined } = options;
  const { allowedOrigins, idleTime = 15 } = options;
  const floods = new Floods({ ...FLOOD_LIMITS, ...options.floodLimits });
  const hookClient = new HookClient({ hook, secret, name, domain, log });
  const proxy = new Proxy({ hook: hookClient, floods, domain, ringTimeout, grace, log });
  const connections = new Set<Connection>();
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MESSAGE_LIMIT,
    perMessageDeflate: false,
    handleProtocols: (offered) => (offered.has('sip') ? 'sip' : false),
  });

  const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const { pathname } = new URL(request.url ?? '/', 'http://gateway.invalid');
    if (pathname !== path) {
      // Somebody else's, if there is anybody else.
      if (server.listenerCount('upgrade') === 1) refuse(socket, '404 Not Found');
    } else if (!offersSip(request)) {
      // RFC 7118 section 4.1: without this subprotocol nobody has agreed to speak SIP.
      refuse(socket, '400 Bad Request');
    } else if (allowedOrigins && !allowedOrigins.includes(request.headers.origin ?? '')) {
      refuse(socket, '403 Forbidden');
    } else {
      void admit(request, socket, head);
    }
  };
  const admit = async (request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> => {
    // Nobody listens to it meanwhile.
    socket.on('error', () => undefined);
    if (!(await floods.admits('handshakes', request.socket.remoteAddress ?? ''))) {
      refuse(socket, '429 Too Many Requests');
    } else if (connections.size >= maxConnections) {
      refuse(socket, '503 Service Unavailable');
    } else {
      sockets.handleUpgrade(request, socket, head, (webSocket) => {
        connections.add(
          new Connection(webSocket, request, {
            message: (connection, message) => proxy.message(connection, message),
            close: (connection) => {
              connections.delete(connection);
              proxy.close(connection);
            },
            admits: (connection) => floods.admits('messages', connection.id),
            idleTime,
          }),
        );
      });
    }
  };
  server.on('upgrade', onUpgrade);

  return {
    get url() {
      return `ws://localhost:${(server.address() as AddressInfo).port}${path}`;
    },
    async stop() {
      server.off('upgrade', onUpgrade);
      proxy.stop();
      for (const connection of connections) connection.terminate();
      await new Promise<void>((resolve) => sockets.close(() => resolve()));
    },
  };
}

function offersSip(request: IncomingMessage): boolean {
  const offered = request.headers['sec-websocket-protocol'] ?? '';
  return offered.split(',').some((protocol) => protocol.trim() === 'sip');
}

function refuse(socket: Duplex, status: string): void {
  socket.on('error', () => undefined);
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

import { createServer, type Server } from 'node:https';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer, type RawData } from 'ws';
import { HOST } from '../../../demo/stack/ports.js';
import { headerOf, parseSip, responseTo, type SipMessage } from '../../../demo/stack/sip-message.js';
import { eventually } from '../../support/visitor.js';

/** A SIP message on its way through the proxy. */
export interface Passing extends SipMessage {
  from: 'browser' | 'gateway';
  /** The method of its CSeq: of a response, what it answers. */
  about: string;
  /** An INVITE within a call, or an answer to one. */
  again: boolean;
}

/** What goes on in place of a message: the same or another text, several, or none at all for a message that is lost. */
export type Alter = (message: Passing, way: Way) => string | readonly string[] | undefined;

/** Paths of PEM files. */
export interface Certificate {
  certificate: string;
  key: string;
}

/** One WebSocket through the proxy: the browser's and the gateway's. */
export interface Way {
  /** In the gateway's name. */
  toBrowser(text: string): void;
  /** In the browser's name. */
  toGateway(text: string): void;
  /** Closes both without a good-bye. */
  cut(): void;
}

const asItIs: Alter = ({ text }) => text;

/**
 * A place in the path of SIP over WebSocket (RFC 7118) where messages are read, altered, lost and made up. It ends the
 * browser's TLS with the stack's own certificate and begins TLS anew towards the gateway. Pings pass as they are.
 */
export class SipProxy {
  readonly #server: Server;
  readonly #sockets: WebSocketServer;
  readonly #gateway: string;
  readonly #ways = new Set<Way>();
  /** Every message that came, as it came. */
  readonly seen: Passing[] = [];
  /** How many WebSockets browsers opened. */
  connections = 0;
  /** How many pings of browsers were answered (RFC 5626 section 3.5.1). */
  pongs = 0;
  /** What becomes of messages. */
  alter: Alter = asItIs;

  private constructor(certificate: Certificate, gateway: string) {
    this.#gateway = gateway;
    this.#server = createServer(read(certificate));
    this.#sockets = new WebSocketServer({ server: this.#server, handleProtocols: () => 'sip' });
    this.#sockets.on('connection', (browser, request) => this.#admit(browser, request.headers.origin));
  }

  /** @param gateway the `wss:` URL that it leads to */
  static async open(certificate: Certificate, gateway: string): Promise<SipProxy> {
    const proxy = new SipProxy(certificate, gateway);
    await new Promise<void>((resolve, reject) => {
      proxy.#server.once('error', reject);
      proxy.#server.listen(0, HOST, resolve);
    });
    return proxy;
  }

  get url(): string {
    return `wss://${HOST}:${(this.#server.address() as AddressInfo).port}/`;
  }

  /** Shows another certificate from now on; connections that stand keep theirs. */
  show(certificate: Certificate): void {
    this.#server.setSecureContext(read(certificate));
  }

  /** Messages pass as they are again, and those that were seen are forgotten. */
  reset(): void {
    this.alter = asItIs;
    this.seen.length = 0;
  }

  /** The first message of this kind since the last `reset()`, as soon as it comes. */
  async sees(what: string, wanted: (message: Passing) => boolean, limit?: number): Promise<Passing> {
    return eventually(`${what} passes`, () => Promise.resolve(this.seen.find(wanted)), limit);
  }

  /** Closes every WebSocket that is open; the next passes. */
  cut(): void {
    for (const way of this.#ways) way.cut();
  }

  async close(): Promise<void> {
    this.cut();
    this.#sockets.close();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #admit(browser: WebSocket, origin: string | undefined): void {
    this.connections += 1;
    // The gateway's certificate is nobody's but the stack's own.
    const gateway = new WebSocket(this.#gateway, 'sip', {
      rejectUnauthorized: false,
      ...(origin !== undefined && { origin }),
    });
    /** Until the gateway's side is open, what the browser says waits. */
    const waiting: (() => void)[] = [];
    const send = (to: WebSocket, text: string): void => {
      if (to.readyState === WebSocket.OPEN) to.send(text);
      else if (to.readyState === WebSocket.CONNECTING) waiting.push(() => to.send(text));
    };
    const way: Way = {
      toBrowser: (text) => send(browser, text),
      toGateway: (text) => send(gateway, text),
      cut: () => {
        browser.terminate();
        gateway.terminate();
      },
    };
    this.#ways.add(way);
    gateway.on('open', () => waiting.forEach((later) => later()));
    browser.on('message', (data) => this.#pass(asText(data), 'browser', way));
    gateway.on('message', (data) => this.#pass(asText(data), 'gateway', way));
    for (const socket of [browser, gateway]) {
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.#ways.delete(way);
        way.cut();
      });
    }
  }

  #pass(text: string, from: Passing['from'], way: Way): void {
    const send = from === 'browser' ? way.toGateway : way.toBrowser;
    if (!text.trim()) {
      if (from === 'gateway') this.pongs += 1;
      return send(text);
    }
    const parsed = parseSip(text);
    const about = headerOf(parsed, 'cseq').split(' ')[1] ?? '';
    const again = about === 'INVITE' && / tag=|;tag=/.test(headerOf(parsed, 'to')) && parsed.status === undefined;
    const message: Passing = { ...parsed, from, about, again };
    this.seen.push(message);
    for (const altered of [this.alter(message, way) ?? []].flat()) send(altered);
  }
}

/** The gateway has taken a registration. That of a page which was closed just now, taking its own back, names no Contact. */
export const registered = (message: Passing): boolean =>
  message.about === 'REGISTER' && message.status === 200 && headerOf(message, 'contact') !== '';

/** Answers a request in the name of whom it was sent to; give its result to the side that it came from. */
export function answer(request: SipMessage, status: number, reason: string, ...headers: string[]): string {
  return responseTo(request, status, reason, { toTag: 'made-up', headers });
}

const read = ({ certificate, key }: Certificate) => ({ cert: readFileSync(certificate), key: readFileSync(key) });

function asText(data: RawData): string {
  return (Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as ArrayBuffer)).toString();
}

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { refusalAnswer, type Answer } from '../http.js';
import { sendAnswer } from '../node-listener.js';
import { incomingRequest } from './incoming-request.js';
import type { Router } from './routes.js';

export interface HttpServerOptions {
  router: Router;
  host: string;
  port: number;
  /** Told of each request as it is answered. */
  onAnswer?: (asked: Answered) => void;
}

/** A request that has been answered. */
export interface Answered {
  route: string;
  method: string;
  status: number;
  outcome: string | undefined;
  line: string | undefined;
  /** By which page, gateway and hook know the call, where there is one. */
  call: string | undefined;
  /** From the head of the request to the answer. */
  seconds: number;
  /** The other end of the socket. */
  peer: string | undefined;
}

export interface HttpServer {
  /** `http://127.0.0.1:8080`, with the port that was really taken. */
  url: string;
  /**
   * Takes no more connections, and resolves when the last answer is out.
   * @param seconds After which what is still open is cut.
   */
  stop(seconds: number): Promise<void>;
}

/** Nobody who sends slowly, or nothing, holds a connection for long. In milliseconds. */
const TIMES = {
  /** For the head of a request. */
  headersTimeout: 10_000,
  /** For the whole request. */
  requestTimeout: 15_000,
  /** Between two requests; longer than a proxy in front keeps its side open, or it sends into a closed connection. */
  keepAliveTimeout: 65_000,
  /** How often it is looked who took too long. */
  connectionsCheckingInterval: 2000,
};
const HEADER_LIMIT = 16_384;
const CONNECTION_LIMIT = 10_000;

/** Listens. @throws what `listen` failed with, such as `EADDRINUSE` */
export async function startHttpServer({ router, host, port, onAnswer }: HttpServerOptions): Promise<HttpServer> {
  let stopping = false;

  const serve = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const began = performance.now();
    const [path = '/'] = (incoming.url ?? '/').split('?', 1);
    const route = router(path);
    const answer = await answerTo(incoming, route.answer);
    if (stopping) outgoing.setHeader('Connection', 'close');
    sendAnswer(answer, incoming, outgoing);
    onAnswer?.({
      route: route.name,
      method: incoming.method ?? '',
      status: answer.status,
      outcome: answer.outcome,
      line: answer.line,
      call: answer.correlationId,
      seconds: (performance.now() - began) / 1000,
      peer: incoming.socket.remoteAddress,
    });
  };

  const server = createServer({ ...TIMES, maxHeaderSize: HEADER_LIMIT }, (incoming, outgoing) => {
    outgoing.on('error', () => outgoing.destroy());
    void serve(incoming, outgoing).catch(() => outgoing.destroy());
  });
  server.maxConnections = CONNECTION_LIMIT;
  await listen(server, host, port);

  return {
    url: urlOf(server),
    async stop(seconds) {
      stopping = true;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      const cut = setTimeout(() => server.closeAllConnections(), seconds * 1000);
      await closed;
      clearTimeout(cut);
    },
  };
}

async function answerTo(incoming: IncomingMessage, answer: (request: Request) => Promise<Answer>): Promise<Answer> {
  try {
    return await answer(incomingRequest(incoming));
  } catch (error) {
    return refusalAnswer(error);
  }
}

async function listen(server: Server, host: string, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function urlOf(server: Server): string {
  const { address, family, port } = server.address() as AddressInfo;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}

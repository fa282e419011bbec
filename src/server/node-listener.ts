import type { IncomingMessage, ServerResponse } from 'node:http';
import { rememberPeer } from './client-address.js';
import { Refusal, refusalAnswer, type Answer, type Handler } from './http.js';

/** What Express adds to a request when it has rewritten the path, or read the body already. */
type NodeRequest = IncomingMessage & { originalUrl?: string; body?: unknown };

/** Any handler of Web-standard requests; one of ours says in plain words what it answers. */
type AnyHandler = ((request: Request) => Promise<Response>) & Partial<Pick<Handler, 'answer'>>;

/** Lets `node:http`, Express or Connect serve a handler of Web-standard requests. */
export function toNodeListener(handler: AnyHandler): (request: IncomingMessage, response: ServerResponse) => void {
  return (incoming, outgoing) => {
    void serve(handler, incoming, outgoing).catch(() => outgoing.destroy());
  };
}

async function serve(handler: AnyHandler, incoming: NodeRequest, outgoing: ServerResponse): Promise<void> {
  const aborter = new AbortController();
  // 'close' comes after every answer; only before its end does it mean that the client went away.
  outgoing.once('close', () => {
    if (!outgoing.writableFinished) aborter.abort();
  });
  outgoing.on('error', () => aborter.abort());

  let response: Answer | Response;
  try {
    const request = toRequest(incoming, aborter.signal);
    response = handler.answer ? await handler.answer(request) : await handler(request);
  } catch (error) {
    response = refusalAnswer(error);
  }
  if (aborter.signal.aborted || outgoing.destroyed) return;
  if (response instanceof Response) await sendResponse(response, incoming, outgoing);
  else sendAnswer(response, incoming, outgoing);
}

/** The request as the standard has it. */
export function toRequest(incoming: NodeRequest, signal: AbortSignal): Request {
  const scheme = 'encrypted' in incoming.socket ? 'https' : 'http';
  const url = `${scheme}://${incoming.headers.host ?? 'localhost'}${incoming.originalUrl ?? incoming.url ?? '/'}`;
  if (!URL.canParse(url)) throw new Refusal(400, 'bad-request');

  const headers = new Headers();
  for (const [name, values] of Object.entries(incoming.headersDistinct)) {
    for (const value of values ?? []) headers.append(name, value);
  }
  const method = incoming.method ?? 'GET';
  const hasBody = method !== 'GET' && method !== 'HEAD';
  // `duplex` is required for a body that is a stream, and missing in the type of the DOM.
  const init: RequestInit & { duplex: 'half' } = { method, headers, signal, duplex: 'half' };
  if (hasBody) init.body = bodyOf(incoming);
  const request = new Request(url, init);
  rememberPeer(request, incoming.socket.remoteAddress);
  return request;
}

function bodyOf(incoming: NodeRequest): ReadableStream<Uint8Array> | string {
  // express.json() leaves nothing to read.
  if (incoming.readableEnded && incoming.body !== undefined) return JSON.stringify(incoming.body);
  return new ReadableStream<Uint8Array>({
    start(controller) {
      let open = true;
      const end = (action: () => void): void => {
        if (open) action();
        open = false;
      };
      incoming.on('data', (chunk: Uint8Array) => {
        if (!open) return;
        controller.enqueue(new Uint8Array(chunk));
        if ((controller.desiredSize ?? 0) <= 0) incoming.pause();
      });
      incoming.once('end', () => end(() => controller.close()));
      incoming.once('error', (error) => end(() => controller.error(error)));
      incoming.once('close', () => end(() => controller.error(new Error('The client went away'))));
      incoming.pause();
    },
    pull() {
      incoming.resume();
    },
    cancel() {
      incoming.removeAllListeners('data');
      incoming.pause();
    },
  });
}

/** Sends the answer of one of our handlers. */
export function sendAnswer(
  { status, headers, body }: Answer,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): void {
  closeUnlessComplete(incoming, outgoing);
  if (body === null) outgoing.writeHead(status, headers).end();
  else outgoing.writeHead(status, { 'Content-Length': Buffer.byteLength(body), ...headers }).end(body);
}

async function sendResponse(response: Response, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  outgoing.statusCode = response.status;
  for (const [name, value] of response.headers) {
    if (name !== 'set-cookie') outgoing.setHeader(name, value);
  }
  const cookies = response.headers.getSetCookie();
  if (cookies.length > 0) outgoing.setHeader('Set-Cookie', cookies);
  closeUnlessComplete(incoming, outgoing);
  const body = response.body ? new Uint8Array(await response.arrayBuffer()) : undefined;
  await new Promise<void>((resolve) => {
    outgoing.once('close', resolve);
    outgoing.end(body, resolve);
  });
}

/** Whoever was answered before he had sent everything must not keep the connection busy with the rest. */
function closeUnlessComplete(incoming: IncomingMessage, outgoing: ServerResponse): void {
  if (!incoming.complete && incoming.method !== 'GET') outgoing.setHeader('Connection', 'close');
}

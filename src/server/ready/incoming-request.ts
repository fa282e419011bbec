import type { IncomingMessage } from 'node:http';
import { rememberPeer } from '../client-address.js';
import { Refusal } from '../http.js';
import { toRequest } from '../node-listener.js';

/** The part of a `Request` that our handlers ask for. */
type Asked = Pick<Request, 'method' | 'url' | 'body' | 'text'> & { headers: Pick<Headers, 'get'> };

/**
 * A request of `node:http` for our own handlers, straight from Node: to make a real `Request` costs more than to mint a
 * token. A handler of somebody else would need `toNodeListener`.
 */
export function incomingRequest(incoming: IncomingMessage): Request {
  const asked: Asked = {
    method: incoming.method ?? 'GET',
    get url() {
      const url = `http://${incoming.headers.host ?? 'localhost'}${incoming.url ?? '/'}`;
      if (!URL.canParse(url)) throw new Refusal(400, 'bad-request');
      return url;
    },
    headers: { get: (name) => incoming.headers[name.toLowerCase()]?.toString() ?? null },
    text: () => readText(incoming),
    // Rarely needed: a body whose length was not declared is counted as it comes.
    get body() {
      return toRequest(incoming, new AbortController().signal).body;
    },
  };
  const request = asked as unknown as Request;
  rememberPeer(request, incoming.socket.remoteAddress);
  return request;
}

function readText(incoming: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    incoming.setEncoding('utf8');
    incoming.on('data', (chunk: string) => (text += chunk));
    incoming.once('end', () => resolve(text));
    incoming.once('close', () => {
      if (!incoming.complete) reject(new Refusal(400, 'bad-request'));
    });
  });
}

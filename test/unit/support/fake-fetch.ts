import sinon from 'sinon';

/** One request that was made. */
export interface Asked {
  url: URL;
  method: string;
  headers: Headers;
  /** The parsed body, `undefined` where there was none. */
  json: unknown;
  init: RequestInit;
}

type Reply = (asked: Asked) => Response | Promise<Response>;

/** A body that is made here, so that no network and no task of the browser comes between. */
export function stream(...chunks: (string | Uint8Array)[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const chunk of chunks) {
        controller.enqueue(typeof chunk === 'string' ? new TextEncoder().encode(chunk) : chunk);
      }
      controller.close();
    },
  });
}

/** A server's answer: an object is sent as JSON, a text as it is, nothing as no body at all. */
export function reply(status: number, body?: unknown): Reply {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return () => new Response(text === undefined ? null : stream(text), { status });
}

/** A server that never answers, but ends when it is told to, as a real `fetch` does. */
export const hang: Reply = ({ init }) =>
  new Promise((_, reject) => {
    init.signal?.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')));
  });

/** A server that never answers, under a `fetch` that hears no abort signal. */
export const hangForGood: Reply = () => new Promise(() => {});

/** A network that is not there. */
export const unreachable: Reply = () => Promise.reject(new TypeError('Failed to fetch'));

/** Puts these replies in the place of the network, in their order; the last one goes on for ever. */
export function fakeFetch(...replies: Reply[]): Asked[] {
  const all: Asked[] = [];
  sinon.stub(globalThis, 'fetch').callsFake(async (input, init = {}) => {
    const asked: Asked = {
      url: new URL(String(input)),
      method: init.method ?? 'GET',
      headers: new Headers(init.headers),
      json: typeof init.body === 'string' ? JSON.parse(init.body) : undefined,
      init,
    };
    all.push(asked);
    return replies[Math.min(all.length, replies.length) - 1]!(asked);
  });
  return all;
}

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, it } from 'node:test';
import { toNodeListener } from '../../src/server/index.js';
import { handlerOf, noContent, readJsonObject, refusalAnswer } from '../../src/server/http.js';

describe('the adapter to node:http', () => {
  let server: Server | undefined;

  afterEach(async () => {
    server?.closeAllConnections();
    await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
  });

  const serve = async (handler: (request: Request) => Promise<Response>): Promise<string> => {
    server = createServer(toNodeListener(handler)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };

  it('hands over method, address, headers and body, and hands back status, headers and body', async () => {
    const url = await serve(async (request) => {
      const body = await request.text();
      const said = `${request.method} ${new URL(request.url).pathname} ${request.headers.get('X-Asked') ?? ''} ${body}`;
      return new Response(said, { status: 201, headers: { 'X-Answer': 'yes' } });
    });
    const body = 'ü'.repeat(100_000);
    const response = await fetch(`${url}/a/b?c`, { method: 'POST', headers: { 'X-Asked': 'this' }, body });
    assert.equal(response.status, 201);
    assert.equal(response.headers.get('X-Answer'), 'yes');
    assert.equal(await response.text(), `POST /a/b this ${body}`);
  });

  it('keeps several cookies apart', async () => {
    const headers = new Headers([
      ['Set-Cookie', 'a=1'],
      ['Set-Cookie', 'b=2'],
    ]);
    const response = await fetch(await serve(async () => new Response(null, { headers })));
    assert.deepEqual(response.headers.getSetCookie(), ['a=1', 'b=2']);
  });

  it('answers 500 without details when a handler throws', async () => {
    const url = await serve(async () => {
      throw new Error('a secret');
    });
    const response = await fetch(url);
    assert.equal(response.status, 500);
    assert.deepEqual(await response.json(), { error: 'server-error' });
  });

  it('answers a body that is too long without waiting for its end', async () => {
    const url = await serve(
      handlerOf((request) => readJsonObject(request, 4096).then(() => noContent(), refusalAnswer)),
    );
    const asking = httpRequest(url, { method: 'POST' });
    asking.on('error', () => undefined);
    asking.write('x'.repeat(10_000));
    const [response] = (await once(asking, 'response')) as [{ statusCode: number; resume(): void }];
    assert.equal(response.statusCode, 413);
    response.resume();
    asking.destroy();
  });

  it('tells a handler that the client went away', async () => {
    let aborted: () => void = () => undefined;
    const seen = new Promise<void>((resolve) => (aborted = resolve));
    let begun: () => void = () => undefined;
    const started = new Promise<void>((resolve) => (begun = resolve));
    const url = await serve(async (request) => {
      request.signal.addEventListener('abort', () => aborted());
      begun();
      await seen;
      return new Response('nobody reads this');
    });
    const asking = httpRequest(url);
    asking.on('error', () => undefined);
    asking.end();
    await started;
    asking.destroy();
    await seen;
  });

  it('answers 400 where the Host makes no address', async () => {
    const url = new URL(await serve(async () => new Response()));
    const asking = httpRequest({ host: url.hostname, port: url.port, headers: { Host: 'no host' } }).end();
    const [response] = (await once(asking, 'response')) as [{ statusCode: number; resume(): void }];
    assert.equal(response.statusCode, 400);
    response.resume();
  });
});

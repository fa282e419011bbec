import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { request as httpRequest, createServer, type IncomingMessage, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { after, afterEach, before, describe, it } from 'node:test';
import { verifyWebhook, type WebhookEvent } from '../../src/server/index.js';
import { startRedis } from '../support/redis.js';
import {
  CALLEE,
  HOOK_SECRET,
  ORIGIN,
  SIGNING_KEY,
  WEBHOOK_SECRET,
  Workshop,
  type Running,
} from './support/ready-server.js';

type Json = Record<string, unknown>;

const askToken = (server: Running, body: unknown = { line: 'sales' }, headers: Record<string, string> = {}) =>
  fetch(`${server.url}/api/sip-token`, {
    method: 'POST',
    headers: { Origin: ORIGIN, 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });

let events = 0;

async function ask(server: Running, question: string, body: Json, secret = HOOK_SECRET): Promise<Response> {
  return await fetch(`${server.url}/hook/${question}`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${secret}` },
    body: JSON.stringify({ event_id: `event-${++events}`, gateway: 'gw1', ...body }),
  });
}

const call = { call_id: 'the-call', from_tag: 'the-tag' };

async function mint(server: Running): Promise<string> {
  const response = await askToken(server);
  assert.equal(response.status, 200);
  return ((await response.json()) as { token: string }).token;
}

describe('the ready server', () => {
  let workshop: Workshop;
  let server: Running;

  before(async () => {
    workshop = await Workshop.open();
    server = await workshop.serve({ context: ['campaign'] });
  });

  after(() => workshop.close());

  it('gives grants, and knows them when the gateway asks', async () => {
    const response = await askToken(server);
    assert.equal(response.headers.get('Access-Control-Allow-Origin'), ORIGIN);
    assert.equal(response.headers.get('Cache-Control'), 'no-store');
    const { token, gateway_url } = (await response.json()) as { token: string; gateway_url: string };
    assert.equal(gateway_url, 'wss://gateway.example/');
    const answer = await ask(server, 'call', { ...call, token });
    assert.equal(((await answer.json()) as { callee: string }).callee, CALLEE);
  });

  it('answers a preflight, and refuses other pages, other lines and other methods', async () => {
    const preflight = await fetch(`${server.url}/api/sip-token`, { method: 'OPTIONS', headers: { Origin: ORIGIN } });
    assert.equal(preflight.status, 204);
    assert.equal((await askToken(server, {}, { Origin: 'https://evil.example' })).status, 403);
    assert.equal((await askToken(server, { line: 'constructor' })).status, 404);
    assert.equal(
      (await fetch(`${server.url}/api/sip-token`, { method: 'DELETE', headers: { Origin: ORIGIN } })).status,
      405,
    );
    assert.equal((await ask(server, 'call', call, 'a guess')).status, 401);
  });

  it('tells whether a line is open', async () => {
    const response = await fetch(`${server.url}/status?line=sales`);
    assert.deepEqual(await response.json(), { available: true });
  });

  it('has nothing anywhere else', async () => {
    for (const path of ['/', '/metrics', '/hook', '/hook/', '/hook/call/more', '/api/sip-token/', '//api/sip-token']) {
      assert.equal((await fetch(`${server.url}${path}`)).status, 404, path);
    }
  });

  it('reads a body that comes in pieces, and stops at one that is too long', async () => {
    const send = async (pieces: string[]): Promise<number | undefined> => {
      const asking = httpRequest(`${server.url}/api/sip-token`, { method: 'POST', headers: { Origin: ORIGIN } });
      asking.on('error', () => undefined);
      for (const piece of pieces) asking.write(piece);
      if (pieces.length < 10) asking.end();
      const [response] = (await once(asking, 'response')) as [IncomingMessage];
      response.resume();
      asking.destroy();
      return response.statusCode;
    };
    assert.equal(await send(['{"line":', '"sales"', '}']), 200);
    assert.equal(await send(Array<string>(10).fill(' '.repeat(1000))), 413);
    assert.equal((await askToken(server, { line: 'x'.repeat(5000) })).status, 413);
  });

  it('survives requests that are none', async () => {
    const said = async (text: string): Promise<string> => {
      const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
      let answer = '';
      socket.on('data', (chunk) => (answer += chunk));
      socket.write(text);
      await once(socket, 'close');
      return answer.split('\r\n')[0]!;
    };
    assert.match(await said('nonsense\r\n\r\n'), / 400 /);
    assert.match(await said(`GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`), / 431 /);
    const head = `Host: a b\r\nOrigin: ${ORIGIN}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`;
    assert.match(await said(`GET /api/sip-token HTTP/1.1\r\n${head}`), / 400 /);
    assert.equal((await fetch(`${server.url}/healthz`)).status, 200);
  });

  it('is alive and ready', async () => {
    for (const path of ['/healthz', '/readyz']) assert.equal((await fetch(`${server.url}${path}`)).status, 200, path);
  });

  it('counts, beside the public port, by names that the configuration holds', async () => {
    const token = await mint(server);
    const named = { call_id: 'counted', from_tag: 'tag' };
    await ask(server, 'call', { ...named, token });
    const during = await (await fetch(server.metricsUrl)).text();
    await ask(server, 'ended', { ...named, duration: 42, reason: 'hangup' });
    await ask(server, 'call', { ...named, token: 'unknown' });
    await askToken(server, { line: 'a line that nobody has' });
    const text = await (await fetch(server.metricsUrl)).text();

    assert.match(during, /^sautikit_calls_active\{line="sales"\} [12]$/m);
    assert.match(text, /^sautikit_grants_total\{line="sales",outcome="minted"\} [0-9]+$/m);
    assert.match(text, /^sautikit_grants_total\{line="",outcome="not-found"\} [0-9]+$/m);
    assert.match(text, /^sautikit_calls_started_total\{line="sales"\} [12]$/m);
    assert.match(text, /^sautikit_calls_refused_total\{code="token-unknown"\} 1$/m);
    assert.match(text, /^sautikit_calls_ended_total\{line="sales"\} 1$/m);
    assert.match(text, /^sautikit_call_seconds_total\{line="sales"\} 42$/m);
    assert.match(text, /^sautikit_request_duration_seconds_count\{route="hook\/call",status="200"\} [0-9]+$/m);
    assert.doesNotMatch(text, /nobody has|counted/);
    assert.equal((await fetch(new URL('/api/sip-token', server.metricsUrl))).status, 404);
  });

  it('writes JSON lines in which there is no token, secret, address, number or visitor', async () => {
    const token = await mint(server);
    await ask(server, 'connect', { token });
    await ask(server, 'call', { ...call, call_id: 'logged', token });
    await ask(server, 'ended', { ...call, call_id: 'logged', duration: 1, reason: 'hangup' });
    await askToken(server, { line: 'sales', context: { campaign: 'a campaign' } });
    await fetch(`${server.url}/api/sip-token?token=${token}`, { method: 'PATCH' });
    await server.writes('"method":"PATCH"');
    const rows = server.log().trim().split('\n');
    for (const row of rows) JSON.parse(row);
    assert.ok(rows.some((row) => row.includes('"event":"ended"')));
    const secrets = [
      token,
      ...token.split('.'),
      HOOK_SECRET,
      SIGNING_KEY,
      'sip:',
      CALLEE,
      '+254',
      'campaign',
      'logged',
      '"peer"',
    ];
    for (const secret of secrets) assert.ok(!server.log().includes(secret), `the log has ${secret}`);
  });
});

describe('a call in the log of the ready server', () => {
  let workshop: Workshop;
  let server: Running;

  before(async () => {
    workshop = await Workshop.open();
    server = await workshop.serve();
  });

  after(() => workshop.close());

  const rows = (): Json[] =>
    server
      .log()
      .trim()
      .split('\n')
      .map((row) => JSON.parse(row) as Json);

  it('is found by the id that the page knows it by: request, question and report, granted or refused', async () => {
    const id = randomUUID();
    const response = await askToken(server, { line: 'sales', correlation_id: id });
    const { token } = (await response.json()) as { token: string };
    assert.equal((await askToken(server, { line: 'nobody has it', correlation_id: id })).status, 404);
    await ask(server, 'connect', { token, call_id: `${id}-register` });
    await ask(server, 'call', { token, call_id: id, from_tag: 'one' });
    await ask(server, 'call', { token, call_id: id, from_tag: 'two' });
    await ask(server, 'ended', { call_id: id, from_tag: 'one', duration: 1 });
    await server.writes('"route":"hook/ended"');
    const found = rows()
      .filter(({ call }) => call === id)
      .map(({ route, event, status, outcome }) => [route ?? event, status, outcome]);
    assert.deepEqual(found, [
      ['token', 200, 'minted'],
      ['token', 404, 'not-found'],
      ['hook/connect', 200, undefined],
      ['started', undefined, undefined],
      ['hook/call', 200, undefined],
      ['hook/call', 403, 'token-denied'],
      ['ended', undefined, undefined],
      ['hook/ended', 204, undefined],
    ]);
  });

  it('has no id that could be a line, a number or an address, and nobody is refused for one', async () => {
    const before = rows().length;
    const forged = [
      '6f1c2d3e-4b5a-4c6d-8e7f-0123456789ab\n{"level":"info","msg":"forged"}',
      '+254722000001',
      'sip:amina@192.0.2.7',
      { deep: 'forged' },
      7,
      'x'.repeat(2000),
    ];
    for (const correlation_id of forged) {
      const response = await askToken(server, { line: 'sales', correlation_id });
      assert.equal(response.status, 200);
      const { token } = (await response.json()) as { token: string };
      if (typeof correlation_id === 'string')
        await ask(server, 'call', { token, call_id: correlation_id, from_tag: 'a' });
    }
    await fetch(`${server.url}/api/sip-token`, { method: 'PATCH' });
    await server.writes('"method":"PATCH"');
    const since = rows().slice(before);
    assert.equal(since.filter(({ route }) => route === 'token').length, forged.length + 1);
    assert.deepEqual(
      since.filter(({ call }) => call !== undefined),
      [],
    );
    assert.doesNotMatch(server.log(), /forged|\+254|amina|xxxx/);
  });
});

describe('the ready server that stops', () => {
  let workshop: Workshop;
  let receiver: Server | undefined;

  before(async () => {
    workshop = await Workshop.open();
  });

  afterEach(() => {
    receiver?.closeAllConnections();
    receiver?.close();
  });

  after(() => workshop.close());

  it('finishes what runs, takes nothing new, and ends with 0', async () => {
    const server = await workshop.serve();
    const body = JSON.stringify({ line: 'sales' });
    const asking = httpRequest(`${server.url}/api/sip-token`, {
      method: 'POST',
      headers: { Origin: ORIGIN, 'Content-Length': body.length, Expect: '100-continue' },
    });
    asking.flushHeaders();
    // Said when the server has the head of the request and waits for the rest.
    await once(asking, 'continue');
    server.kill('SIGTERM');
    await server.says('stopping');
    await assert.rejects(fetch(`${server.url}/healthz`));
    asking.end(body);
    const [response] = (await once(asking, 'response')) as [IncomingMessage];
    response.resume();
    assert.deepEqual([response.statusCode, response.headers.connection], [200, 'close']);
    assert.equal((await server.ended).code, 0);
    await server.says('stopped');
  });

  it('tells the webhook first what it still has to tell', async () => {
    const bodies: WebhookEvent[] = [];
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const arrived = new Promise<void>((resolve) => {
      receiver = createServer((request, response) => {
        const chunks: Buffer[] = [];
        request.on('data', (chunk: Buffer) => chunks.push(chunk));
        request.on('end', () => {
          resolve();
          const header = String(request.headers['sautikit-signature']);
          void Promise.all([verifyWebhook({ header, body: String(Buffer.concat(chunks)) }, WEBHOOK_SECRET), held]).then(
            ([event]) => {
              if (event) bodies.push(event);
              response.writeHead(event ? 204 : 401).end();
            },
          );
        });
      }).listen(0, '127.0.0.1');
    });
    await once(receiver!, 'listening');
    const url = `http://127.0.0.1:${(receiver!.address() as AddressInfo).port}/`;
    const server = await workshop.serve({ webhook: { url, secret: { env: 'WEBHOOK_SECRET' } } });
    await ask(server, 'call', { ...call, token: await mint(server) });
    await ask(server, 'ended', { ...call, duration: 3, reason: 'hangup' });
    await arrived;
    server.kill('SIGTERM');
    await server.says('stopping');
    release();
    assert.equal((await server.ended).code, 0);
    assert.deepEqual(
      bodies.map(({ type, line, duration }) => [type, line, duration]),
      [
        ['call.started', 'sales', undefined],
        ['call.ended', 'sales', 3],
      ],
    );
  });
});

describe('the ready server with Redis', () => {
  let workshop: Workshop;

  before(async () => {
    workshop = await Workshop.open();
  });

  after(() => workshop.close());

  it('knows the grants of another server, and gives none when Redis is gone', async () => {
    const redis = await startRedis();
    try {
      const one = await workshop.serve({}, '--redis', redis.url);
      const other = await workshop.serve({}, '--redis', redis.url);
      const token = await mint(one);
      assert.equal((await ask(other, 'call', { ...call, token })).status, 200);
      assert.equal((await ask(one, 'call', { ...call, call_id: 'a second call', token })).status, 403);
      assert.equal((await fetch(`${one.url}/readyz`)).status, 200);
      await redis.stop();
      assert.equal((await fetch(`${one.url}/readyz`)).status, 503);
      assert.equal((await fetch(`${one.url}/healthz`)).status, 200);
      const refused = await askToken(one);
      assert.deepEqual([refused.status, await refused.json()], [500, { error: 'server-error' }]);
      assert.equal((await ask(other, 'call', { ...call, token })).status, 500);
      one.kill();
      assert.equal((await one.ended).code, 0);
    } finally {
      await redis.stop();
    }
  });
});

describe('the command', () => {
  let workshop: Workshop;

  before(async () => {
    workshop = await Workshop.open();
  });

  after(() => workshop.close());

  it('tells how it is used, and its version', async () => {
    assert.match((await workshop.run('--help')).stdout, /serve --config <file>/);
    assert.match((await workshop.run('--version')).stdout, /^\d+\.\d+\.\d+\n$/);
  });

  for (const [what, args, expected] of [
    ['no command', [], /expected "serve" or "check"/],
    ['an option that does not exist', ['serve', '--prot', '80'], /Unknown option '--prot'/],
    ['no configuration', ['serve'], /expected --config <file>/],
    ['a port that is none', ['serve', '--config', 'CONFIG', '--port', '99999'], /--port: expected a port/],
    ['a Redis that is none', ['serve', '--config', 'CONFIG', '--redis', 'localhost'], /expected a URL of Redis/],
  ] as const) {
    it(`says in one line what is wrong with ${what}`, async () => {
      const file = await workshop.write();
      const { code, stdout, stderr } = await workshop.run(...args.map((arg) => (arg === 'CONFIG' ? file : arg)));
      assert.deepEqual([code, stdout], [1, '']);
      assert.match(stderr, expected);
      assert.match(stderr, /^sautikit-call-button: [^\n]+\n$/);
    });
  }

  it('checks a configuration without starting anything', async () => {
    assert.match((await workshop.run('check', '--config', await workshop.write())).stdout, /is fine/);
    const file = await workshop.write({ domain: 1, lines: { sales: {} } });
    const { code, stderr } = await workshop.run('check', '--config', file);
    assert.equal(code, 1);
    assert.deepEqual(
      stderr
        .trim()
        .split('\n')
        .map((row) => row.split(': ')[2]),
      ['lines.sales.callee', 'domain'],
    );
  });

  it('says in one line that its port is taken', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    const file = await workshop.write();
    for (const option of ['--port', '--metrics-port']) {
      const ports = option === '--port' ? ['--metrics-port', 'off'] : ['--port', '0'];
      const { code, stderr } = await workshop.run('serve', '--config', file, ...ports, option, String(port));
      assert.deepEqual([code, stderr], [1, `sautikit-call-button: port ${port} is taken by another program\n`]);
    }
    taken.close();
  });

  it('serves metrics on its one port where somebody asks for that', async () => {
    const probe = createServer().listen(0, '127.0.0.1');
    await once(probe, 'listening');
    const port = String((probe.address() as AddressInfo).port);
    await new Promise((resolve) => probe.close(resolve));
    const server = await workshop.serve({}, '--port', port, '--metrics-port', port);
    assert.equal(server.metricsUrl, `${server.url}/metrics`);
    assert.match(await (await fetch(server.metricsUrl)).text(), /^process_cpu_seconds_total /m);
  });
});

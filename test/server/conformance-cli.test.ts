import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import {
  createAltchaCheck,
  createLimits,
  createMemoryGrantStore,
  createSigner,
  createTokenHandler,
  toNodeListener,
} from '../../src/server/index.js';
import { conformanceCommand } from '../../src/server/conformance/cli.js';
import { row } from '../../src/server/conformance/report.js';
import { CATALOGUE, result, type CheckResult } from '../../src/server/conformance/catalogue.js';
import type { Handler } from './support/altered-endpoint.js';
import { key, lines, shop } from './support/world.js';

const inTenMinutes = (): number => Math.floor(Date.now() / 1000) + 600;

const endpoint = (path: string): Handler =>
  createTokenHandler({
    lines: { ...lines, night: { callee: 'sip:night@example.test', hours: {}, timeZone: 'Africa/Nairobi' } },
    mint: createSigner({ key }),
    grants: createMemoryGrantStore(),
    gatewayUrl: 'wss://gateway.example/',
    domain: 'gateway.example',
    allowedOrigins: [shop],
    iceServers: ({ sid }) => [{ urls: 'turns:turn.example', username: `${inTenMinutes()}:${sid}`, credential: sid }],
    limits: createLimits(),
    ...(path === '/challenged' && { challenge: createAltchaCheck({ secret: key }) }),
  });

describe('the command that grades a token endpoint', () => {
  let server: Server;
  let url: string;

  before(async () => {
    // Each test has a path, and with it limits, of its own.
    const listeners = new Map<string, ReturnType<typeof toNodeListener>>();
    server = createServer((request, response) => {
      const path = request.url ?? '/';
      const listener = listeners.get(path) ?? toNodeListener(endpoint(path));
      listeners.set(path, listener);
      listener(request, response);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  after(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const run = async (...args: string[]): Promise<{ code: number; out: string; error: string }> => {
    let [out, error] = ['', ''];
    const write = { out: (text: string) => void (out += text), error: (text: string) => void (error += text) };
    const code = await conformanceCommand(args, { ...write, colour: false });
    return { code, out, error };
  };

  it('prints a row for each check and ends with 0 where nothing failed', async () => {
    const { code, out } = await run(`${url}/right`, '--origin', shop, '--line', 'sales');
    assert.equal(code, 0, out);
    assert.match(out, /^pass {2}answers {2,}A page that may call/m);
    assert.match(out, /\d+ passed, 0 failed, \d+ not judged\.\n$/);
  });

  it('finds nothing to better in an endpoint with limits, human checks, hours and TURN', async () => {
    const { code, out } = await run(`${url}/challenged`, '--origin', shop, '--line', 'sales', '--closed-line', 'night');
    assert.equal(code, 0, out);
    assert.match(out, new RegExp(`\\n${Object.keys(CATALOGUE).length} passed, 0 failed\\.\\n$`), out);
  });

  it('says what was seen and how to mend it, and ends with 1 where something failed', async () => {
    const { code, out } = await run(`${url}/wrong`, '--origin', shop, '--line', 'no-such-line', '--no-limits');
    assert.equal(code, 1);
    assert.match(out, /^FAIL {2}answers[^]*seen: a grant: 404 "not-found"\n +mend: Answer POST/m);
  });

  it('prints JSON on request', async () => {
    const { out } = await run(`${url}/json`, '--origin', shop, '--line', 'sales', '--no-limits', '--json');
    const report = JSON.parse(out) as { conforms: boolean; results: CheckResult[] };
    assert.equal(report.conforms, true);
    assert.deepEqual(Object.keys(report.results[0] ?? {}).sort(), ['id', 'mend', 'outcome', 'rule', 'seen']);
  });

  for (const args of [
    [],
    ['not-an-address'],
    ['ftp://a.example'],
    ['http://a', 'http://b'],
    ['http://a', '--colour'],
  ]) {
    it(`does not understand "${args.join(' ')}", and says how it is used`, async () => {
      const { code, out, error } = await run(...args);
      assert.equal(code, 2);
      assert.equal(out, '');
      assert.match(error, /Usage: conformance <token-url>/);
    });
  }

  it('asks by GET on request', async () => {
    const args = ['--origin', shop, '--line', 'sales', '--no-limits', '--token-method'];
    assert.equal((await run(`${url}/get`, ...args, 'GET')).code, 0);
    assert.match((await run(`${url}/get`, ...args, 'PUT')).error, /--token-method is neither/);
  });

  it('refuses an origin that could never match', async () => {
    assert.match((await run(url, '--origin', `${shop}/`)).error, /--origin: .* is no origin/);
  });

  it('shows nothing that could command the terminal', () => {
    const shown = row(result('answers', 'fail', 'a grant: 500 "\u001b[2Jgone\u009b"'));
    assert.match(shown, /\?\[2Jgone\?/);
    // eslint-disable-next-line no-control-regex -- control characters are what is looked for
    assert.doesNotMatch(shown, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  });
});

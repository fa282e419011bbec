import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createBackend } from '../../src/server/ready/backend.js';
import { parseConfig, readConfig } from '../../src/server/ready/config.js';
import { ConfigError } from '../../src/server/ready/config-error.js';

const environment = {
  SIGNING_KEY: 'a signing key of at least 32 bytes',
  HOOK_SECRET: 'the-secret-of-the-hook',
  WITH_BLANKS: 'the secret of the hook',
  SHORT: 'short',
  EMPTY: '',
};

const smallest = {
  lines: { sales: { callee: 'sip:desk@pbx.example' } },
  domain: 'gateway.example',
  gatewayUrl: 'wss://gateway.example/',
  allowedOrigins: ['https://shop.example'],
  mint: { type: 'signer', keys: [{ id: '2026-11', key: { env: 'SIGNING_KEY' } }] },
  hook: { secret: { env: 'HOOK_SECRET' } },
};

/** What is said of a configuration that is the smallest one with these changes. */
function problemsOf(changes: Record<string, unknown>): readonly string[] {
  try {
    parseConfig(JSON.stringify({ ...smallest, ...changes }), environment);
  } catch (error) {
    assert.ok(error instanceof ConfigError);
    return error.problems;
  }
  return [];
}

describe('a configuration', () => {
  it('needs lines, domain, gateway, origins, a mint and the secret of the hook', () => {
    assert.deepEqual(problemsOf({}), []);
    for (const name of Object.keys(smallest)) {
      const [problem, ...others] = problemsOf({ [name]: undefined });
      assert.ok(problem?.startsWith(`${name}: `), problem);
      assert.deepEqual(others, []);
    }
  });

  it('holds no secret but the names of variables, and is given what they hold', () => {
    const config = parseConfig(JSON.stringify(smallest), environment);
    assert.equal(config.hook.secret, environment.HOOK_SECRET);
    const [problem] = problemsOf({ hook: { secret: 'literally the secret' } });
    assert.match(problem ?? '', /^hook\.secret: expected \{ "env": "NAME" \}/);
    assert.doesNotMatch(problem ?? '', /literally/);
  });

  for (const [what, changes, expected] of [
    [
      'a variable that is missing',
      { hook: { secret: { env: 'NOWHERE' } } },
      'hook.secret: the environment variable NOWHERE is not set',
    ],
    ['a variable that is empty', { redis: { env: 'EMPTY' } }, 'redis: the environment variable EMPTY is empty'],
    [
      'a secret that no header can carry',
      { hook: { secret: { env: 'WITH_BLANKS' } } },
      'hook.secret: expected letters, digits and -._~+/ only, since it is sent as a bearer token',
    ],
    [
      'a key that is too short',
      { mint: { type: 'signer', keys: [{ id: 'a', key: { env: 'SHORT' } }] } },
      'mint.keys[0].key: expected at least 32 bytes',
    ],
    ['a setting that does not exist', { allowedOrigin: [] }, 'allowedOrigin: there is no such setting'],
    [
      'a setting of a line that does not exist',
      { lines: { sales: { callee: 'sip:a@b.example', calle: 1 } } },
      'lines.sales.calle: there is no such setting',
    ],
    [
      'a callee that is no address',
      { lines: { 'new york': { callee: '+254700' } } },
      'lines["new york"].callee: is not a SIP URI',
    ],
    [
      'hours without a time zone',
      { lines: { sales: { callee: 'sip:a@b.example', hours: { mon: [] } } } },
      'lines.sales.timeZone: is missing: the hours need one',
    ],
    [
      'an origin with a path',
      { allowedOrigins: ['https://a.example', 'https://shop.example/'] },
      'allowedOrigins[1]: expected an origin such as "https://shop.example": scheme, host and port, and nothing after that',
    ],
    [
      'a gateway without TLS',
      { gatewayUrl: 'ws://gateway.example/' },
      'gatewayUrl: expected a "wss://" URL; "ws://" is for this machine only',
    ],
    ['a mint of another kind', { mint: { type: 'magic' } }, /^mint\.type: expected "signer"/],
    [
      'a webhook in the clear',
      { webhook: { url: 'http://crm.example/', secret: { env: 'HOOK_SECRET' } } },
      'webhook.url: expected an "https://" URL; "http://" is for this machine only',
    ],
    [
      'a proxy that is no address',
      { trustedProxies: ['10.0.0.0/99'] },
      'trustedProxies[0]: expected an address such as "10.0.0.0/8" or "::1"',
    ],
    [
      'a TURN server that is none',
      { turn: { secret: { env: 'HOOK_SECRET' }, urls: ['stun:turn.example'] } },
      'turn.urls[0]: expected an address such as "turn:turn.example:3478?transport=udp"',
    ],
    [
      'a TURN policy that no browser knows',
      { turn: { secret: { env: 'HOOK_SECRET' }, urls: ['turn:turn.example'], policy: 'nohost' } },
      'turn.policy: expected "all" or "relay"',
    ],
    ['a scope that does not exist', { scope: ['everything'] }, 'scope[0]: expected "call" or "dial" or "receive"'],
    [
      'a path with a slash at its end',
      { paths: { hook: '/hook/' } },
      'paths.hook: expected a path such as "/api/sip-token", without a slash at the end',
    ],
    ['a number of another kind', { numbers: { '0700': { ring: ['desk'] } } }, /^numbers\["0700"\]: /],
    ['a limit that would refuse everybody', { limits: { address: { hard: 0 } } }, /^limits\.address\.hard: /],
  ] as const) {
    it(`is refused for ${what}, with the path and what belongs there`, () => {
      const problems = problemsOf(changes);
      assert.equal(problems.length, 1, problems.join('\n'));
      if (typeof expected === 'string') assert.equal(problems[0], expected);
      else assert.match(problems[0]!, expected);
    });
  }

  it('is told everything that is wrong with it at once', () => {
    assert.equal(problemsOf({ domain: 1, scope: [], log: { level: 'loud' } }).length, 3);
  });

  it('is refused where it is no JSON, with line and column and without its text', () => {
    assert.throws(
      () => parseConfig('{\n  "secret": "abc",\n}', environment),
      (error: ConfigError) => {
        assert.match(error.message, /^the whole file: expected JSON/);
        assert.doesNotMatch(error.message, /abc/);
        return true;
      },
    );
  });

  it('is there as an example, whose every setting is right', async () => {
    const example = new URL('../../demo/ready-server/lines.json', import.meta.url);
    const names = (await readFile(example, 'utf8')).matchAll(/"env": "(\w+)"/g);
    const secrets = Object.fromEntries([...names].map(([, name]) => [name, 'a-secret-of-at-least-32-characters']));
    const config = await readConfig(fileURLToPath(example), secrets);
    await createBackend(config, { onEvent: () => undefined, onError: assert.ifError });
  });

  it('is read from a file, and a file that is not there is said to be missing', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sautikit-config-'));
    try {
      const file = join(folder, 'lines.json');
      await assert.rejects(readConfig(file, environment), /cannot be read \(ENOENT\)/);
      await writeFile(file, JSON.stringify(smallest));
      assert.deepEqual((await readConfig(file, environment)).allowedOrigins, ['https://shop.example']);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

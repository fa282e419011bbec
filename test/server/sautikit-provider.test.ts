import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { SignJWT } from 'jose';
import {
  createMemoryGrantStore,
  createSautikitProvider,
  createTokenHandler,
  type MintFailure,
  type TokenHandlerOptions,
} from '../../src/server/index.js';
import { sha256Hex } from '../../src/server/secrets.js';
import { answerJson, Upstream, type Reply } from './support/upstream.js';
import { key, lines, shop } from './support/world.js';

const apiKey = 'sk_live_of_nobody';
const WORKSPACE = '3f1d4c0e-0000-4000-8000-5a1d2b3c4d5e';

/** The API as it is documented. */
const documented: Reply = async ({ method, path, headers }, response) => {
  if (method !== 'POST' || path !== '/v1/sip/token') return answerJson(response, 404, { error: 'not found' });
  if (headers.authorization !== `Bearer ${apiKey}`) return answerJson(response, 401, { error: 'unauthorized' });
  const iat = Math.floor(Date.now() / 1000);
  const token = await new SignJWT({})
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuer('sautikit-sip')
    .setSubject(WORKSPACE)
    .setIssuedAt(iat)
    .setExpirationTime(iat + 300)
    .sign(new TextEncoder().encode(key));
  answerJson(response, 200, { token, expires_at: new Date((iat + 300) * 1000).toISOString() });
};

describe('the provider that asks the Sautikit API', () => {
  let api: Upstream;

  beforeEach(async () => {
    api = await Upstream.start();
    api.reply = documented;
  });
  afterEach(() => api.stop());

  const endpoint = (options: Partial<TokenHandlerOptions> = {}) => {
    const grants = createMemoryGrantStore();
    const errors: unknown[] = [];
    const handler = createTokenHandler({
      lines,
      mint: createSautikitProvider({ apiKey, baseUrl: api.url, timeout: 500 }),
      grants,
      gatewayUrl: 'wss://gateway.test',
      domain: 'example.test',
      allowedOrigins: [shop],
      onError: (error) => errors.push(error),
      ...options,
    });
    const ask = async (): Promise<{ response: Response; text: string; body: Record<string, unknown> }> => {
      const headers = { Origin: shop };
      const response = await handler(
        new Request('https://api.test/', { method: 'POST', headers, body: '{"line":"sales"}' }),
      );
      const text = await response.text();
      return { response, text, body: JSON.parse(text) as Record<string, unknown> };
    };
    return { ask, grants, errors };
  };

  it('gives the token of the API, and an address that no other caller has', async () => {
    const { ask, grants } = endpoint();
    const [one, two] = [(await ask()).body, (await ask()).body];
    assert.equal(one.gateway_url, 'wss://gateway.test');
    assert.match(one.sip_uri as string, /^sip:[0-9a-f]{32}@example\.test$/);
    assert.notEqual(one.sip_uri, two.sip_uri);
    const record = await grants.get(await sha256Hex(one.token as string));
    assert.equal(record?.sub, one.sip_uri);
    assert.equal(record?.line, 'sales');
    assert.ok((one.expires_in as number) > 290 && (one.expires_in as number) <= 300);
  });

  it('gives nobody the token of somebody else, although those of one second are the same', async () => {
    const { ask, grants } = endpoint();
    const both = await Promise.all([ask(), ask()]);
    const [one, two] = both.map(({ body }) => body as { token: string; sip_uri: string });
    assert.notEqual(one?.token, two?.token);
    for (const given of [one, two]) {
      assert.equal((await grants.get(await sha256Hex(given?.token ?? '')))?.sub, given?.sip_uri);
    }
  });

  it('shows the key to the API alone', async () => {
    const { text } = await endpoint().ask();
    assert.equal(api.seen[0]?.headers.authorization, `Bearer ${apiKey}`);
    assert.equal(text.includes(apiKey), false);
  });

  it('trusts no date for longer than a token of the API lives', async () => {
    const later = new Date(Date.now() + 86_400_000).toISOString();
    api.reply = (_seen, response) => answerJson(response, 200, { token: 'a.b.c', expires_at: later });
    assert.equal((await endpoint().ask()).body.expires_in, 300);
  });

  const html: Reply = (_seen, response) => void response.end('<html>Please log in</html>');
  const cut: Reply = (_seen, response) => void response.destroy();
  const silent: Reply = () => undefined;
  const half: Reply = (_seen, response) => void response.write('{"token":');
  const away: Reply = (_seen, response) => void response.writeHead(302, { Location: 'https://elsewhere.test/' }).end();
  const answer =
    (status: number, body: unknown, headers = {}): Reply =>
    (_seen, response) =>
      answerJson(response, status, body, headers);
  const expires_at = new Date(Date.now() + 300_000).toISOString();

  const failures: [string, Reply, number, MintFailure['reason'], number?][] = [
    ['refuses the key', answer(401, { error: `bad key ${apiKey}` }), 502, 'unauthorized'],
    ['forbids it', answer(403, {}), 502, 'unauthorized'],
    ['is asked too often', answer(429, { retry_after: 7 }), 503, 'rate-limited', 7],
    ['is asked too often and says so in a header', answer(429, {}, { 'Retry-After': '9' }), 503, 'rate-limited', 9],
    ['breaks', answer(500, { error: apiKey }), 502, 'failed'],
    ['answers HTML', html, 502, 'malformed'],
    ['answers a list', answer(200, []), 502, 'malformed'],
    ['answers without a token', answer(200, { expires_at }), 502, 'malformed'],
    ['answers with a token that would end a header', answer(200, { token: 'a\r\nb', expires_at }), 502, 'malformed'],
    ['answers without a date', answer(200, { token: 'a.b.c' }), 502, 'malformed'],
    ['answers with a date that is none', answer(200, { token: 'a.b.c', expires_at: 'soon' }), 502, 'malformed'],
    [
      'answers with a date in the past',
      answer(200, { token: 'a.b.c', expires_at: '2020-01-01T00:00:00Z' }),
      502,
      'malformed',
    ],
    ['answers 100 kB', answer(200, { token: 'a.b.c', expires_at, more: 'x'.repeat(100_000) }), 502, 'malformed'],
    ['sends it elsewhere', away, 502, 'failed'],
    ['hangs up', cut, 503, 'unreachable'],
    ['says nothing', silent, 503, 'timeout'],
    ['stops in the middle', half, 503, 'timeout'],
  ];
  for (const [what, reply, status, reason, retryAfter] of failures) {
    it(`refuses with ${status} where the API ${what}`, async () => {
      api.reply = reply;
      const { ask, errors } = endpoint();
      const { response, body, text } = await ask();
      assert.equal(response.status, status);
      assert.deepEqual(body, { error: 'mint-failed', ...(retryAfter !== undefined && { retry_after: retryAfter }) });
      const [error] = errors as [MintFailure];
      assert.equal(error.reason, reason);
      const told = `${text} ${String(error)} ${error.stack ?? ''} ${JSON.stringify(error)} ${String(error.cause)}`;
      assert.equal(told.includes(apiKey), false);
      assert.equal(api.seen.length, 1);
    });
  }

  it('refuses with 503 where nobody listens', async () => {
    const gone = await Upstream.start();
    const baseUrl = gone.url;
    await gone.stop();
    const { ask } = endpoint({ mint: createSautikitProvider({ apiKey, baseUrl }) });
    assert.equal((await ask()).response.status, 503);
  });

  it('starts with no key that could not be sent, and no address that would show it, and quotes neither', () => {
    const start = (options: { apiKey?: string; baseUrl?: string }) => () =>
      createSautikitProvider({ apiKey, baseUrl: 'https://api.test', ...options });
    const wrong = [{ apiKey: '' }, { apiKey: 'sk_secret\n' }, { baseUrl: 'http://api.test' }, { baseUrl: 'sk_secret' }];
    for (const options of wrong) {
      assert.throws(
        start(options),
        (error: Error) => error instanceof TypeError && !error.message.includes('sk_secret'),
      );
    }
    start({ baseUrl: 'http://localhost:8080/' })();
  });
});

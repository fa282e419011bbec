import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  createMemoryGrantStore,
  createSigner,
  createTokenHandler,
  Refusal,
  type TokenHandlerOptions,
} from '../../src/server/index.js';
import { sha256Hex } from '../../src/server/secrets.js';
import { key, lines, shop } from './support/world.js';

interface Answer {
  token: string;
  sip_uri: string;
  error?: string;
  [field: string]: unknown;
}

function endpoint(options: Partial<TokenHandlerOptions> = {}) {
  const grants = createMemoryGrantStore();
  const signer = createSigner({ key });
  const handler = createTokenHandler({
    lines,
    mint: signer,
    grants,
    gatewayUrl: 'wss://gateway.test/sip',
    domain: 'example.test',
    allowedOrigins: [shop],
    ...options,
  });
  const ask = async (body: unknown = { line: 'sales' }, headers: Record<string, string> = { Origin: shop }) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return await handler(new Request('https://api.test/token', { method: 'POST', headers, body: text }));
  };
  const grant = async (body?: unknown): Promise<Answer> => (await (await ask(body)).json()) as Answer;
  const reserve = async (token: string, callId: string) => await grants.reserve(await sha256Hex(token), callId, 'tag');
  return { handler, ask, grant, grants, signer, reserve };
}

async function errorOf(response: Response): Promise<string | undefined> {
  return ((await response.json()) as Answer).error;
}

describe('the token endpoint', () => {
  it('answers a grant, that no cache may keep', async () => {
    const { ask } = endpoint();
    const response = await ask();
    const grant = (await response.json()) as Answer;
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('Cache-Control'), 'no-store');
    assert.deepEqual(Object.keys(grant).sort(), ['expires_at', 'expires_in', 'gateway_url', 'sip_uri', 'token']);
    assert.equal(grant.expires_in, 300);
    assert.equal(grant.gateway_url, 'wss://gateway.test/sip');
    assert.match(grant.sip_uri, /^sip:[0-9a-f]{32}@example\.test$/);
  });

  it('says nowhere who is called', async () => {
    const { ask } = endpoint();
    const text = await (await ask()).text();
    const claims = atob(((JSON.parse(text) as Answer).token.split('.')[1] ?? '').replace(/-/g, '+').replace(/_/g, '/'));
    for (const said of [text, claims]) assert.doesNotMatch(said, /desk|254700000001|sales/);
  });

  it('gives each grant an address of its own, and a signed-in receiver always the same', async () => {
    const visitor = endpoint();
    assert.notEqual((await visitor.grant()).sip_uri, (await visitor.grant()).sip_uri);
    const desk = endpoint({ scope: ['receive'], subject: () => 'desk' });
    assert.equal((await desk.grant({})).sip_uri, 'sip:desk@example.test');
  });

  it('remembers line, origin, scope and attribution by the hash of the token', async () => {
    const { grant, grants } = endpoint({ context: ['campaign', 'page'] });
    const context = { campaign: 'spring', page: 'a\r\nb', secret: 'dropped', other: { deep: 1 } };
    const { token, sip_uri } = await grant({ line: 'sales', context });
    assert.equal(await grants.get(token), undefined);
    const record = await grants.get(await sha256Hex(token));
    assert.deepEqual(
      { ...record, sid: '', exp: 0 },
      { line: 'sales', origin: shop, scope: ['call'], sub: sip_uri, context: { campaign: 'spring' }, sid: '', exp: 0 },
    );
  });

  it('sends ICE servers, registration and the longest duration where they are configured', async () => {
    const iceServers = [{ urls: 'turn:turn.test', username: 'u', credential: 'c' }];
    const { grant } = endpoint({
      iceServers: async () => iceServers,
      iceTransportPolicy: 'relay',
      register: 'never',
      gatewayUrl: ['wss://a', 'wss://b'],
    });
    const answer = await grant({ line: 'brief' });
    assert.deepEqual(answer.ice_servers, iceServers);
    assert.equal(answer.ice_transport_policy, 'relay');
    assert.equal(answer.register, 'never');
    assert.equal(answer.max_duration, lines.brief?.maxDuration);
    assert.deepEqual(answer.gateway_url, ['wss://a', 'wss://b']);
  });

  it('takes the line from the query of a GET', async () => {
    const { handler } = endpoint();
    const response = await handler(new Request('https://api.test/token?line=sales', { headers: { Origin: shop } }));
    assert.equal(response.status, 200);
  });

  it('takes no name at all for the only line, or the one called default', async () => {
    const only = endpoint({ lines: { sales: { callee: 'sip:a@b' } } });
    assert.equal((await only.ask({})).status, 200);
    const named = endpoint({ lines: { default: { callee: 'sip:a@b' }, other: { callee: 'sip:c@d' } } });
    assert.equal((await named.ask('')).status, 200);
    assert.equal((await endpoint().ask({})).status, 404);
  });

  for (const line of ['unknown', 'constructor', '__proto__', 'sales ']) {
    it(`knows no line "${line}"`, async () => {
      const response = await endpoint().ask({ line });
      assert.equal(response.status, 404);
      assert.equal(await errorOf(response), 'not-found');
    });
  }

  for (const body of ['{', '[]', '"sales"', 'null', '{"line":7}', '{"line":{}}', '{"renew":[]}']) {
    it(`refuses the body ${body}`, async () => {
      const response = await endpoint().ask(body);
      assert.equal(response.status, 400);
      assert.equal(await errorOf(response), 'bad-request');
    });
  }

  it('refuses a body of more than 4 kB, whether it says so before or not', async () => {
    const { ask, handler } = endpoint();
    const long = JSON.stringify({ line: 'sales', context: 'x'.repeat(5000) });
    assert.equal((await ask(long)).status, 413);
    const stream = new Blob([long]).stream();
    const init = { method: 'POST', headers: { Origin: shop }, body: stream, duplex: 'half' };
    assert.equal((await handler(new Request('https://api.test/token', init))).status, 413);
  });

  it('takes a body that breaks off for a fault of who sent it', async () => {
    const faults: unknown[] = [];
    const { handler } = endpoint({ onError: (error) => void faults.push(error) });
    const body = new ReadableStream({ pull: (controller) => controller.error(new Error('The client went away')) });
    const init = { method: 'POST', headers: { Origin: shop }, body, duplex: 'half' };
    assert.equal((await handler(new Request('https://api.test/token', init))).status, 400);
    assert.deepEqual(faults, []);
  });

  it('refuses other methods and says which it takes', async () => {
    const { handler } = endpoint();
    const response = await handler(new Request('https://api.test/token', { method: 'PUT', headers: { Origin: shop } }));
    assert.equal(response.status, 405);
    assert.match(response.headers.get('Allow') ?? '', /POST/);
    assert.equal(await errorOf(response), 'method-not-allowed');
  });

  it('answers 500 without a word of what went wrong', async () => {
    const { ask } = endpoint({
      iceServers: () => {
        throw new Error('password of the TURN server');
      },
    });
    const response = await ask();
    assert.equal(response.status, 500);
    assert.deepEqual(await response.json(), { error: 'server-error' });
  });

  it('refuses to start with a line that cannot be called, or an origin that is none', () => {
    assert.throws(() => endpoint({ lines: { sales: { callee: '+254700000001' } } }), /lines\.sales\.callee/);
    assert.throws(() => endpoint({ lines: { sales: { callee: 'sip:a@b', callerId: 'a\r\nb' } } }), /lines\.sales/);
    assert.throws(() => endpoint({ allowedOrigins: ['https://shop.example/'] }), /allowedOrigins/);
    assert.throws(() => endpoint({ allowedOrigins: ['null'] }), /allowedOrigins/);
  });
});

describe('the origin check of the token endpoint', () => {
  const foreign = [
    'https://evil.example',
    'https://shop.example.evil.com',
    'https://evilshop.example',
    'http://shop.example',
    'https://shop.example:8443',
    'https://shop.example/',
    'https://shop.example.',
    'https://SHOP.example',
    'https://shop.example@evil.example',
    'https://shop.example, https://evil.example',
    'https://evil.example https://shop.example',
    'https://*',
    'file://',
    'null',
    '',
  ];
  for (const origin of foreign) {
    it(`refuses "${origin}" and lets its page read nothing`, async () => {
      const response = await endpoint().ask({ line: 'sales' }, { Origin: origin });
      assert.equal(response.status, 403);
      assert.equal(response.headers.get('Access-Control-Allow-Origin'), null);
      assert.equal(await errorOf(response), 'token-denied');
    });
  }

  it('lets a request without Origin pass only from a browser that says it is of the same origin', async () => {
    const { ask } = endpoint();
    assert.equal((await ask({ line: 'sales' }, {})).status, 403);
    for (const site of ['cross-site', 'same-site', 'none', 'same-origin, cross-site', '']) {
      assert.equal((await ask({ line: 'sales' }, { 'Sec-Fetch-Site': site })).status, 403);
    }
    assert.equal((await ask({ line: 'sales' }, { 'Sec-Fetch-Site': 'same-origin' })).status, 200);
    assert.equal(
      (await ask({ line: 'sales' }, { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'same-origin' })).status,
      403,
    );
  });

  it('lets a same-origin GET pass, with which browsers send no Origin', async () => {
    const { handler } = endpoint();
    const get = (headers: Record<string, string>) =>
      handler(new Request('https://api.test/token?line=sales', { headers }));
    assert.equal((await get({ 'Sec-Fetch-Site': 'same-origin' })).status, 200);
    assert.equal((await get({ 'Sec-Fetch-Site': 'same-origin', Origin: 'null' })).status, 403);
    assert.equal((await get({ Referer: 'https://api.test/' })).status, 403);
  });

  it('allows its own origin and no other where none is configured', async () => {
    const own = createTokenHandler({
      lines,
      mint: createSigner({ key }),
      grants: createMemoryGrantStore(),
      gatewayUrl: 'wss://gateway.test',
      domain: 'example.test',
    });
    const ask = (origin: string) =>
      own(new Request('https://api.test/token?line=sales', { headers: { Origin: origin } }));
    assert.equal((await ask('https://api.test')).status, 200);
    assert.equal((await ask(shop)).status, 403);
  });

  it('answers the preflight of an allowed origin, and none of a foreign one', async () => {
    const { handler } = endpoint();
    const preflight = (origin: string) =>
      handler(new Request('https://api.test/token', { method: 'OPTIONS', headers: { Origin: origin } }));
    const allowed = await preflight(shop);
    assert.equal(allowed.status, 204);
    assert.equal(allowed.headers.get('Access-Control-Allow-Origin'), shop);
    assert.match(allowed.headers.get('Access-Control-Allow-Methods') ?? '', /POST/);
    assert.match(allowed.headers.get('Access-Control-Allow-Headers') ?? '', /Content-Type/i);
    assert.equal(allowed.headers.get('Vary'), 'Origin');
    assert.equal((await preflight('https://evil.example')).status, 403);
  });

  it('lets an allowed page read a refusal, too', async () => {
    const response = await endpoint().ask({ line: 'unknown' });
    assert.equal(response.headers.get('Access-Control-Allow-Origin'), shop);
  });
});

describe('a renewal', () => {
  it('keeps session and address, and has no right to a second call', async () => {
    const { grant, grants, reserve } = endpoint();
    const first = await grant();
    assert.equal(await reserve(first.token, 'call'), 'reserved');
    const second = await grant({ line: 'sales', renew: first.token });
    assert.notEqual(second.token, first.token);
    assert.equal(second.sip_uri, first.sip_uri);
    const [before, after] = await Promise.all(
      [first, second].map(async ({ token }) => grants.get(await sha256Hex(token))),
    );
    assert.equal(after?.sid, before?.sid);
    assert.equal(await reserve(second.token, 'second call'), 'refused');
  });

  it('takes over a right that was not used yet, and leaves the old token none', async () => {
    const { grant, reserve } = endpoint();
    const first = await grant();
    const second = await grant({ line: 'sales', renew: first.token });
    assert.equal(await reserve(first.token, 'call'), 'refused');
    assert.equal(await reserve(second.token, 'call'), 'reserved');
  });

  it('can be repeated', async () => {
    const { grant, reserve } = endpoint();
    const first = await grant();
    await reserve(first.token, 'call');
    const second = await grant({ line: 'sales', renew: first.token });
    const third = await grant({ line: 'sales', renew: second.token });
    assert.equal(third.sip_uri, first.sip_uri);
    assert.equal(await reserve(third.token, 'another'), 'refused');
  });

  it('with an unknown token is a grant like any other', async () => {
    const { grant, reserve } = endpoint();
    const answer = await grant({ line: 'sales', renew: 'unknown' });
    assert.equal(await reserve(answer.token, 'call'), 'reserved');
  });

  it('for another line is a new grant: nothing widens what was given', async () => {
    const { grant } = endpoint();
    const first = await grant();
    assert.notEqual((await grant({ line: 'mute', renew: first.token })).sip_uri, first.sip_uri);
  });

  it('is only for whoever is still signed in, and never for the next one', async () => {
    let signedIn: string | undefined = 'amina';
    const subject = (): string => {
      if (signedIn === undefined) throw new Refusal(401, 'unauthorized');
      return signedIn;
    };
    const { ask, grant } = endpoint({ scope: ['receive'], subject });
    const first = await grant({});
    const second = await grant({ renew: first.token });
    assert.equal(second.sip_uri, 'sip:amina@example.test');
    signedIn = 'juma';
    assert.equal((await grant({ renew: second.token })).sip_uri, 'sip:juma@example.test');
    signedIn = undefined;
    const refusal = await ask({ renew: second.token });
    assert.equal(refusal.status, 401);
    assert.equal(await errorOf(refusal), 'unauthorized');
  });
});

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import {
  createDigestProvider,
  createHookHandler,
  createMemoryGrantStore,
  createTokenHandler,
  type DigestCredential,
} from '../../src/server/index.js';
import { md5 } from '../../src/server/mint/md5.js';
import { lines, secret, shop } from './support/world.js';

function endpoint(publish: (credential: DigestCredential) => void | Promise<void>) {
  const grants = createMemoryGrantStore();
  const handler = createTokenHandler({
    lines,
    mint: createDigestProvider({ realm: 'pbx.test', publish, lifetime: 7200 }),
    grants,
    gatewayUrl: 'wss://pbx.test',
    domain: 'pbx.test',
    allowedOrigins: [shop],
  });
  const ask = async () => {
    const response = await handler(
      new Request('https://api.test/', { method: 'POST', headers: { Origin: shop }, body: '{"line":"sales"}' }),
    );
    return { status: response.status, body: (await response.json()) as Record<string, string> };
  };
  return { grants, ask };
}

describe('the provider of digest credentials', () => {
  it('gives the browser a user name and a password, and the PBX what it checks them with', async () => {
    const published: DigestCredential[] = [];
    const { ask } = endpoint((credential) => void published.push(credential));
    const { body } = await ask();
    const { username, password } = body as { username: string; password: string };
    assert.equal('token' in body, false);
    assert.equal(body.sip_uri, `sip:${username}@pbx.test`);
    assert.equal(body.expires_in, 7200);
    const [credential] = published;
    assert.equal(credential?.line, 'sales');
    assert.equal(credential?.ha1, createHash('md5').update(`${username}:pbx.test:${password}`).digest('hex'));
  });

  it('never gives the same twice', async () => {
    const { ask } = endpoint(() => undefined);
    const [one, two] = [(await ask()).body, (await ask()).body];
    assert.notEqual(one.username, two.username);
    assert.notEqual(one.password, two.password);
  });

  it('keeps the record under the user name, for a gateway that asks the hook', async () => {
    const { ask, grants } = endpoint(() => undefined);
    const { body } = await ask();
    const hook = createHookHandler({ lines, grants, secret });
    const facts = { event_id: '1', username: body.username, call_id: 'a', from_tag: 'b', request_uri: 'sip:x@y' };
    const headers = { Authorization: `Bearer ${secret}` };
    const request = new Request('http://hook/call', { method: 'POST', headers, body: JSON.stringify(facts) });
    const answer = (await (await hook(request)).json()) as { callee?: string };
    assert.equal(answer.callee, lines.sales?.callee);
  });

  it('gives nothing that the PBX was not told of', async () => {
    const { ask } = endpoint(async ({ password }) => {
      throw new Error(`the database did not take ${password}`);
    });
    assert.deepEqual(await ask(), { status: 502, body: { error: 'mint-failed' } });
  });

  it('does not start with a realm that cannot be quoted', () => {
    for (const realm of ['', 'a"b', 'a\r\nb']) {
      assert.throws(() => createDigestProvider({ realm, publish: () => undefined }), /^TypeError: realm/);
    }
  });
});

describe('MD5', () => {
  it('is what others make of the same text, whatever its length', () => {
    for (let length = 0; length < 200; length++) {
      const text = 'aü9'.repeat(length).slice(0, length);
      assert.equal(md5(text), createHash('md5').update(text).digest('hex'));
    }
  });
});

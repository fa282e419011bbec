import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { createTurnCredentials } from '../../src/server/index.js';

const URLS = ['turn:turn.example.com:3478?transport=udp', 'turns:turn.example.com:443?transport=tcp'];
const now = () => 1_800_000_000_000;

test('the user name says until when and for which session, and the password is its HMAC', async () => {
  const credentials = createTurnCredentials({ secret: 'shared', urls: URLS, now });
  const username = '1800000600:abc';
  const credential = createHmac('sha1', 'shared').update(username).digest('base64');
  assert.deepEqual(await credentials({ sid: 'abc' }), [{ urls: URLS, username, credential }]);
});

test('each session and each moment has a credential of its own', async () => {
  let time = now();
  const credentials = createTurnCredentials({ secret: 'shared', urls: URLS[0]!, lifetime: 60, now: () => time });
  const [first] = await credentials({ sid: 'a' });
  const [second] = await credentials({ sid: 'b' });
  time += 5000;
  const [third] = await credentials({ sid: 'a' });
  assert.equal(new Set([first, second, third].map((server) => server?.credential)).size, 3);
  assert.equal(first?.username, '1800000060:a');
  assert.equal(third?.username, '1800000065:a');
});

test('a secret in other letters than those of ASCII is taken as UTF-8', async () => {
  const [server] = await createTurnCredentials({ secret: 'sécret', urls: URLS, now })({ sid: 'abc' });
  assert.equal(server?.credential, createHmac('sha1', 'sécret').update('1800000600:abc').digest('base64'));
});

test('nonsense in the configuration is refused at start', () => {
  assert.throws(() => createTurnCredentials({ secret: '', urls: URLS }), TypeError);
  assert.throws(() => createTurnCredentials({ secret: 'shared', urls: [] }), TypeError);
  assert.throws(() => createTurnCredentials({ secret: 'shared', urls: URLS, lifetime: 0.5 }), TypeError);
});

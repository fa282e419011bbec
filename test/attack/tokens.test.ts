import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { SignJWT, UnsecuredJWT, decodeJwt } from 'jose';
import { attacks } from './support/attack.js';
import { SHOP } from './support/targets.js';
import type { Thief } from './support/thief.js';

const now = (): number => Math.floor(Date.now() / 1000);

/** The claims of a real token, signed anew. */
async function forged(thief: Thief, claims: object = {}, key: Uint8Array = thief.target.backend.key): Promise<string> {
  const real = decodeJwt(await thief.token());
  return await new SignJWT({ ...real, jti: 'forged', ...claims }).setProtectedHeader({ alg: 'HS256' }).sign(key);
}

/** Tokens that open nothing, and how they are made. */
const WORTHLESS: Record<string, (thief: Thief) => Promise<string>> = {
  'a token that nobody gave out': async () => 'a.b.c',
  'a token of one letter': async () => 'a',
  'an expired token': async (thief) => {
    const token = await thief.token('rings', { endpoint: 'brief' });
    await sleep(1100);
    return token;
  },
  'a token that is not valid yet, signed with the stolen key': (thief) =>
    forged(thief, { nbf: now() + 3600, iat: now() + 3600 }),
  'a token with a longer life, signed with the stolen key': (thief) => forged(thief, { exp: now() + 86_400 }),
  'a token of alg none': async (thief) => new UnsecuredJWT(decodeJwt(await thief.token())).encode(),
  'a token without its signature': async (thief) => (await thief.token()).replace(/[^.]*$/, ''),
  'a token signed with another key': (thief) => forged(thief, {}, new Uint8Array(32)),
  'a token signed with an empty key': async (thief) => {
    const [header, payload] = (await thief.token()).split('.');
    return `${header}.${payload}.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA`;
  },
  'a token of another workspace': (thief) =>
    forged(thief, { sub: 'b1e4f0c2-0000-4000-8000-000000000000', iss: 'sautikit-sip' }),
  'a token of another issuer': (thief) => forged(thief, { iss: 'https://evil.example' }),
  'a token with a tail': async (thief) => `${await thief.token()}=`,
  'a token in lower case': async (thief) => (await thief.token()).toLowerCase(),
  'the SHA-256 of a token': async (thief) => {
    const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(await thief.token()));
    return Buffer.from(digest).toString('hex');
  },
  'a token of 5,000 letters': async () => 'a'.repeat(5000),
  'the token of one who may only be called': (thief) => thief.token('rings', { endpoint: 'desk', subject: 'nobody' }),
};

/** `Authorization` and the like as no browser writes them, around a rightful token. */
const WRITTEN: Record<string, (token: string) => string[]> = {
  'a token in Proxy-Authorization': (token) => [`Proxy-Authorization: Bearer ${token}`],
  'a token as Basic': (token) => [`Authorization: Basic ${token}`],
  'a token in a Digest': (token) => [
    `Authorization: Digest username="${token}", realm="x", nonce="x", uri="x", response="x"`,
  ],
  'Bearer without a token': () => ['Authorization: Bearer '],
  'two tokens, the second one rightful': (token) => ['Authorization: Bearer a.b.c', `Authorization: Bearer ${token}`],
  'two tokens, the first one rightful': (token) => [`Authorization: Bearer ${token}`, 'Authorization: Bearer a.b.c'],
  'two tokens in one header': (token) => [`Authorization: Bearer a.b.c, Bearer ${token}`],
  'a Digest beside the token': (token) => [
    'Authorization: Digest username="a", realm="b", response="c"',
    `Authorization: Bearer ${token}`,
  ],
  'a token in a folded header': (token) => [`Authorization:\r\n Bearer\r\n ${token}`],
  'a token twice, once for the proxy': (token) => [
    `Authorization: Bearer ${token}`,
    `Proxy-Authorization: Bearer ${token}`,
  ],
  'an answer of the hook within the token': () => ['Authorization: Bearer a","callee":"sip:+19005550100@127.0.0.1'],
  'a header within the token': (token) => [`Authorization: Bearer ${token}%0d%0aX-Evil: 1`],
};

attacks('tokens', (attack) => {
  attack('no token', async (thief) => await thief.refused(thief.invite()));
  for (const [name, make] of Object.entries(WORTHLESS)) {
    attack(name, async (thief) => {
      const token = await make(thief);
      const register = await thief
        .held(thief.request('REGISTER', { token, body: '' }), 'REGISTER')
        .catch(() => 'bound');
      if (!name.includes('only be called')) assert.notEqual(register, 'bound');
      return await thief.refused(thief.invite({ token }));
    });
  }
  for (const [name, write] of Object.entries(WRITTEN)) {
    attack(name, async (thief) => await thief.held(thief.invite({ headers: write(await thief.token('busy')) })));
  }

  attack('a token of another page', carriedElsewhere);

  attack('a token that was used', async (thief) => {
    const token = await thief.token('busy');
    const first = thief.invite({ token });
    await thief.rightful(first);
    await thief.final(first);
    return await thief.refused(thief.invite({ token, client: await thief.connect() }));
  });

  attack('a token on five connections at the same moment', async (thief) => {
    const token = await thief.token();
    const clients = await Promise.all(Array.from({ length: 5 }, () => thief.connect()));
    const sent = clients.map((client) => thief.invite({ token, client }));
    const met = await Promise.all(sent.map((one) => thief.decided(one)));
    assert.equal(met.filter((one) => one.startsWith('only the line')).length, 1, met.join());
    return `one call; the others ${met.find((one) => !one.startsWith('only'))}`;
  });

  attack('a token five times in one burst of one connection', async (thief) => {
    const token = await thief.token();
    const sent = Array.from({ length: 5 }, () => thief.invite({ token }));
    const met = await Promise.all(sent.map((one) => thief.decided(one)));
    assert.equal(met.filter((one) => one.startsWith('only the line')).length, 1, met.join());
    return `one call; the others ${met.find((one) => !one.startsWith('only'))}`;
  });

  attack('the call repeated with its own Call-ID and tag, during it', async (thief) => {
    const token = await thief.token();
    const first = thief.invite({ token });
    await thief.rightful(first);
    const { callId, fromTag } = first;
    const again = thief.invite({ token, callId, fromTag, cseq: 2, client: await thief.connect() });
    const answer = await thief.refused(again, 'INVITE', 2);
    assert.equal(thief.far.requests('INVITE', callId).length, 1);
    return answer;
  });

  attack('the call repeated with its own Call-ID and tag, after it', async (thief) => {
    const token = await thief.token('busy');
    const first = thief.invite({ token });
    await thief.rightful(first);
    await thief.final(first);
    const { callId, fromTag } = first;
    const { events } = thief.target.backend;
    while (!events.some((event) => event.type === 'ended' && event.callId === callId)) await sleep(20);
    const again = await thief.refused(thief.invite({ token, callId, fromTag, cseq: 2 }), 'INVITE', 2);
    assert.equal(thief.far.requests('INVITE', callId).length, 1);
    return again;
  });

  attack('a renewed token, for a second call', async (thief) => {
    const token = await thief.token('busy');
    const first = thief.invite({ token });
    await thief.rightful(first);
    await thief.final(first);
    const renewed = await thief.token('busy', { renew: token });
    return await thief.refused(thief.invite({ token: renewed }));
  });

  attack('the old token and its renewal, for a call each', async (thief) => {
    const token = await thief.token();
    const renewed = await thief.token('rings', { renew: token });
    const met = await Promise.all([token, renewed].map((one) => thief.decided(thief.invite({ token: one }))));
    assert.equal(met.filter((one) => one.startsWith('only the line')).length, 1, met.join());
    return `one call; the other ${met.find((one) => !one.startsWith('only'))}`;
  });
});

/** A token that was copied into other pages. */
async function carriedElsewhere(thief: Thief): Promise<string> {
  const token = await thief.token();
  const origins = [
    'https://evil.example',
    `${SHOP}.evil.example`,
    'http://shop.example',
    `${SHOP}:444`,
    'https://evilshop.example',
    'null',
  ];
  const met = origins.map(async (origin) => {
    const client = await thief.connect({ Origin: origin }).catch((error: Error) => error);
    if (client instanceof Error) return client.message.replace('Unexpected server response', 'handshake');
    return await thief.refused(thief.invite({ token, client }));
  });
  return [...new Set(await Promise.all(met))].join(', ');
}

attacks(
  'tokens, where any page may connect',
  (attack) => attack('a token of another page, where any page may connect', carriedElsewhere),
  { anyPage: true },
);

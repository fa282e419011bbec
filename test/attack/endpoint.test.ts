import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { attacks } from './support/attack.js';
import { CALLEE_MARK } from './support/far-end.js';
import { BODIES, MORE, ORIGINS } from './support/questions.js';
import { SHOP } from './support/targets.js';
import type { Thief } from './support/thief.js';

interface Asked {
  method?: string;
  headers?: Record<string, string>;
  body?: string | undefined;
  endpoint?: string;
  query?: string;
}

/** Asks a token endpoint; whatever it answers, it says nothing of whom a line calls. */
async function ask(
  thief: Thief,
  { method = 'POST', headers = {}, body = '{"line":"busy"}', endpoint = 'sip', query = '' }: Asked = {},
): Promise<Response> {
  const url = thief.target.addresses.token_url.replace('sip-token', `${endpoint}-token`) + query;
  const own = { 'Content-Type': 'application/json', Origin: SHOP, ...headers };
  const sent = Object.fromEntries(Object.entries(own).filter(([, value]) => value !== ''));
  const response = await fetch(url, {
    method,
    headers: sent,
    ...(method !== 'GET' && method !== 'OPTIONS' && { body }),
  });
  assert.doesNotMatch(await response.clone().text(), new RegExp(`${CALLEE_MARK}|\\+2547000|at .*\\.ts:`));
  return response;
}

const tokenOf = async (response: Response): Promise<string | undefined> =>
  ((await response.json().catch(() => ({}))) as { token?: string }).token;

/** Asks and must get no token. */
async function getsNone(thief: Thief, asked: Asked): Promise<string> {
  const response = await ask(thief, asked);
  assert.equal(
    response.headers.get('Access-Control-Allow-Origin') === asked.headers?.['Origin'],
    false,
    'CORS lets the page read it',
  );
  assert.equal(await tokenOf(response.clone()), undefined);
  return `${response.status} ${((await response.json().catch(() => ({}))) as { error?: string }).error ?? ''}`.trim();
}

attacks('the token endpoint', (attack) => {
  const http = { on: ['kamailio'], as: 'http' } as const;

  attack(
    'asked from elsewhere',
    async (thief) => {
      const met = await Promise.all(ORIGINS.map((Origin) => getsNone(thief, { headers: { Origin } })));
      return [...new Set(met)].join(', ');
    },
    http,
  );

  attack(
    'asked without an Origin',
    async (thief) => {
      const met = [
        await getsNone(thief, { headers: { Origin: '' } }),
        await getsNone(thief, { headers: { Origin: '', 'Sec-Fetch-Site': 'cross-site' } }),
        await getsNone(thief, { headers: { Origin: '', 'Sec-Fetch-Site': 'none' } }),
        await getsNone(thief, { headers: { Origin: '', Referer: `${SHOP}/` } }),
      ];
      return [...new Set(met)].join(', ');
    },
    http,
  );

  attack(
    'asked from elsewhere by GET with a line in the query',
    async (thief) =>
      await getsNone(thief, { method: 'GET', query: '?line=busy', headers: { Origin: 'https://evil.example' } }),
    http,
  );

  attack(
    'a preflight from elsewhere',
    async (thief) => {
      const headers = { Origin: 'https://evil.example', 'Access-Control-Request-Method': 'POST' };
      const response = await ask(thief, { method: 'OPTIONS', headers });
      assert.equal(response.headers.get('Access-Control-Allow-Origin'), null);
      return `${response.status}, no CORS`;
    },
    http,
  );

  attack(
    'a thousand times, with forged forwarding headers',
    async (thief) => {
      const met = new Map<string, number>();
      for (let round = 0; round < 40; round += 1) {
        const answers = Array.from({ length: 25 }, async (_, index) => {
          const ip = `198.51.${round}.${index}`;
          const headers = {
            'X-Forwarded-For': ip,
            'X-Real-IP': ip,
            Forwarded: `for=${ip}`,
            'CF-Connecting-IP': ip,
            'True-Client-IP': ip,
            'X-Client-IP': ip,
          };
          const response = await ask(thief, { endpoint: 'limited', headers });
          const outcome = (await tokenOf(response)) === undefined ? `${response.status}` : 'a token';
          met.set(outcome, (met.get(outcome) ?? 0) + 1);
        });
        await Promise.all(answers);
      }
      assert.ok((met.get('a token') ?? 0) <= 20, `${met.get('a token')} tokens`);
      return [...met].map(([outcome, count]) => `${count} times ${outcome}`).join(', ');
    },
    http,
  );

  for (const [name, body] of Object.entries(BODIES)) {
    attack(`asked for ${name}`, async (thief) => await getsNone(thief, { body }), http);
  }

  for (const [name, more] of Object.entries(MORE)) {
    attack(
      `asked with ${name}`,
      async (thief) => {
        const response = await ask(thief, { body: JSON.stringify({ line: 'busy', ...more }) });
        const token = await tokenOf(response);
        if (token === undefined) return String(response.status);
        thief.target.backend.tokens.add(token);
        const sent = thief.invite({ token, uri: 'sip:+19005550100@gateway.invalid' });
        return await thief.held(sent);
      },
      http,
    );
  }

  for (const method of ['PUT', 'DELETE', 'PATCH', 'PROPFIND']) {
    attack(`${method}`, async (thief) => await getsNone(thief, { method }), http);
  }

  attack(
    'asked for a dialling token with the token of a line, to renew',
    async (thief) => {
      const token = await thief.token('busy');
      const response = await ask(thief, {
        endpoint: 'dial',
        body: JSON.stringify({ line: 'busy', renew: token }),
        headers: { Origin: 'https://evil.example' },
      });
      assert.equal(await tokenOf(response), undefined);
      return String(response.status);
    },
    http,
  );

  attack(
    'a renewal for another line',
    async (thief) => {
      const old = await thief.token('busy');
      const sent = thief.invite({ token: old });
      await thief.rightful(sent);
      await thief.final(sent);
      const response = await ask(thief, { body: JSON.stringify({ line: 'rings', renew: old }) });
      const token = await tokenOf(response);
      if (token === undefined) return String(response.status);
      // A new grant, with nothing of the old one's session: counted like any other.
      thief.target.backend.tokens.add(token);
      assert.notEqual(payloadOf(token).sid, payloadOf(old).sid);
      return 'a grant of its own, and no renewal';
    },
    http,
  );

  attack(
    'a body that never ends',
    async (thief) => {
      const { hostname, port, pathname } = new URL(thief.target.addresses.token_url);
      const socket = connect(Number(port), hostname);
      socket.on('error', () => undefined);
      socket.write(`POST ${pathname} HTTP/1.1\r\nHost: x\r\nOrigin: ${SHOP}\r\nTransfer-Encoding: chunked\r\n\r\n`);
      for (let count = 0; count < 64; count += 1) socket.write(`400\r\n${'a'.repeat(1024)}\r\n`);
      const [first] = await new Promise<string[]>((resolve) =>
        socket.once('data', (data) => resolve(data.toString().split('\r\n'))),
      );
      socket.destroy();
      assert.match(first ?? '', / 4\d\d /);
      return (first ?? '').replace('HTTP/1.1 ', '');
    },
    http,
  );

  attack(
    'two requests smuggled into one',
    async (thief) => {
      const { hostname, port, pathname } = new URL(thief.target.addresses.token_url);
      const socket = connect(Number(port), hostname);
      socket.on('error', () => undefined);
      let text = '';
      socket.on('data', (data) => (text += data.toString()));
      const inner = `POST ${pathname} HTTP/1.1\r\nHost: x\r\nOrigin: https://evil.example\r\nContent-Length: 15\r\n\r\n{"line":"busy"}`;
      socket.write(
        `POST ${pathname} HTTP/1.1\r\nHost: x\r\nOrigin: https://evil.example\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${inner}`,
      );
      await new Promise((resolve) => socket.once('data', resolve).once('close', resolve));
      await thief.control();
      socket.destroy();
      assert.doesNotMatch(text, /"token"/);
      return text.split('\r\n')[0]?.replace('HTTP/1.1 ', '') || 'connection closed';
    },
    http,
  );
});

function payloadOf(token: string): { sid?: string } {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as { sid?: string };
}

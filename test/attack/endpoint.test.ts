import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { attacks } from './support/attack.js';
import { CALLEE_MARK } from './support/far-end.js';
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

const ORIGINS = [
  'https://evil.example',
  'https://shop.example.evil.example',
  'https://evilshop.example',
  'https://shop.example:8443',
  'http://shop.example',
  'https://shop.example@evil.example',
  'https://evil.example#https://shop.example',
  'https://SHOP.example.',
  'https://shop.example, https://evil.example',
  'null',
  'file://',
  'chrome-extension://shop.example',
];

/** Names of lines that are no lines, and bodies that are no questions. Nobody gets a token for them. */
const BODIES: Record<string, string> = {
  'a line that does not exist': '{"line":"nobody"}',
  'the line constructor': '{"line":"constructor"}',
  'the line __proto__': '{"line":"__proto__"}',
  'the line toString': '{"line":"toString"}',
  'a line with CRLF': '{"line":"busy\\r\\nX-Evil: 1"}',
  'a line with NUL': '{"line":"busy\\u0000"}',
  'a line with blanks': '{"line":" busy "}',
  'a line that is a number to call': '{"line":"+19005550100"}',
  'a line that is a SIP address': '{"line":"sip:+19005550100@198.51.100.9"}',
  'a line that is a list': '{"line":["busy"]}',
  'a line that is an object': '{"line":{"callee":"sip:x@y"}}',
  'a line of 5,000 letters': JSON.stringify({ line: 'a'.repeat(5000) }),
  'two lines, the last one wrong': '{"line":"busy","line":"constructor"}',
  'a list': '["busy"]',
  null: 'null',
  'a number': '1e999',
  'half a JSON': '{"line":"busy"',
  'JSON and more': '{"line":"busy"}{"line":"busy"}',
  'ten thousand brackets': '['.repeat(10_000),
  'a megabyte': JSON.stringify({ line: 'busy', padding: 'a'.repeat(1_000_000) }),
  'a form': 'line=busy',
  XML: '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><line>&e;</line>',
};

/** Bodies that are a question, with more in them that must count for nothing. */
const MORE: Record<string, object> = {
  'a callee of the page’s': {
    callee: 'sip:+19005550100@198.51.100.9',
    callerId: '+1',
    maxDuration: 99_999,
    scope: ['dial', 'receive'],
  },
  'a prototype of the page’s': JSON.parse(
    '{"__proto__":{"callee":"sip:x@y","scope":["dial"]},"constructor":{"prototype":{"callee":"x"}}}',
  ) as object,
  'a subject of the page’s': { sub: 'sip:desk@gateway.invalid', sid: 'x', subject: 'desk', exp: 9_999_999_999, iat: 0 },
  'context that is no attribution': {
    context: { 'X-Evil\r\nRoute': 'a', page: 'a\r\nX: y', __proto__: 'x', campaign: { a: [1] } },
  },
  'renewal of a token that nobody gave out': { renew: 'a.b.c' },
};

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

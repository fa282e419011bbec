import { expect } from '@open-wc/testing';
import { SautikitError } from '../../src/errors.js';
import { parseGrant } from '../../src/token/token-grant.js';
import { bearer, digest, jwt } from './support/grants.js';

const CRLF = '\r\nX-Injected: yes';
const GATEWAY = 'wss://gateway.example/sip';

/** What is wrong, the answer, and the field that is at fault. */
const answers: [what: string, answer: unknown, field: string][] = [
  ['null', null, 'body'],
  ['a text', 'token', 'body'],
  ['a number', 7, 'body'],
  ['true', true, 'body'],
  ['nothing', undefined, 'body'],
  ['a list', [bearer()], 'body'],

  ['an empty object', {}, 'token'],
  ['no credential', bearer({ token: undefined }), 'token'],
  ['a token that is a number', bearer({ token: 42 }), 'token'],
  ['a token that is an object', bearer({ token: { value: 'abc' } }), 'token'],
  ['a token that is a list', bearer({ token: ['abc'] }), 'token'],
  ['an empty token', bearer({ token: '' }), 'token'],
  ['a token with CR/LF', bearer({ token: jwt({ sub: 'a' }) + CRLF }), 'token'],
  ['a token with a line feed at its end', bearer({ token: `${jwt({ sub: 'a' })}\n` }), 'token'],
  ['a token with a blank', bearer({ token: 'Bearer abc' }), 'token'],
  ['a token with a quote', bearer({ token: 'abc"def' }), 'token'],
  ['a token beyond ASCII', bearer({ token: 'tokén' }), 'token'],
  ['a huge token', bearer({ token: 'a'.repeat(100_000), sip_uri: 'sip:a@b.example' }), 'token'],
  ['both credentials', { ...digest(), ...bearer() }, 'password'],

  ['a user name without a password', digest({ password: undefined }), 'token'],
  ['a password without a user name', digest({ username: undefined }), 'username'],
  ['a user name with CR/LF', digest({ username: `web${CRLF}` }), 'username'],
  ['a user name with a quote', digest({ username: 'web", realm="x' }), 'username'],
  ['a user name that is a number', digest({ username: 4711 }), 'username'],
  ['an empty user name', digest({ username: '' }), 'username'],
  ['a huge user name', digest({ username: 'u'.repeat(257) }), 'username'],
  ['a password with CR/LF', digest({ password: `p4ss~word!${CRLF}` }), 'password'],
  ['a password with NUL', digest({ password: 'p4ss\0' }), 'password'],
  ['a password that is an object', digest({ password: {} }), 'password'],
  ['an empty password', digest({ password: '' }), 'password'],

  ['no end of life', bearer({ expires_in: undefined }), 'expires_in'],
  ['a life in words', bearer({ expires_in: '300' }), 'expires_in'],
  ['a life of 0', bearer({ expires_in: 0 }), 'expires_in'],
  ['a negative life', bearer({ expires_in: -300 }), 'expires_in'],
  ['a life that is not a number', bearer({ expires_in: NaN }), 'expires_in'],
  ['an endless life', bearer({ expires_in: Infinity }), 'expires_in'],
  ['a life that is true', bearer({ expires_in: true }), 'expires_in'],
  ['a life that is a list', bearer({ expires_in: [300] }), 'expires_in'],
  ['a digest life of 0', digest({ expires_in: 0 }), 'expires_in'],

  ['a date in words', bearer({ expires_at: 'tomorrow' }), 'expires_at'],
  ['a date that is a number', bearer({ expires_at: 1_800_000_000 }), 'expires_at'],
  ['a date without a zone', bearer({ expires_at: '2026-11-05T10:00:00' }), 'expires_at'],
  ['a date without a time', bearer({ expires_at: '2026-11-05' }), 'expires_at'],
  ['a date as HTTP writes it', bearer({ expires_at: 'Thu, 05 Nov 2026 10:00:00 GMT' }), 'expires_at'],
  ['a month 13', bearer({ expires_at: '2026-13-05T10:00:00Z' }), 'expires_at'],
  ['a 30 February', bearer({ expires_at: '2027-02-30T10:00:00Z' }), 'expires_at'],
  ['a 31 November', bearer({ expires_at: '2026-11-31T10:00:00Z' }), 'expires_at'],
  ['an hour 25', bearer({ expires_at: '2026-11-05T25:00:00Z' }), 'expires_at'],
  ['a date with CR/LF', bearer({ expires_at: `2026-11-05T10:00:00Z${CRLF}` }), 'expires_at'],
  ['a date that is none, beside good seconds', bearer({ expires_in: 300, expires_at: 'soon' }), 'expires_at'],
  ['a closed line that opens at no date', { available: false, opens_at: 'Monday' }, 'opens_at'],
  ['a closed line that opens on 30 February', { available: false, opens_at: '2027-02-30T08:00:00Z' }, 'opens_at'],
  ['a closed line that opens at a date with CR/LF', { available: false, opens_at: `2026-11-05${CRLF}` }, 'opens_at'],
  ['a line that is available in words', bearer({ available: 'no' }), 'available'],
  ['a line that is available by number', bearer({ available: 0 }), 'available'],

  ['no gateway', bearer({ gateway_url: undefined }), 'gateway_url'],
  ['an empty list of gateways', bearer({ gateway_url: [] }), 'gateway_url'],
  ['a list of lists', bearer({ gateway_url: [[GATEWAY]] }), 'gateway_url'],
  ['nine gateways', bearer({ gateway_url: Array(9).fill(GATEWAY) }), 'gateway_url'],
  ['a gateway that is an object', bearer({ gateway_url: { href: GATEWAY } }), 'gateway_url'],
  ['a gateway that is a number', bearer({ gateway_url: 443 }), 'gateway_url'],
  ['an empty gateway', bearer({ gateway_url: '' }), 'gateway_url'],
  ['a gateway without a scheme', bearer({ gateway_url: 'gateway.example' }), 'gateway_url'],
  ['a relative gateway', bearer({ gateway_url: '/sip' }), 'gateway_url'],
  ['an unencrypted gateway', bearer({ gateway_url: 'ws://gateway.example' }), 'gateway_url'],
  [
    'a gateway that only begins like this machine',
    bearer({ gateway_url: 'ws://localhost.evil.example' }),
    'gateway_url',
  ],
  ['a gateway that only looks like loopback', bearer({ gateway_url: 'ws://127.0.0.1.evil.example' }), 'gateway_url'],
  ['this machine as a user name', bearer({ gateway_url: 'ws://localhost@evil.example' }), 'gateway_url'],
  ['a gateway with a password', bearer({ gateway_url: 'wss://user:pw@gateway.example' }), 'gateway_url'],
  ['a gateway with a user name', bearer({ gateway_url: 'wss://user@gateway.example' }), 'gateway_url'],
  ['a gateway with a fragment', bearer({ gateway_url: `${GATEWAY}#x` }), 'gateway_url'],
  ['a script as a gateway', bearer({ gateway_url: 'javascript:alert(1)' }), 'gateway_url'],
  ['data as a gateway', bearer({ gateway_url: 'data:text/plain,hi' }), 'gateway_url'],
  ['a web page as a gateway', bearer({ gateway_url: 'https://gateway.example' }), 'gateway_url'],
  ['a gateway with CR/LF', bearer({ gateway_url: GATEWAY + CRLF }), 'gateway_url'],
  ['a bad gateway behind a good one', bearer({ gateway_url: [GATEWAY, 'ws://evil.example'] }), 'gateway_url'],

  ['no address, and a token without sub', bearer({ token: jwt({}) }), 'sip_uri'],
  ['no address, and a sub that is a number', bearer({ token: jwt({ sub: 7 }) }), 'sip_uri'],
  ['no address, and an empty sub', bearer({ token: jwt({ sub: '' }) }), 'sip_uri'],
  ['no address, and a huge sub', bearer({ token: jwt({ sub: 'x'.repeat(200) }) }), 'sip_uri'],
  ['no address, and a sub that is half a character', bearer({ token: jwt('{"sub":"\\ud800"}') }), 'sip_uri'],
  ['no address, and a token that cannot be read', bearer({ token: 'opaque' }), 'sip_uri'],
  ['no address, and claims that are no JSON', bearer({ token: jwt('{"sub":') }), 'sip_uri'],
  ['an address that is a number', bearer({ sip_uri: 4711 }), 'sip_uri'],
  ['an address without a scheme', bearer({ sip_uri: 'a@b.example' }), 'sip_uri'],
  ['an address without a user', bearer({ sip_uri: 'sip:b.example' }), 'sip_uri'],
  ['a telephone number as the own address', bearer({ sip_uri: 'tel:+254722000001' }), 'sip_uri'],
  ['an address with CR/LF', bearer({ sip_uri: `sip:a@b.example${CRLF}` }), 'sip_uri'],
  ['an address with CR/LF in its user', bearer({ sip_uri: `sip:a${CRLF}@b.example` }), 'sip_uri'],
  ['an address with headers', bearer({ sip_uri: 'sip:a@b.example?Replaces=x' }), 'sip_uri'],
  ['an address with parameters', bearer({ sip_uri: 'sip:a@b.example;transport=udp' }), 'sip_uri'],
  ['an address with a password', bearer({ sip_uri: 'sip:a:pw@b.example' }), 'sip_uri'],
  ['an address in brackets', bearer({ sip_uri: '<sip:a@b.example>' }), 'sip_uri'],
  ['a list of addresses', bearer({ sip_uri: ['sip:a@b.example'] }), 'sip_uri'],

  ['a callee with CR/LF', bearer({ callee: `sip:call@b.example${CRLF}` }), 'callee'],
  ['a callee with headers', bearer({ callee: 'sip:call@b.example?Route=%3Csip:evil.example%3E' }), 'callee'],
  ['a callee with parameters', bearer({ callee: 'sip:call@b.example;maddr=evil.example' }), 'callee'],
  ['a callee that is an object', bearer({ callee: { uri: 'sip:call@b.example' } }), 'callee'],
  ['an empty callee', bearer({ callee: '' }), 'callee'],
  ['a script as a callee', bearer({ callee: 'javascript:alert(1)' }), 'callee'],

  ['an unknown way to register', bearer({ register: 'always' }), 'register'],
  ['a way to register with CR/LF', bearer({ register: `never${CRLF}` }), 'register'],
  ['a way to register that is a boolean', bearer({ register: false }), 'register'],

  ['ICE servers that are an object', bearer({ ice_servers: { urls: 'stun:stun.example' } }), 'ice_servers'],
  ['ICE servers that are texts', bearer({ ice_servers: ['stun:stun.example'] }), 'ice_servers'],
  ['an ICE server without an address', bearer({ ice_servers: [{}] }), 'ice_servers'],
  ['an ICE server with an empty list', bearer({ ice_servers: [{ urls: [] }] }), 'ice_servers'],
  ['an ICE server that is a web page', bearer({ ice_servers: [{ urls: 'https://stun.example' }] }), 'ice_servers'],
  ['an ICE server that is a script', bearer({ ice_servers: [{ urls: 'javascript:alert(1)' }] }), 'ice_servers'],
  ['an ICE server with CR/LF', bearer({ ice_servers: [{ urls: `stun:stun.example${CRLF}` }] }), 'ice_servers'],
  ['an ICE server with numbers', bearer({ ice_servers: [{ urls: [3478] }] }), 'ice_servers'],
  ['an ICE user that is a number', bearer({ ice_servers: [{ urls: 'turn:t.example', username: 1 }] }), 'ice_servers'],
  [
    'an ICE password that is an object',
    bearer({ ice_servers: [{ urls: 'turn:t.example', credential: {} }] }),
    'ice_servers',
  ],
  [
    'an ICE user with CR/LF',
    bearer({ ice_servers: [{ urls: 'turn:t.example', username: `u${CRLF}`, credential: 'c' }] }),
    'ice_servers',
  ],
  [
    'an ICE password with CR/LF',
    bearer({ ice_servers: [{ urls: 'turn:t.example', username: 'u', credential: `c${CRLF}` }] }),
    'ice_servers',
  ],
  ['an ICE server that is null', bearer({ ice_servers: [null] }), 'ice_servers'],
  ['an ICE policy that no browser knows', bearer({ ice_transport_policy: 'nohost' }), 'ice_transport_policy'],
  ['an ICE policy that is no text', bearer({ ice_transport_policy: true }), 'ice_transport_policy'],
  ['seventeen ICE servers', bearer({ ice_servers: Array(17).fill({ urls: 'stun:s.example' }) }), 'ice_servers'],

  ['a longest call in words', bearer({ max_duration: '600' }), 'max_duration'],
  ['a longest call of 0', bearer({ max_duration: 0 }), 'max_duration'],
  ['a longest call below 0', bearer({ max_duration: -1 }), 'max_duration'],
  ['a longest call without end', bearer({ max_duration: Infinity }), 'max_duration'],
  ['a longest call that is not a number', bearer({ max_duration: NaN }), 'max_duration'],
];

function refusal(answer: unknown): unknown {
  try {
    parseGrant(answer);
  } catch (error) {
    return error;
  }
  return undefined;
}

/** Every text of an answer that nobody may read anywhere. */
function secrets(answer: unknown): string[] {
  const { token, password } = (answer ?? {}) as { token?: unknown; password?: unknown };
  return [token, password].filter((value): value is string => typeof value === 'string' && value !== '');
}

describe('what a token endpoint may not answer', () => {
  for (const [what, answer, field] of answers) {
    it(`${what}: ${field}`, () => {
      const error = refusal(answer);
      expect(error).to.be.instanceOf(SautikitError);
      expect((error as SautikitError).code).to.equal('token-malformed');
      expect((error as SautikitError).field).to.equal(field);
    });
  }

  it('stands in no error with its token or password', () => {
    const leaky = answers.filter(([, answer]) => secrets(answer).length > 0);
    expect(leaky.length).to.be.above(50);
    for (const [what, answer] of leaky) {
      const error = refusal(answer) as Error;
      const said = [error?.message, error?.stack, JSON.stringify(error)].join('\n');
      for (const secret of secrets(answer).filter(({ length }) => length > 3)) {
        expect(said.includes(secret), what).to.be.false;
      }
    }
  });

  it('is refused the same way where the page names the gateway', () => {
    expect(() => parseGrant({ token: jwt({ sub: 'a' }), expires_in: 60 }, 'ws://gateway.example'))
      .to.throw(SautikitError)
      .with.property('field', 'gateway_url');
  });
});

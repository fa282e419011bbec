import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkMicrophone } from '../../../src/server/doctor/checks/microphone.js';
import { compareVersions } from '../../../src/server/doctor/checks/script.js';
import { allowsUrl } from '../../../src/server/doctor/csp-match.js';
import { readIceUrl } from '../../../src/server/doctor/ice/ice-url.js';

const page = new URL('https://shop.example/contact');

describe('sources of a Content-Security-Policy', () => {
  const cases: [source: string, url: string, allowed: boolean][] = [
    ["'self'", 'https://shop.example/a', true],
    ["'self'", 'wss://shop.example/sip', true],
    ["'self'", 'wss://shop.example:8443/sip', false],
    ["'self'", 'https://cdn.example/a', false],
    ["'none'", 'https://shop.example/a', false],
    ['*', 'wss://gateway.example/', true],
    ['*', 'data:text/plain,a', false],
    ['https:', 'https://cdn.example/a', true],
    ['https:', 'wss://gateway.example/', false],
    ['wss:', 'wss://gateway.example/', true],
    ['ws:', 'wss://gateway.example/', true],
    ['wss://gateway.example', 'wss://gateway.example/sip', true],
    ['wss://gateway.example', 'wss://gateway.example:8443/sip', false],
    ['wss://gateway.example:8443', 'wss://gateway.example:8443/sip', true],
    ['wss://gateway.example:*', 'wss://gateway.example:8443/sip', true],
    ['gateway.example', 'wss://gateway.example/sip', false],
    ['cdn.example', 'https://cdn.example/a', true],
    ['*.example', 'https://cdn.example/a', true],
    ['*.cdn.example', 'https://cdn.example/a', false],
    ['https://cdn.example/v1/', 'https://cdn.example/v1/a.js', true],
    ['https://cdn.example/v1', 'https://cdn.example/v1/a.js', false],
    ['https://192.0.2.1', 'https://192.0.2.1/', false],
  ];
  for (const [source, url, allowed] of cases) {
    it(`${source} ${allowed ? 'allows' : 'does not allow'} ${url}`, () => {
      assert.equal(allowsUrl([source], new URL(url), page), allowed);
    });
  }
});

describe('the policy about the microphone', () => {
  const cases: [header: Record<string, string>, verdict: string][] = [
    [{}, 'ok'],
    [{ 'Permissions-Policy': 'camera=()' }, 'ok'],
    [{ 'Permissions-Policy': 'microphone=*' }, 'ok'],
    [{ 'Permissions-Policy': 'microphone=self' }, 'ok'],
    [{ 'Permissions-Policy': 'microphone=(self "https://other.example")' }, 'ok'],
    [{ 'Permissions-Policy': 'microphone=("https://shop.example")' }, 'ok'],
    [{ 'Permissions-Policy': 'microphone=()' }, 'fail'],
    [{ 'Permissions-Policy': 'microphone=("https://other.example")' }, 'fail'],
    [{ 'Permissions-Policy': 'microphone=(self), microphone=()' }, 'fail'],
    [{ 'Permissions-Policy': "microphone 'none'" }, 'warn'],
    [{ 'Feature-Policy': "camera 'none'; microphone 'none'" }, 'fail'],
  ];
  for (const [header, verdict] of cases) {
    it(`${JSON.stringify(header)}: ${verdict}`, () => {
      assert.equal(checkMicrophone(new Headers(header), page).verdict, verdict);
    });
  }
});

describe('versions', () => {
  for (const [one, other, sign] of [
    ['1.2.0', '1.2.0', 0],
    ['1.10.0', '1.9.9', 1],
    ['0.9.9', '1.0.0', -1],
    ['1.0.0-beta.1', '1.0.0', -1],
  ] as const) {
    it(`${one} and ${other}`, () => assert.equal(Math.sign(compareVersions(one, other)), sign));
  }
});

describe('addresses of STUN and TURN servers', () => {
  for (const [text, expected] of [
    ['stun:stun.example', { kind: 'stun', host: 'stun.example', port: 3478, transport: 'udp' }],
    ['turn:turn.example:80?transport=tcp', { kind: 'turn', host: 'turn.example', port: 80, transport: 'tcp' }],
    ['turns:turn.example', { kind: 'turn', host: 'turn.example', port: 5349, transport: 'tls' }],
    ['turns:[2001:db8::1]:443?transport=tcp', { kind: 'turn', host: '2001:db8::1', port: 443, transport: 'tls' }],
    ['https://turn.example', undefined],
  ] as const) {
    it(text, () => assert.deepEqual(readIceUrl(text), expected));
  }
});

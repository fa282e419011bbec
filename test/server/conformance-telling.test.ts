import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { describe, it } from 'node:test';
import { lookalikes } from '../../src/server/conformance/lookalikes.js';
import { tells } from '../../src/server/conformance/telling.js';

describe('what a text tells', () => {
  const telling = (text: string): string | undefined => tells({ path: 'sub', text }, 'sales');

  for (const text of [
    '+254722000001',
    '+254 722 000-001',
    '0722000001',
    '(0)20 123 4567',
    'tel:112',
    'sips:desk@office.example',
    'call sip:desk@office',
    'ann@shop.example',
    'Sales',
  ]) {
    it(`is more than an id should: ${text}`, () => assert.notEqual(telling(text), undefined));
  }

  it('is nothing in a random id', () => {
    for (let count = 0; count < 1000; count++) {
      assert.equal(telling(randomUUID()), undefined);
      assert.equal(telling(randomUUID().replaceAll('-', '')), undefined);
      assert.equal(telling(`id_${randomBytes(16).toString('base64url')}`), undefined);
    }
  });

  it('can stand in the name of a field alone', () => {
    for (const path of ['callee', 'meta.phone_number', 'apiKey', 'refresh_token', 'caller_id']) {
      assert.notEqual(tells({ path, text: 'x' }, undefined), undefined, path);
    }
  });
});

describe('origins that look like the allowed one', () => {
  it('are longer, of another scheme or of another port', () => {
    assert.deepEqual(lookalikes('https://shop.example'), [
      'https://shop.example.evil.example',
      'https://evilshop.example',
      'https://evil.shop.example',
      'http://shop.example',
      'https://shop.example:8443',
    ]);
  });

  for (const origin of [
    'http://127.0.0.1:8080',
    'http://[::1]:8080',
    'http://localhost',
    'https://shop.example:8443',
  ]) {
    it(`are origins as browsers write them, and others than ${origin}`, () => {
      for (const other of lookalikes(origin)) {
        assert.equal(new URL(other).origin, other);
        assert.notEqual(other, origin);
      }
    });
  }
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SignJWT } from 'jose';
import { createHs256 } from '../../src/server/mint/hs256.js';

describe('a token that is signed in place', () => {
  it('is byte for byte the one that jose makes', async () => {
    const secret = new TextEncoder().encode('a key of 32 bytes, or some more of them');
    const claims = {
      sid: 'session-ü',
      iss: 'sautikit-sip',
      sub: 'caller',
      iat: 1795243091,
      exp: 1795243391,
      jti: 'id',
    };
    for (const header of [
      { alg: 'HS256', typ: 'JWT' } as const,
      { alg: 'HS256', typ: 'JWT', kid: '2026-11' } as const,
    ]) {
      const expected = await new SignJWT(claims).setProtectedHeader({ ...header }).sign(secret);
      assert.equal(await createHs256(header, secret)(claims), expected);
    }
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { base64url, decodeProtectedHeader, UnsecuredJWT } from 'jose';
import { createSigner } from '../../src/server/index.js';
import { key } from './support/world.js';

describe('the signer', () => {
  it('puts nothing but opaque ids and times into a token', async () => {
    const { token, expiresAt, expiresIn } = await createSigner({ key }).mint('subject', 'session');
    const claims = JSON.parse(new TextDecoder().decode(base64url.decode(token.split('.')[1] ?? ''))) as Record<
      string,
      unknown
    >;
    assert.deepEqual(Object.keys(claims).sort(), ['exp', 'iat', 'iss', 'jti', 'sid', 'sub']);
    assert.equal(claims.iss, 'sautikit-sip');
    assert.equal(claims.exp, (claims.iat as number) + 300);
    assert.equal(expiresIn, 300);
    assert.equal(expiresAt.getTime(), (claims.exp as number) * 1000);
  });

  it('names its key, if it has a name', async () => {
    const { token } = await createSigner({ key, keyId: '2026-11' }).mint('subject', 'session');
    assert.equal(decodeProtectedHeader(token).kid, '2026-11');
  });

  it('takes back what it signed', async () => {
    const signer = createSigner({ key });
    const { token } = await signer.mint('subject', 'session');
    const { sub, sid } = await signer.verify(token);
    assert.deepEqual([sub, sid], ['subject', 'session']);
  });

  it('refuses the token of another key, of another issuer, and one without a signature', async () => {
    const signer = createSigner({ key });
    const otherKey = await createSigner({ key: key.toUpperCase() }).mint('subject', 'session');
    const otherIssuer = await createSigner({ key, issuer: 'other' }).mint('subject', 'session');
    const unsigned = new UnsecuredJWT({ sid: 'session' }).setSubject('subject').setIssuer('sautikit-sip').encode();
    for (const token of [otherKey.token, otherIssuer.token, unsigned]) await assert.rejects(signer.verify(token));
  });

  it('refuses to start with a key that is too short, and says nothing of it', () => {
    assert.throws(
      () => createSigner({ key: 'hunter2' }),
      (error: Error) => !error.message.includes('hunter2'),
    );
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { base64url, decodeProtectedHeader, UnsecuredJWT } from 'jose';
import { createSigner } from '../../src/server/index.js';
import { sha256Hex } from '../../src/server/secrets.js';
import { key } from './support/world.js';

describe('the signer', () => {
  it('puts nothing but opaque ids and times into a token', async () => {
    const { answer, expiresAt, expiresIn } = await createSigner({ key }).mint({ subject: 'subject', sid: 'session' });
    const claims = JSON.parse(new TextDecoder().decode(base64url.decode(answer.token.split('.')[1] ?? ''))) as Record<
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
    const { answer } = await createSigner({ key, keyId: '2026-11' }).mint({ subject: 'subject', sid: 'session' });
    assert.equal(decodeProtectedHeader(answer.token).kid, '2026-11');
  });

  it('takes back what it signed', async () => {
    const signer = createSigner({ key });
    const { answer, key: recordKey } = await signer.mint({ subject: 'subject', sid: 'session' });
    const { sub, sid } = await signer.verify(answer.token);
    assert.deepEqual([sub, sid], ['subject', 'session']);
    assert.equal(recordKey, await sha256Hex(answer.token));
  });

  it('refuses the token of another key, of another issuer, and one without a signature', async () => {
    const signer = createSigner({ key });
    const otherKey = await createSigner({ key: key.toUpperCase() }).mint({ subject: 'subject', sid: 'session' });
    const otherIssuer = await createSigner({ key, issuer: 'other' }).mint({ subject: 'subject', sid: 'session' });
    const unsigned = new UnsecuredJWT({ sid: 'session' }).setSubject('subject').setIssuer('sautikit-sip').encode();
    for (const token of [otherKey.answer.token, otherIssuer.answer.token, unsigned])
      await assert.rejects(signer.verify(token));
  });

  it('refuses to start with a key that is too short, and says nothing of it', () => {
    assert.throws(
      () => createSigner({ key: 'hunter2' }),
      (error: Error) => !error.message.includes('hunter2'),
    );
  });

  it('signs with the first of several keys, and takes back what any of them signed', async () => {
    const old = { id: '2026-10', key };
    const fresh = { id: '2026-11', key: `${key}, and another` };
    const before = createSigner({ keys: [old] });
    const during = createSigner({ keys: [fresh, old] });
    const after = createSigner({ keys: [fresh] });
    const ofBefore = (await before.mint({ subject: 'a', sid: 'b' })).answer.token;
    const ofDuring = (await during.mint({ subject: 'c', sid: 'd' })).answer.token;
    assert.equal(decodeProtectedHeader(ofDuring).kid, '2026-11');
    assert.equal((await during.verify(ofBefore)).sub, 'a');
    assert.equal((await after.verify(ofDuring)).sub, 'c');
    await assert.rejects(after.verify(ofBefore));
  });

  it('believes a token under the name of one key that is signed with another as little as any other', async () => {
    const named = (await createSigner({ key, keyId: 'new' }).mint({ subject: 'a', sid: 'b' })).answer.token;
    const other = { id: 'new', key: `${key}, and another` };
    await assert.rejects(createSigner({ keys: [other, { id: 'old', key }] }).verify(named));
  });

  it('takes a token without a key name from before its keys had names', async () => {
    const nameless = (await createSigner({ key }).mint({ subject: 'a', sid: 'b' })).answer.token;
    const keys = [
      { id: 'new', key: `${key}, and another` },
      { id: 'old', key },
    ];
    assert.equal((await createSigner({ keys }).verify(nameless)).sub, 'a');
  });

  it('says which of several keys is wrong', () => {
    assert.throws(
      () =>
        createSigner({
          keys: [
            { id: 'a', key },
            { id: 'b', key: 'hunter2' },
          ],
        }),
      /^TypeError: keys\[1\]/,
    );
    assert.throws(
      () =>
        createSigner({
          keys: [
            { id: 'a', key },
            { id: 'a', key },
          ],
        }),
      /same id/,
    );
    assert.throws(() => createSigner({ keys: [] }), /empty/);
    assert.throws(() => createSigner({}), /either keys or key/);
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createMemoryGrantStore, type DialRules } from '../../src/server/index.js';
import { hookWorld, type HookAnswer } from './support/hook.js';

const rules: DialRules = {
  allow: ['+254', '+1', '+44'],
  deny: ['+25490', '+1900'],
  callerIds: ['+254700000009', '+254700000008', 'sip:office@example.test'],
};

/** What becomes of a call of somebody who is signed in. */
async function dialing(
  uri: string,
  { dial = rules, from }: { dial?: DialRules; from?: string } = {},
): Promise<HookAnswer> {
  const world = hookWorld({ dial });
  await world.remember('token', { scope: ['dial'], sub: 'sip:amina@example.test' });
  return await world.call('token', { request_uri: uri, ...(from !== undefined && { from_uri: from }) });
}

describe('the numbers that a signed-in caller may dial', () => {
  it('are those that begin as the rules allow', async () => {
    assert.equal((await dialing('sip:+254722000001@example.test')).body.callee, 'sip:+254722000001@example.test');
    assert.equal((await dialing('sip:+33123456789@example.test')).status, 403);
  });

  it('are not those that the rules deny, whatever else allows them', async () => {
    assert.equal((await dialing('sip:+254900000001@example.test')).status, 403);
    assert.equal((await dialing('sip:+19005550123@example.test')).status, 403);
  });

  it('are dialed at the host of the rules or of the caller, never at one that the caller names', async () => {
    assert.equal((await dialing('sip:+254722000001@evil.example')).body.callee, 'sip:+254722000001@example.test');
    const dial = { ...rules, domain: 'trunk.example' };
    assert.equal(
      (await dialing('sip:+254722000001@evil.example', { dial })).body.callee,
      'sip:+254722000001@trunk.example',
    );
  });

  const emergencies = ['112', '911', '999', '000', '110', '119', '108', '10111', '+112', '+911'];
  const behindCode = ['+254112', '+254999', '+254911', '+1911', '+1112', '+44999', '+44112', '+2541199', '+1242911'];
  const areaCodes = ['+19115550123', '+14115550123', '+10005550123', '+1202555012', '+120255501234'];
  for (const number of [...emergencies, ...behindCode, ...areaCodes]) {
    it(`are never ${number}`, async () => {
      assert.equal((await dialing(`sip:${number}@example.test`)).status, 403);
    });
  }

  const good = '+254722000001';
  const tricks = [
    `sip:${good};phone-context=+1@example.test`,
    `sip:${good};rn=+19005550123@example.test`,
    `sip:${good};isub=1@example.test`,
    `sip:${good};npdi;cic=+10288@example.test`,
    `sip:${good};ext=99@example.test`,
    `sip:${good}@example.test;user=phone`,
    `sip:${good}@example.test;maddr=evil.example`,
    `sip:${good}@example.test?Route=%3Csip:evil.example%3E`,
    `sip:${good}:password@example.test`,
    `sip:${good},,99@example.test`,
    `sip:${good}p99@example.test`,
    `sip:${good}w99#@example.test`,
    `sip:${good}#@example.test`,
    `sip:${good}*@example.test`,
    `sip:*72${good}@example.test`,
    `sip:*72254722000001@example.test`,
    `sip:#31#${good}@example.test`,
    'sip:00254722000001@example.test',
    'sip:000254722000001@example.test',
    'sip:011254722000001@example.test',
    'sip:254722000001@example.test',
    'sip:0722000001@example.test',
    'sip:+0254722000001@example.test',
    'sip:++254722000001@example.test',
    'sip:+254%37220000001@example.test',
    'sip:%2B254722000001@example.test',
    'sip:+254-722-000001@example.test',
    'sip:+254.722.000001@example.test',
    'sip:+254 722 000001@example.test',
    'sip:(+254)722000001@example.test',
    'sip:+254722000001234@example.test1@evil.example',
    'sip:+2547220000012345@example.test',
    'sip:+٢٥٤٧٢٢٠٠٠٠٠١@example.test',
    `sip:${good}@`,
    `sip:${good}@example.test\r\nRoute: <sip:evil.example>`,
    `sip:${good}@example.test\n`,
    `<sip:${good}@example.test>`,
    `tel:${good}`,
    `tel:${good};phone-context=example.test`,
    `https://example.test/${good}`,
    'sip:desk@example.test',
    good,
    '',
  ];
  for (const uri of tricks) {
    it(`are not to be had by ${JSON.stringify(uri)}`, async () => {
      assert.deepEqual(await dialing(uri), { status: 403, body: { error: 'token-denied' } });
    });
  }
});

describe('the caller id of a signed-in caller', () => {
  const callerIdOf = async (from?: string, dial = rules) =>
    (await dialing('sip:+254722000001@example.test', { dial, ...(from !== undefined && { from }) })).body.caller_id;

  it('is the first of the owner, or the one that stands for all', async () => {
    assert.equal(await callerIdOf(), '+254700000009');
    assert.equal(await callerIdOf(undefined, { ...rules, callerId: '+254700000001' }), '+254700000001');
    assert.equal(await callerIdOf(undefined, { allow: ['+254'] }), undefined);
  });

  it('is the one that the application asks for, where it is the owner’s', async () => {
    assert.equal(await callerIdOf('sip:+254700000008@example.test'), '+254700000008');
    assert.equal(await callerIdOf('sip:office@example.test'), 'sip:office@example.test');
  });

  it('is the default where the gateway names no more than the caller’s own address', async () => {
    assert.equal(await callerIdOf('sip:amina@example.test'), '+254700000009');
  });

  const forged = [
    'sip:+254711111111@example.test',
    'sip:+25470000000@example.test',
    'sip:+254700000008;x=1@example.test',
    'sip:office@evil.example',
    '"Bank" <sip:+254700000008@example.test>',
    '+254711111111',
    '',
  ];
  for (const from of forged) {
    it(`is never ${JSON.stringify(from)}: the call is refused`, async () => {
      assert.equal((await dialing('sip:+254722000001@example.test', { from })).status, 403);
    });
  }

  it('cannot be asked for where the rules have no list, nor by who calls a line', async () => {
    const single = { allow: ['+254'], callerId: '+254700000001' };
    const from = 'sip:+254711111111@example.test';
    assert.equal((await dialing('sip:+254722000001@example.test', { dial: single, from })).status, 403);
    const world = hookWorld({ dial: rules });
    await world.remember('token');
    assert.equal((await world.call('token', { from_uri: from })).body.caller_id, '+254700000001');
  });
});

describe('scopes', () => {
  it('let who may only call dial no number, and who may only receive call nobody', async () => {
    const world = hookWorld({ dial: rules });
    await world.remember('caller');
    const uri = { request_uri: 'sip:+254722000001@example.test' };
    assert.equal((await world.call('caller', uri)).body.callee, 'sip:desk@example.test');
    await world.remember('receiver', { scope: ['receive'] });
    assert.equal((await world.call('receiver', { ...uri, call_id: 'two' })).status, 403);
  });

  it('let who may do both call the line, and dial', async () => {
    for (const [uri, callee] of [
      ['sip:call@example.test', 'sip:desk@example.test'],
      ['sip:+254722000001@example.test', 'sip:+254722000001@example.test'],
    ]) {
      const world = hookWorld({ dial: rules });
      await world.remember('token', { scope: ['call', 'dial'] });
      assert.equal((await world.call('token', { request_uri: uri })).body.callee, callee);
    }
  });

  it('start with no rules that could not be meant', () => {
    const start = (dial: DialRules) => () => hookWorld({ dial, grants: createMemoryGrantStore() });
    assert.throws(start({ allow: ['254'] }), /^TypeError: dial\.allow\[0\] /);
    assert.throws(start({ allow: ['+'] }), /^TypeError: dial\.allow\[0\] /);
    assert.throws(start({ allow: [''] }), /^TypeError: dial\.allow\[0\] /);
    assert.throws(start({ allow: [], deny: ['00'] }), /^TypeError: dial\.deny\[0\] /);
    assert.throws(start({ allow: [], callerIds: ['Bank'] }), /^TypeError: dial\.callerIds\[0\] /);
    assert.throws(start({ allow: [], domain: 'a b' }), /^TypeError: dial\.domain /);
  });
});

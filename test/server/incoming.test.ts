import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Numbers } from '../../src/server/index.js';
import { hookWorld, type Json } from './support/hook.js';

const numbers: Numbers = {
  '+254700000001': { ring: ['desk', 'desk2'], fallback: 'sip:mailbox@pbx.test', ringSeconds: 15, maxDuration: 600 },
  '+254700000002': { ring: ['desk'] },
};

const options = { numbers, domain: 'example.test' };
const call = (called: string, facts: Json = {}): Json => ({ call_id: 'from-trunk', from_tag: 'tag', called, ...facts });

describe('a call from outside', () => {
  it('rings whoever the number is for', async () => {
    const { ask } = hookWorld(options);
    const { status, body } = await ask('incoming', call('+254700000001', { caller: 'sip:+254722000001@trunk.test' }));
    assert.equal(status, 200);
    assert.match(body.sid as string, /^[0-9a-f]{32}$/);
    assert.deepEqual(
      { ...body, sid: '' },
      {
        targets: ['sip:desk@example.test', 'sip:desk2@example.test'],
        caller_id: '+254722000001',
        ring_seconds: 15,
        fallback: 'sip:mailbox@pbx.test',
        max_duration: 600,
        sid: '',
      },
    );
  });

  it('rings 25 seconds, and nobody afterwards, where nothing else is said', async () => {
    const { body } = await hookWorld(options).ask('incoming', call('+254700000002'));
    assert.deepEqual(Object.keys(body).sort(), ['ring_seconds', 'sid', 'targets']);
    assert.equal(body.ring_seconds, 25);
  });

  const spellings = [
    '+254700000002',
    '254700000002',
    '00254700000002',
    'sip:+254700000002@gateway.test',
    'sip:254700000002@10.0.0.1:5060;user=phone',
    'sip:+254700000002;npdi@gateway.test',
    'tel:+254700000002',
  ];
  for (const called of spellings) {
    it(`finds the number that a trunk calls ${called}`, async () => {
      assert.deepEqual((await hookWorld(options).ask('incoming', call(called))).body.targets, [
        'sip:desk@example.test',
      ]);
    });
  }

  for (const called of ['+254799999999', 'sip:desk@example.test', 'constructor', '0700000002', 'sip:@x', '+']) {
    it(`is not for ${called}, which is not the owner’s`, async () => {
      const answer = await hookWorld(options).ask('incoming', call(called));
      assert.deepEqual(answer, { status: 404, body: { error: 'not-found' } });
    });
  }

  for (const caller of ['sip:anonymous@anonymous.invalid', 'sip:"><script>@x', 'Restricted', 'sip:+1%0d%0a@x', '']) {
    it(`shows no caller where the trunk says ${JSON.stringify(caller)}`, async () => {
      const { body } = await hookWorld(options).ask('incoming', call('+254700000002', { caller }));
      assert.equal('caller_id' in body, false);
    });
  }

  it('is not routed where the owner has no numbers, nor for who does not know the secret', async () => {
    assert.equal((await hookWorld().ask('incoming', call('+254700000001'))).status, 404);
    const { hook } = hookWorld(options);
    const body = JSON.stringify({ event_id: '1', ...call('+254700000001') });
    assert.equal((await hook(new Request('http://hook.test/incoming', { method: 'POST', body }))).status, 401);
  });

  it('is one session, however often the gateway asks, and its reports tell session and number', async () => {
    const { ask, events } = hookWorld(options);
    const first = (await ask('incoming', call('+254700000001'))).body;
    const again = (await ask('incoming', call('+254700000001'))).body;
    assert.equal(again.sid, first.sid);
    await ask('answered', call(''));
    await ask('ended', { ...call(''), duration: 3 });
    assert.deepEqual(
      events.map(({ type, sid, called }) => [type, sid, called]),
      [
        ['answered', first.sid, '+254700000001'],
        ['ended', first.sid, '+254700000001'],
      ],
    );
  });

  it('opens no way to call anybody', async () => {
    const { ask } = hookWorld(options);
    const { body } = await ask('incoming', call('+254700000001'));
    const asked = { call_id: 'other', from_tag: 'tag', request_uri: 'sip:call@example.test' };
    assert.equal((await ask('call', { ...asked, token: body.sid })).status, 403);
    assert.equal((await ask('call', { ...asked, username: body.sid })).status, 403);
  });

  it('starts with no numbers that could not be meant', () => {
    const start = (wrong: Json, domain = 'example.test') =>
      assert.throws(() => hookWorld({ numbers: wrong as Numbers, domain }), TypeError);
    start({ '0700000001': { ring: ['desk'] } });
    start({ '+254700000001': { ring: [] } });
    start({ '+254700000001': { ring: ['sip:desk@example.test'] } });
    start({ '+254700000001': { ring: ['desk'], fallback: '+254700000002' } });
    start({ '+254700000001': { ring: ['desk'], ringSeconds: 0 } });
    start({ '+254700000001': { ring: ['desk'], rings: 3 } });
    start({ '+254700000001': { ring: ['desk'] } }, '');
    assert.throws(
      () => hookWorld({ numbers: { '+254700000001': { ring: ['a b'] } }, domain: 'x' }),
      /^TypeError: numbers\["\+254700000001"\]\.ring\[0\] /,
    );
  });
});

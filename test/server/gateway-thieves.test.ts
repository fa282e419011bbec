import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { offer, type SipPhone } from './support/sip-phone.js';
import { World } from './support/world.js';

describe('a thief at the embedded gateway', () => {
  let world: World;
  let desk: SipPhone;
  beforeEach(async () => {
    world = await World.start();
    desk = await world.desk();
  });
  afterEach(() => world.stop());

  const rang = async (): Promise<boolean> => (await desk.settled()).some(({ kind }) => kind === 'INVITE');

  for (const token of [undefined, 'unknown', 'eyJhbGciOiJub25lIn0.e30.']) {
    it(`calls nobody with the token ${token}`, async () => {
      const thief = await world.phone();
      thief.invite(token);
      const refusal = await thief.next(401);
      assert.equal(refusal.get('WWW-Authenticate'), '');
      assert.equal(await rang(), false);
    });
  }

  it('calls once with one token, and not once more', async () => {
    const thief = await world.phone();
    const { token } = await world.grant();
    const sent = thief.invite(token);
    desk.reply(await desk.next('INVITE'), 486);
    await thief.next(486);
    thief.send('ACK', sent);
    thief.invite(token);
    await thief.next(403);
    assert.equal(await rang(), false);
  });

  it('calls once with one token also from many connections at the same moment', async () => {
    const { token } = await world.grant();
    const thieves = await Promise.all(Array.from({ length: 5 }, () => world.phone()));
    for (const thief of thieves) thief.invite(token);
    desk.reply(await desk.next('INVITE'), 486);
    const answers = await Promise.all(thieves.map(async (thief) => (await thief.final()).kind));
    assert.deepEqual(answers.sort(), ['403', '403', '403', '403', '486']);
    assert.equal(await rang(), false);
  });

  it('makes no second call of the first by its own Call-ID and tag, during or after it', async () => {
    const thief = await world.phone();
    const { token } = await world.grant();
    const sent = thief.invite(token);
    const arrived = await desk.next('INVITE');
    const { branch: _branch, ...same } = sent;
    thief.invite(token, same);
    await thief.next(482);
    desk.reply(arrived, 486);
    await thief.next(486);
    await world.ended();
    thief.invite(token, { ...same, cseq: 2 });
    await thief.next(403);
    assert.equal(await rang(), false);
  });

  it('calls nobody with the token of another page, or of the desk', async () => {
    const elsewhere = await world.phone('https://evil.example');
    elsewhere.invite((await world.grant()).token);
    await elsewhere.next(403);
    const receiver = await world.phone();
    receiver.invite((await world.grant({}, 'desk')).token);
    await receiver.next(403);
    assert.equal(await rang(), false);
  });

  it('puts nothing into a call that the gateway does not know', async () => {
    const thief = await world.phone();
    for (const method of ['BYE', 'INVITE', 'UPDATE', 'INFO']) {
      thief.send(method, { to: '<sip:desk@example.test>;tag=guessed', headers: { Authorization: 'Bearer x' } });
      await thief.next(481);
      if (method === 'INVITE') continue;
      thief.send(method);
      await thief.next(481);
    }
    thief.send('CANCEL');
    await thief.next(481);
    assert.deepEqual(await desk.settled(), []);
  });

  it('puts nothing into the call of another, even if it knows all its names', async () => {
    const caller = await world.phone();
    const sent = caller.invite((await world.grant()).token);
    desk.reply(await desk.next('INVITE'), 200, { body: offer });
    const ok = await caller.next(200);
    const inside = { uri: ok.contactUri, from: sent.from, to: ok.get('To'), callId: sent.callId, cseq: 2 };

    const thief = await world.phone();
    thief.send('BYE', inside);
    await thief.next(481);
    const { token, user } = await world.grant();
    await thief.register(user, token);
    thief.send('INVITE', { ...inside, headers: { Contact: `<${thief.contact}>` }, body: offer });
    await thief.next(481);
    thief.send('ACK', inside);
    await thief.settled();
    assert.deepEqual(await desk.settled(), []);
  });

  it('cancels nobody else’s call', async () => {
    const caller = await world.phone();
    const sent = caller.invite((await world.grant()).token);
    desk.reply(await desk.next('INVITE'), 180);
    await caller.next(180);
    const thief = await world.phone();
    thief.send('CANCEL', sent);
    await thief.next(481);
    assert.deepEqual(await desk.settled(), []);
  });

  it('answers nobody else’s call', async () => {
    const caller = await world.phone();
    caller.invite((await world.grant()).token);
    const arrived = await desk.next('INVITE');
    const thief = await world.phone();
    thief.reply(arrived, 200, { body: offer });
    await thief.settled();
    assert.ok((await caller.settled()).every(({ kind }) => kind === '100'));
  });

  it('is not registered in the place of the desk', async () => {
    const thief = await world.phone();
    const { token, user } = await world.grant();
    await thief.register(user, token, { contact: `<${desk.contact}>` });
    const caller = await world.phone();
    caller.invite((await world.grant()).token);
    await desk.next('INVITE');
    assert.deepEqual(await thief.settled(), []);
  });
});

describe('a hook that fails', () => {
  const answers: [string, () => Promise<Response>][] = [
    ['throws', () => Promise.reject(new Error('down'))],
    ['answers 500', async () => new Response('{}', { status: 500 })],
    ['answers no JSON', async () => new Response('<html>')],
    ['answers null', async () => new Response('null')],
    ['names no callee', async () => Response.json({})],
    ['names a callee that is no SIP address', async () => Response.json({ callee: 'sip:desk@example.test\r\nX: y' })],
    ['adds a header of SIP itself', async () => Response.json({ callee: 'sip:desk@b', headers: { Route: '<sip:c>' } })],
    ['breaks a header line', async () => Response.json({ callee: 'sip:desk@b', headers: { 'X-A': 'a\r\nRoute: b' } })],
    ['breaks the caller id', async () => Response.json({ callee: 'sip:desk@b', caller_id: 'sip:a@b>\r\nRoute: c' })],
  ];
  for (const [what, hook] of answers) {
    it(`and ${what} lets no call through`, async () => {
      const world = await World.start({ hook });
      const phone = await world.phone();
      phone.invite('token');
      await phone.next(503);
      assert.equal((await phone.register('desk', 'token')).kind, '503');
      await world.stop();
    });
  }

  it('and allows another address than the one that is registered binds nobody', async () => {
    const registration = { aor: 'sip:desk@example.test', sid: 'session', bind: true, expires: 300 };
    const world = await World.start({ hook: async () => Response.json(registration) });
    const phone = await world.phone();
    assert.equal((await phone.register('somebody', 'token')).kind, '403');
    await world.stop();
  });
});

import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { offer, SipPhone } from './support/sip-phone.js';
import { inside, insideDesk, talk } from './support/talk.js';
import { shop, World } from './support/world.js';

describe('the embedded gateway', () => {
  let world: World;
  afterEach(() => world.stop());

  it('lets pages of its list connect, and no others', async () => {
    world = await World.start({ allowedOrigins: [shop] });
    await (await world.phone()).close();
    for (const origin of ['https://shop.example.evil.example', 'http://shop.example', 'null', undefined]) {
      await assert.rejects(SipPhone.connect(world.url, origin), /403/);
    }
  });

  it('closes a connection over which nothing came that the hook accepted', async () => {
    // Time enough for a desk to register on a machine that is busy.
    world = await World.start({ idleTime: 1.5 });
    const desk = await world.desk();
    const silent = await world.phone();
    const refused = await world.phone();
    refused.invite('no token of ours');
    await refused.next(401);
    await assert.rejects(silent.next(200), /closed/);
    await assert.rejects(refused.next(200), /closed/);
    assert.deepEqual(await desk.settled(), []);
  });

  it('refuses offers that are no WebRTC audio, before a call and in it', async () => {
    world = await World.start();
    const bad = offer.replace('UDP/TLS/RTP/SAVPF', 'RTP/AVP');
    const call = await talk(world);
    call.caller.invite((await world.grant()).token, { body: bad });
    await call.caller.next(488);
    for (const [index, method] of ['INVITE', 'UPDATE'].entries()) {
      const headers = { Contact: `<${call.caller.contact}>`, 'Content-Type': 'application/sdp' };
      call.caller.send(method, { ...inside(call, index + 2), headers, body: bad });
      await call.caller.next(488);
    }
    assert.deepEqual(await call.desk.settled(), []);
  });

  it('refuses to replace one side of a call by somebody else', async () => {
    world = await World.start();
    const call = await talk(world);
    const headers = { Replaces: `${call.sent.callId};to-tag=a;from-tag=b`, Contact: `<${call.desk.contact}>` };
    call.desk.send('INVITE', { ...insideDesk(call), headers, body: offer });
    await call.desk.next(403);
    call.caller.invite((await world.grant()).token, { headers });
    await call.caller.next(403);
    assert.deepEqual(await call.caller.settled(), []);
  });

  it('tells neither side what the other supports', async () => {
    world = await World.start();
    const desk = await world.desk();
    const caller = await world.phone();
    const headers = { Supported: 'replaces, outbound', Allow: 'INVITE, REFER' };
    caller.invite((await world.grant()).token, { headers });
    const arrived = await desk.next('INVITE');
    assert.doesNotMatch(arrived.text, /replaces|REFER/);
    desk.reply(arrived, 200, { headers: { ...headers, 'Content-Type': 'application/sdp' }, body: offer });
    assert.doesNotMatch((await caller.next(200)).text, /replaces|REFER/);
  });

  it('negotiates no keys on a line without, either way', async () => {
    world = await World.start();
    const call = await talk(world, 'mute');
    assert.doesNotMatch(call.arrived.body, /telephone-event|126/);
    assert.doesNotMatch(call.ok.body, /telephone-event|126/);
    call.caller.send('INVITE', { ...inside(call), headers: { Contact: `<${call.caller.contact}>` }, body: offer });
    assert.doesNotMatch((await call.desk.next('INVITE')).body, /telephone-event|126/);
  });

  it('passes on no description that answers nothing', async () => {
    world = await World.start();
    const desk = await world.desk();
    const caller = await world.phone();
    const sent = caller.invite((await world.grant()).token);
    desk.reply(await desk.next('INVITE'), 200, { body: offer });
    caller.send('ACK', { ...inside({ sent, ok: await caller.next(200) }, 1), body: offer });
    assert.equal((await desk.next('ACK')).body, '');
  });

  it('says busy where the line is, and asks the hook with the number that the caller would call from', async () => {
    let asked: Record<string, unknown> = {};
    const hook = async (request: Request): Promise<Response> => {
      asked = (await request.json()) as Record<string, unknown>;
      return Response.json({ error: 'busy' }, { status: 403 });
    };
    world = await World.start({ hook });
    const phone = await world.phone();
    phone.invite('token', { from: '"Me" <sip:+254700000002@example.test>;tag=mine' });
    await phone.next(486);
    assert.equal(asked.from_uri, 'sip:+254700000002@example.test');
    phone.invite('token', { headers: { 'P-Preferred-Identity': '<sip:+254700000003@example.test>' } });
    await phone.next(486);
    assert.equal(asked.from_uri, 'sip:+254700000003@example.test');
  });

  it('sends no more than ten headers of the hook', async () => {
    const headers = Object.fromEntries(Array.from({ length: 11 }, (_, index) => [`X-${index}`, 'x']));
    world = await World.start({ hook: async () => Response.json({ callee: 'sip:desk@example.test', headers }) });
    const phone = await world.phone();
    phone.invite('token');
    await phone.next(503);
  });

  it('listens to one connection, and to one address, only so much', async () => {
    world = await World.start({ floodLimits: { messages: 20, invites: 3, registers: 2, handshakes: 3 } });
    const [one, other] = [await world.phone(), await world.phone()];
    for (const phone of [one, one, other]) {
      phone.invite(undefined);
      await phone.next(401);
    }
    other.invite(undefined);
    await other.next(503);
    assert.deepEqual(
      [
        await one.register('a', undefined),
        await other.register('b', undefined),
        await one.register('c', undefined),
      ].map(({ kind }) => kind),
      ['401', '401', '503'],
    );
    for (let index = 0; index < 20; index += 1) one.raw('\r\n\r\n');
    await assert.rejects(one.next(200), /closed/);
    await world.phone();
    await assert.rejects(world.phone(), /429/);
  });
});

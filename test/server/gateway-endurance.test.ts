import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { offer } from './support/sip-phone.js';
import { inside, insideDesk, talk } from './support/talk.js';
import { World } from './support/world.js';

describe('the limits of a call', () => {
  let world: World | undefined;
  afterEach(() => world?.stop());

  it('end what rings too long', async () => {
    world = await World.start({ ringTimeout: 0.05 });
    const desk = await world.desk();
    const caller = await world.phone();
    caller.invite((await world.grant()).token);
    desk.reply(await desk.next('INVITE'), 180);
    await caller.next(408);
    await desk.next('CANCEL');
    assert.equal((await world.ended()).reason, 'no-answer');
  });

  it('end what lasts longer than the line allows, at both sides', async () => {
    world = await World.start();
    const call = await talk(world, 'brief');
    const [atCaller, atDesk] = await Promise.all([call.caller.next('BYE'), call.desk.next('BYE')]);
    assert.equal(atCaller.uri, call.caller.contact);
    assert.equal(atCaller.get('From'), '<sip:call@example.test>;tag=desk-tag');
    assert.equal(atDesk.get('CSeq'), '2 BYE');
    assert.equal((await world.ended()).reason, 'limit');
  });
});

describe('an answered call whose connection is lost', () => {
  let world: World;
  before(async () => void (world = await World.start({ grace: 0.05 })));
  after(() => world.stop());

  it('ends with BYE to the other side when nobody comes back', async () => {
    const call = await talk(world);
    await call.caller.close();
    assert.equal((await call.desk.next('BYE')).get('CSeq'), '2 BYE');
    assert.equal((await world.ended()).reason, 'connection-lost');
  });
});

describe('an answered call whose page goes away', () => {
  it('ends at once, since nobody will come back for it', async () => {
    const world = await World.start();
    const call = await talk(world);
    await call.caller.close(1001);
    await call.desk.next('BYE');
    assert.equal((await world.ended()).reason, 'hangup');
    await world.stop();
  });
});

describe('a caller who comes back', () => {
  let world: World;
  beforeEach(async () => void (world = await World.start()));
  afterEach(() => world.stop());

  it('goes on with a renewed token, and is reached over the new connection', async () => {
    const call = await talk(world);
    await call.caller.close();
    const renewed = await world.grant({ line: 'sales', renew: call.token });
    const back = await world.phone();
    // The re-INVITE does not wait for the answer to the REGISTER.
    const registered = back.register(renewed.user, renewed.token);
    back.send('INVITE', { ...inside(call), headers: { Contact: `<${back.contact}>` }, body: offer });
    assert.equal((await registered).kind, '200');
    call.desk.reply(await call.desk.next('INVITE'), 200, { body: offer });
    assert.equal((await back.next(200)).contactUri, call.ok.contactUri);
    back.send('ACK', inside(call));
    await call.desk.next('ACK');
    call.desk.send('BYE', insideDesk(call));
    assert.equal((await back.next('BYE')).uri, back.contact);
  });

  it('may do so although the gateway takes the old connection for alive', async () => {
    const call = await talk(world);
    const back = await world.phone();
    const { user, token } = await world.grant({ line: 'sales', renew: call.token });
    await back.register(user, token);
    back.send('BYE', inside(call));
    await back.next(200);
    await call.desk.next('BYE');
    assert.deepEqual(await call.caller.settled(), []);
  });

  it('tells a side that stayed to try again as long as the other is away', async () => {
    const call = await talk(world);
    await call.caller.close();
    call.desk.send('INFO', insideDesk(call));
    const answer = await call.desk.next(500);
    assert.equal(answer.get('Retry-After'), '2');
    call.desk.send('BYE', insideDesk(call, 2));
    await call.desk.next(200);
    assert.equal((await world.ended()).reason, 'hangup');
  });
});

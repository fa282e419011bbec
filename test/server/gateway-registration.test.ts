import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { WebSocket } from 'ws';
import { World } from './support/world.js';

describe('a registration at the embedded gateway', () => {
  let world: World;
  before(async () => void (world = await World.start()));
  after(() => world.stop());

  it('is accepted with its Contact echoed, and ends with the token at the latest', async () => {
    const phone = await world.phone();
    const { token } = await world.grant({}, 'desk-1');
    const contact = `<${phone.contact}>;+sip.ice;reg-id=1;+sip.instance="<urn:uuid:1>";expires=600`;
    const answer = await phone.register('desk-1', token, { contact });
    assert.equal(answer.kind, '200');
    assert.match(answer.get('Contact'), /^<sip:.*>;\+sip\.ice;reg-id=1;\+sip\.instance="<urn:uuid:1>";expires=(\d+)$/);
    const expires = Number(answer.get('Expires'));
    assert.ok(expires > 0 && expires <= 300);
    assert.ok(answer.toTag);
  });

  it('is accepted from a caller, too, but stored nowhere', async () => {
    const phone = await world.phone();
    const { token, user } = await world.grant();
    const answer = await phone.register(user, token);
    assert.equal(answer.kind, '200');
    assert.ok(answer.get('Contact').includes(phone.contact));
  });

  it('without a token, or with one that nobody knows, is answered 401 without a challenge', async () => {
    const phone = await world.phone();
    for (const token of [undefined, 'unknown', 'not a token']) {
      const answer = await phone.register('desk', token);
      assert.equal(answer.kind, '401');
      assert.equal(answer.get('WWW-Authenticate'), '');
    }
  });

  it("for somebody else's address is refused", async () => {
    const phone = await world.phone();
    const { token } = await world.grant();
    assert.equal((await phone.register('desk', token)).kind, '403');
  });

  it('from another page than the token was given to is refused', async () => {
    const phone = await world.phone('https://evil.example');
    const { token, user } = await world.grant();
    assert.equal((await phone.register(user, token)).kind, '403');
  });

  for (const way of ['expires=0', 'star'] as const) {
    it(`ends when the desk takes it back (${way})`, async () => {
      const desk = await world.phone();
      const { token } = await world.grant({}, 'desk');
      assert.equal((await desk.register('desk', token)).kind, '200');
      if (way === 'star') {
        const aor = '<sip:desk@example.test>';
        const headers = { Contact: '*', Expires: '0', Authorization: `Bearer ${token}` };
        desk.send('REGISTER', { uri: 'sip:example.test', from: `${aor};tag=1`, to: aor, headers });
        await desk.next(200);
      } else {
        assert.equal((await desk.register('desk', token, { expires: 0 })).kind, '200');
      }
      const caller = await world.phone();
      caller.invite((await world.grant()).token);
      await caller.next(480);
    });
  }

  it('ends with its connection', async () => {
    const desk = await world.desk();
    await desk.close();
    const caller = await world.phone();
    // The gateway hears of the end on its own connection: until then it may still try.
    caller.invite((await world.grant()).token);
    await caller.next(480);
  });
});

describe('a connection to the embedded gateway', () => {
  let world: World;
  before(async () => void (world = await World.start({ maxConnections: 2 })));
  after(() => world.stop());

  it('is made with the subprotocol "sip" only, and on one path only', async () => {
    const refused = async (url: string, protocol?: string): Promise<string> => {
      const socket = new WebSocket(url, protocol);
      return await new Promise((resolve) => socket.once('error', (error) => resolve(error.message)));
    };
    assert.match(await refused(world.url), /400/);
    assert.match(await refused(world.url, 'xmpp'), /400/);
    assert.match(await refused(`${world.url}x`, 'sip'), /404/);
  });

  it('is one of a bounded number', async () => {
    const phones = [await world.phone(), await world.phone()];
    await assert.rejects(world.phone(), /503/);
    for (const phone of phones) await phone.close();
  });

  it('answers a keep-alive with one line end', async () => {
    const phone = await world.phone();
    assert.deepEqual(await phone.settled(), []);
    await phone.close();
  });

  it('survives whatever is broken SIP', async () => {
    const phone = await world.phone();
    const broken = [
      '',
      '\r\n',
      'INVITE sip:a@b SIP/2.0\r\n',
      'INVITE sip:a@b SIP/2.0\r\n\r\n',
      'INVITE sip:a@b SIP/2.0\r\nVia: x\r\nFrom: \r\nTo: <\r\nCall-ID:\r\nCSeq: x y\r\n\r\n',
      'INVITE \u0000 SIP/2.0\r\nCSeq: 99999999999999999999 INVITE\r\n\r\n',
      'SIP/2.0 200 OK\r\nCSeq: nonsense\r\n\r\n',
      'SIP/2.0 999 OK\r\nVia: SIP/2.0/WS a;branch=b\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:a@b>\r\nCall-ID: 1\r\nCSeq: 1 INVITE\r\n\r\n',
      'REGISTER sip:b SIP/2.0\r\nVia: SIP/2.0/WS a;branch=b\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:a@b>\r\nCall-ID: 1\r\nCSeq: 1 INVITE\r\nContact: ;;;\r\n\r\n',
    ];
    for (const text of broken) phone.raw(text);
    assert.deepEqual(await phone.settled(), []);
    await phone.close();
  });

  it('is closed over what is no SIP at all', async () => {
    for (const text of ['hello', 'GET / HTTP/1.1\r\n\r\n', '\u0000\u0001']) {
      const phone = await world.phone();
      phone.raw(text);
      await assert.rejects(phone.next(200), /closed/, text);
    }
  });

  it('is closed over a message of more than 64 kB', async () => {
    const phone = await world.phone();
    phone.raw('x'.repeat(70_000));
    await assert.rejects(phone.next(200), /closed/);
  });

  for (const method of ['REFER', 'MESSAGE', 'SUBSCRIBE', 'PUBLISH', 'OPTIONS', 'NOTIFY', 'PRACK']) {
    it(`knows no ${method}`, async () => {
      const phone = await world.phone();
      phone.send(method);
      assert.match((await phone.next(405)).get('Allow'), /INVITE/);
      await phone.close();
    });
  }

  it('passes nothing on that has hopped too often', async () => {
    const phone = await world.phone();
    phone.invite('token', { headers: { 'Max-Forwards': '0' } });
    await phone.next(483);
    await phone.close();
  });
});

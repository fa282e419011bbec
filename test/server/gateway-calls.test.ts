import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { offer, type SipPhone, type Wire } from './support/sip-phone.js';
import { inside, insideDesk, talk } from './support/talk.js';
import { World } from './support/world.js';

describe('a call through the embedded gateway', () => {
  let world: World;
  beforeEach(async () => void (world = await World.start()));
  afterEach(() => world.stop());

  it('rings at the desk, is answered, and ends by either side', async () => {
    for (const side of ['caller', 'desk'] as const) {
      const call = await talk(world);
      const [one, other] = side === 'caller' ? [call.caller, call.desk] : [call.desk, call.caller];
      one.send('BYE', side === 'caller' ? inside(call) : insideDesk(call));
      await one.next(200);
      other.reply(await other.next('BYE'), 200);
      await call.desk.close();
    }
    await world.ended();
    assert.deepEqual(
      world.events.slice(0, 3).map(({ type, reason, line }) => [type, reason, line]),
      [
        ['started', undefined, 'sales'],
        ['answered', undefined, 'sales'],
        ['ended', 'hangup', 'sales'],
      ],
    );
  });

  it('stands in the log under the id that the page knows it by, and under no other', async () => {
    await world.stop();
    const lines: string[] = [];
    world = await World.start({ log: (line) => void lines.push(line) });
    const id = randomUUID();
    for (const callId of [id, `${id}-forged`, 'forged']) {
      const caller = await world.phone();
      caller.invite('no-token', { callId });
      await caller.next(401);
    }
    assert.deepEqual(
      lines.filter((line) => line.includes('hook')),
      [`call ${id}: hook call answered 403`],
    );
    assert.ok(!lines.join().includes('forged'));
  });

  it('is tried at once, and says so, before anybody is asked', async () => {
    await world.desk();
    const caller = await world.phone();
    caller.invite((await world.grant()).token);
    const trying = await caller.next(100);
    assert.equal(trying.toTag, undefined);
  });

  it('passes ringing and the descriptions of both sides', async () => {
    const desk = await world.desk();
    const caller = await world.phone();
    caller.invite((await world.grant()).token, { body: `${offer}a=from-caller\r\n` });
    const arrived = await desk.next('INVITE');
    assert.equal(arrived.body, `${offer}a=from-caller\r\n`);
    desk.reply(arrived, 180);
    await caller.next(180);
    desk.reply(arrived, 200, { headers: { 'Content-Type': 'application/sdp' }, body: `${offer}a=from-desk\r\n` });
    assert.equal((await caller.next(200)).body, `${offer}a=from-desk\r\n`);
  });

  it('rings where the line says, whatever the caller asked for', async () => {
    const desk = await world.desk();
    const caller = await world.phone();
    const to = '<sip:+12025550123@elsewhere.example>';
    caller.invite((await world.grant()).token, { uri: 'sip:+12025550123@elsewhere.example', to });
    const arrived = await desk.next('INVITE');
    assert.equal(arrived.uri, desk.contact);
    assert.equal(arrived.get('To'), '<sip:desk@example.test>');
  });

  it('shows the desk nothing of the caller but what the server says', async () => {
    const desk = await world.desk();
    const caller = await world.phone();
    const { token } = await world.grant();
    caller.invite(token, {
      from: '"The President" <sip:president@state.example>;tag=mine',
      headers: {
        'P-Preferred-Identity': '<sip:president@state.example>',
        'P-Asserted-Identity': '<sip:president@state.example>',
        'Remote-Party-ID': '<sip:president@state.example>',
        Diversion: '<sip:president@state.example>',
        Route: '<sip:elsewhere.example;lr>',
        'User-Agent': 'secret-agent',
        'Call-Info': '<http://state.example/>',
        Subject: 'folded\r\n Injected: yes',
        'X-Line': 'forged',
      },
    });
    const arrived = await desk.next('INVITE');
    assert.equal(arrived.get('From'), '<sip:+254700000001@example.test>;tag=mine');
    assert.deepEqual(arrived.all('X-Line'), ['sales']);
    assert.doesNotMatch(arrived.text, /Authorization|Bearer|president|secret-|elsewhere|Injected|Route:/i);
    for (const secret of [token, caller.contact]) assert.ok(!arrived.text.includes(secret));
  });

  it('shows the caller nothing of the desk', async () => {
    const desk = await world.desk();
    const caller = await world.phone();
    const to = '<sip:call@example.test>';
    caller.invite((await world.grant()).token, { to });
    const arrived = await desk.next('INVITE');
    const telling = {
      'P-Asserted-Identity': '<sip:desk@example.test>',
      Server: 'desk-phone',
      Warning: '399 desk "desk"',
    };
    desk.reply(arrived, 180, { headers: telling });
    const ringing = await caller.next(180);
    desk.reply(arrived, 200, { headers: telling, body: offer });
    const ok = await caller.next(200);
    for (const { text } of [ringing, ok]) {
      assert.doesNotMatch(text.replaceAll('desk-tag', ''), /desk|Far Side|254700000001/);
      assert.ok(!text.includes(desk.contact));
    }
    assert.equal(ok.get('To'), `${to};tag=desk-tag`);
    assert.match(ok.contactUri, /^sip:[0-9a-f]{32}@example\.test;transport=ws$/);
  });

  it('hides both sides also inside the call', async () => {
    const call = await talk(world);
    call.caller.send('INVITE', { ...inside(call), headers: { Contact: `<${call.caller.contact}>` }, body: offer });
    const again = await call.desk.next('INVITE');
    assert.equal(again.uri, call.desk.contact);
    assert.equal(again.get('From'), '<sip:+254700000001@example.test>;tag=mine');
    assert.equal(again.contactUri, call.arrived.contactUri);
    call.desk.reply(again, 200, { body: offer });
    const ok = await call.caller.next(200);
    assert.equal(ok.contactUri, call.ok.contactUri);
    call.caller.send('ACK', inside(call));
    assert.equal((await call.desk.next('ACK')).get('CSeq'), '2 ACK');

    call.desk.send('INFO', { ...insideDesk(call), headers: { 'Content-Type': 'text/plain' }, body: 'hello' });
    const info = await call.caller.next('INFO');
    assert.equal(info.uri, call.caller.contact);
    assert.equal(info.body, 'hello');
    assert.equal(info.get('From'), '<sip:call@example.test>;tag=desk-tag');
    assert.ok(!info.text.includes(call.desk.contact));
    call.caller.reply(info, 200);
    await call.desk.next(200);
  });

  it('passes a refused re-INVITE on, acknowledges it itself, and goes on', async () => {
    const call = await talk(world);
    call.caller.send('INVITE', { ...inside(call), headers: { Contact: `<${call.caller.contact}>` }, body: offer });
    call.desk.reply(await call.desk.next('INVITE'), 491);
    assert.equal((await call.desk.next('ACK')).get('CSeq'), '2 ACK');
    assert.doesNotMatch((await call.caller.next(491)).text, /Far Side/);
    call.caller.send('UPDATE', { ...inside(call, 3), headers: { Contact: `<${call.caller.contact}>` } });
    call.desk.reply(await call.desk.next('UPDATE'), 200);
    await call.caller.next(200);
    call.caller.send('INFO', inside(call, 4));
    call.desk.reply(await call.desk.next('INFO'), 407);
    await call.caller.next(403);
  });

  it('lets key tones pass, unless the line says otherwise', async () => {
    const call = await talk(world);
    const tone = { headers: { 'Content-Type': 'application/dtmf-relay' }, body: 'Signal=1\r\nDuration=100\r\n' };
    call.caller.send('INFO', { ...inside(call), ...tone });
    const arrived = await call.desk.next('INFO');
    assert.equal(arrived.get('Content-Type'), 'application/dtmf-relay');
    assert.equal(arrived.body, tone.body);
    await call.desk.close();

    const silent = await talk(world, 'mute');
    silent.caller.send('INFO', { ...inside(silent), ...tone });
    await silent.caller.next(403);
    assert.deepEqual(await silent.desk.settled(), []);
  });

  it('is refused with 480 where nobody is registered', async () => {
    const caller = await world.phone();
    caller.invite((await world.grant({ line: 'nowhere' })).token);
    await caller.next(480);
    assert.equal((await world.ended()).reason, 'refused');
  });

  for (const [said, shown] of [
    [486, 486],
    [603, 603],
    [600, 600],
    [488, 488],
    [302, 480],
    [407, 403],
    [503, 500],
    [499, 400],
  ] as const) {
    it(`shows the desk's ${said} as ${shown}, in words of its own`, async () => {
      const desk = await world.desk();
      const caller = await world.phone();
      caller.invite((await world.grant()).token);
      desk.reply(await desk.next('INVITE'), said, { headers: { Contact: '<sip:mobile@far.example>' } });
      await desk.next('ACK');
      const refusal = await caller.next(shown);
      assert.doesNotMatch(refusal.text, /Far Side|far\.example/);
    });
  }

  it('is taken back everywhere when the caller cancels', async () => {
    const desk = await world.desk();
    const caller = await world.phone();
    const sent = caller.invite((await world.grant()).token);
    const arrived = await desk.next('INVITE');
    desk.reply(arrived, 180);
    await caller.next(180);
    caller.send('CANCEL', sent);
    await caller.next(200);
    await caller.next(487);
    const cancel = await desk.next('CANCEL');
    assert.equal(cancel.get('Via'), arrived.get('Via'));
    assert.equal(cancel.get('CSeq'), '1 CANCEL');
    assert.equal((await world.ended()).reason, 'cancelled');
  });

  it('waits with the CANCEL for the first sign of the desk', async () => {
    const desk = await world.desk();
    const caller = await world.phone();
    const sent = caller.invite((await world.grant()).token);
    const arrived = await desk.next('INVITE');
    caller.send('CANCEL', sent);
    await caller.next(487);
    assert.deepEqual(await desk.settled(), []);
    desk.reply(arrived, 100);
    await desk.next('CANCEL');
  });

  it('is ended by the gateway at a desk whose answer crosses the CANCEL', async () => {
    const desk = await world.desk();
    const caller = await world.phone();
    const sent = caller.invite((await world.grant()).token);
    const arrived = await desk.next('INVITE');
    desk.reply(arrived, 180);
    await caller.next(180);
    caller.send('CANCEL', sent);
    await caller.next(487);
    desk.reply(arrived, 200, { body: offer });
    assert.equal((await desk.next('ACK')).uri, desk.contact);
    desk.reply(await desk.next('BYE'), 200);
    assert.ok((await caller.settled()).every(({ kind }) => kind !== '200'));
  });

  it('is taken back at once when the connection of the caller closes', async () => {
    const desk = await world.desk();
    const caller = await world.phone();
    caller.invite((await world.grant()).token);
    desk.reply(await desk.next('INVITE'), 180);
    await caller.next(180);
    await caller.close();
    await desk.next('CANCEL');
    assert.equal((await world.ended()).reason, 'connection-lost');
  });

  it('fails when the only desk goes away while it rings', async () => {
    const desk = await world.desk();
    const caller = await world.phone();
    caller.invite((await world.grant()).token);
    desk.reply(await desk.next('INVITE'), 180);
    await caller.next(180);
    await desk.close();
    await caller.next(480);
  });

  it('rings at every desk, and the first that answers has it alone', async () => {
    const desks = [await world.desk(), await world.desk(), await world.desk()];
    const caller = await world.phone();
    caller.invite((await world.grant()).token);
    const arrived = await Promise.all(desks.map((desk) => desk.next('INVITE')));
    const [slow, winner, late] = desks as [SipPhone, SipPhone, SipPhone];
    for (const [index, desk] of desks.entries()) desk.reply(arrived[index] as Wire, 180, { tag: `tag-${index}` });
    for (const _desk of desks) await caller.next(180);
    winner.reply(arrived[1] as Wire, 200, { tag: 'tag-1', body: offer });
    assert.match((await caller.next(200)).get('To'), /;tag=tag-1$/);

    assert.match((await slow.next('CANCEL')).get('Reason'), /cause=200/);
    slow.reply(arrived[0] as Wire, 487, { tag: 'tag-0' });
    await slow.next('ACK');

    // This one had answered before it heard that it was too late.
    late.reply(arrived[2] as Wire, 200, { tag: 'tag-2', body: offer });
    assert.match((await late.next('ACK')).get('To'), /;tag=tag-2$/);
    assert.equal((await late.next('BYE')).get('CSeq'), '2 BYE');
    assert.deepEqual(await caller.settled(), []);
  });

  it('is refused only when every desk has refused, or one for the person', async () => {
    const desks = [await world.desk(), await world.desk()];
    const [one, other] = desks as [SipPhone, SipPhone];
    const caller = await world.phone();
    caller.invite((await world.grant()).token);
    one.reply(await one.next('INVITE'), 486);
    await one.next('ACK');
    assert.ok((await caller.settled()).every(({ kind }) => kind === '100'));
    other.reply(await other.next('INVITE'), 486);
    await caller.next(486);

    const again = await world.phone();
    again.invite((await world.grant()).token);
    other.reply(await other.next('INVITE'), 100);
    await other.settled();
    one.reply(await one.next('INVITE'), 603);
    await again.next(603);
    await other.next('CANCEL');
  });

  it('passes a repeated 200 on until it is acknowledged', async () => {
    const desk = await world.desk();
    const caller = await world.phone();
    caller.invite((await world.grant()).token);
    const arrived = await desk.next('INVITE');
    desk.reply(arrived, 200, { body: offer });
    const first = await caller.next(200);
    desk.reply(arrived, 200, { body: offer });
    assert.equal((await caller.next(200)).text, first.text);
  });

  it('takes an INVITE that comes twice for one', async () => {
    const desk = await world.desk();
    const caller = await world.phone();
    const { token } = await world.grant();
    const sent = caller.invite(token);
    await desk.next('INVITE');
    caller.invite(token, sent);
    await caller.settled();
    assert.deepEqual(await desk.settled(), []);
  });
});

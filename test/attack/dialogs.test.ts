import assert from 'node:assert/strict';
import { webrtcOffer, type RequestOptions } from '../stack/sip-client.js';
import { attacks } from './support/attack.js';
import { CALLEE_MARK } from './support/far-end.js';
import type { Talk, Thief } from './support/thief.js';

/** Another visitor, whose call goes on while the thief tries; and the thief, who has learnt every name of that call. */
async function victim(thief: Thief): Promise<Talk> {
  return await thief.talk('answers', await thief.connect());
}

/** Sends a request of somebody else's call, from the thief's own connection. */
async function intrude(thief: Thief, talk: Talk, method: string, options: RequestOptions = {}): Promise<string> {
  const { callId } = talk;
  const before = thief.far.requests(method, callId).length;
  const sent = thief.request(method, { ...talk.within, cseq: 2, ...options });
  const met = await thief.held(sent, method);
  assert.equal(thief.far.requests(method, callId).length, before, `the phone got the ${method}`);
  return met;
}

attacks('requests that claim to be inside a dialog', (attack) => {
  for (const method of ['INVITE', 'BYE', 'INFO', 'UPDATE', 'PRACK']) {
    attack(`${method} in a dialog that never was`, async (thief) => {
      const uri = thief.target.callee('rings');
      const to = '<sip:call@gateway.invalid>;tag=made-up';
      const body = method === 'INVITE' || method === 'UPDATE' ? webrtcOffer() : '';
      return await thief.refused(thief.request(method, { uri, to, body, token: await thief.token() }), method);
    });
  }

  attack('INVITE in a dialog that never was, by the Route of one that is', async (thief) => {
    const talk = await thief.talk();
    const routed = { headers: talk.within.headers, to: '<sip:call@gateway.invalid>;tag=made-up' };
    const targets = ['sip:+19005550100@127.0.0.1:5060', thief.target.callee('rings'), talk.within.uri ?? ''];
    const sent = targets.map((uri) => thief.request('INVITE', { ...routed, uri, body: webrtcOffer() }));
    const met = await Promise.all(sent.map((one) => thief.refused(one)));
    await thief.hangUp(talk);
    return [...new Set(met)].join(', ');
  });

  attack('INVITE with a To tag of the thief’s and a Route to a phone', async (thief) => {
    const to = '<sip:call@gateway.invalid>;tag=x';
    const headers = ['Route: <sip:gateway.invalid;lr>', `Route: <sip:${CALLEE_MARK}-rings@127.0.0.1:5060;lr>`];
    return await thief.refused(thief.invite({ token: await thief.token(), to, headers }));
  });

  attack('re-INVITE that changes the target', async (thief) => {
    const talk = await thief.talk();
    const { within } = talk;
    const elsewhere = {
      uri: thief.target.callee('rings'),
      headers: [...within.headers, 'Route: <sip:198.51.100.9;lr>'],
    };
    thief.request('INVITE', { ...within, ...elsewhere, cseq: 2, body: webrtcOffer() });
    const { status } = await thief.final(talk, 'INVITE', 2);
    thief.request('ACK', { ...within, ...elsewhere, cseq: 2, contact: '' });
    for (const message of thief.far.requests('INVITE', talk.callId)) {
      assert.match(message.uri ?? '', new RegExp(`^sip:${CALLEE_MARK}-answers@`));
    }
    await thief.hangUp(talk);
    return status === 200 ? 'the phone of the call got it, and nobody else' : `${status}`;
  });

  attack('re-INVITE with another identity and a transfer', async (thief) => {
    const talk = await thief.talk();
    const { within } = talk;
    const headers = [
      ...within.headers,
      'P-Asserted-Identity: <sip:+254711111111@bank.example>',
      'Remote-Party-ID: <sip:+254711111111@bank.example>',
      'Refer-To: <sip:+19005550100@198.51.100.9>',
      'Replaces: x;to-tag=1;from-tag=2',
      `Authorization: Bearer ${talk.token}`,
    ];
    thief.request('INVITE', {
      ...within,
      from: '"Bank" <sip:+254711111111@bank.example>',
      headers,
      cseq: 2,
      body: webrtcOffer(),
    });
    const { status } = await thief.final(talk, 'INVITE', 2);
    thief.request('ACK', { ...within, cseq: 2, contact: '' });
    for (const message of thief.far.requests('INVITE', talk.callId))
      assert.doesNotMatch(message.text, /254711111111|bank\.example|"bank"/i);
    await thief.hangUp(talk);
    return status === 200 ? 'identity and headers were taken away' : `${status}`;
  });

  attack('re-INVITE whose Contact is another host, to have it called', async (thief) => {
    const talk = await thief.talk();
    const { within } = talk;
    const at = thief.target.callee('rings').replace('sip:', '');
    thief.request('INVITE', { ...within, contact: `<sip:${at}>`, cseq: 2, body: webrtcOffer() });
    await thief.final(talk, 'INVITE', 2);
    thief.request('ACK', { ...within, cseq: 2, contact: '' });
    await thief.hangUp(talk);
    const strayed = thief.far.received.filter(({ method, uri }) => method !== undefined && uri?.includes('-rings@'));
    assert.deepEqual(
      strayed.filter(({ text }) => text.includes(talk.callId)),
      [],
    );
    return 'nobody else was called';
  });

  attack('requests of a call that is over', async (thief) => {
    const talk = await thief.talk();
    await thief.hangUp(talk, 2);
    thief.request('INVITE', { ...talk.within, cseq: 3, body: webrtcOffer() });
    const met = await thief.refused(talk, 'INVITE', 3);
    assert.equal(thief.far.requests('INVITE', talk.callId).length, 1);
    return met;
  });

  for (const method of ['INVITE', 'UPDATE', 'INFO', 'BYE', 'REFER']) {
    attack(`${method} of a stranger who knows every name of a call`, async (thief) => {
      const talk = await victim(thief);
      const body = method === 'INVITE' || method === 'UPDATE' ? webrtcOffer() : '';
      const met = await intrude(thief, talk, method, { body });
      await thief.hangUp(talk);
      return met;
    });
  }

  attack('a stranger with a grant and a registration of his own moves a call', async (thief) => {
    const talk = await victim(thief);
    const token = await thief.token();
    const sent = thief.request('REGISTER', { token });
    await thief.held(sent, 'REGISTER').catch(() => undefined);
    const met = await intrude(thief, talk, 'INVITE', { body: webrtcOffer() });
    await thief.hangUp(talk);
    return met;
  });

  attack('BYE and re-INVITE with guessed tags', async (thief) => {
    const talk = await victim(thief);
    const guessed = { fromTag: 'guess', to: talk.within.to?.replace(/tag=.*/, 'tag=guess') ?? '' };
    const mets = [
      await intrude(thief, talk, 'BYE', guessed),
      await intrude(thief, talk, 'BYE', { to: guessed.to, cseq: 3 }),
      await intrude(thief, talk, 'INVITE', { ...guessed, cseq: 4, body: webrtcOffer() }),
    ];
    await thief.hangUp(talk);
    return [...new Set(mets)].join(', ');
  });

  attack('BYE of a stranger who speaks as the phone', async (thief) => {
    const talk = await victim(thief);
    const tag = /tag=(.*)/.exec(talk.within.to ?? '')?.[1] ?? '';
    const reversed = {
      ...talk.within,
      from: '<sip:call@gateway.invalid>',
      fromTag: tag,
      to: `<sip:visitor@gateway.invalid>;tag=${talk.fromTag}`,
      cseq: 7,
    };
    const sent = thief.request('BYE', reversed);
    const met = await thief.held(sent, 'BYE');
    assert.ok(!talk.client.messages.some((message) => message.method === 'BYE'), 'the visitor got a BYE');
    await thief.hangUp(talk);
    return met;
  });

  attack('CANCEL of a stranger for somebody else’s INVITE', async (thief) => {
    const client = await thief.connect();
    const sent = thief.invite({ token: await thief.token(), client });
    await thief.rightful(sent);
    await client.waitFor(({ status }) => status === 180);
    const { branch, callId, fromTag } = sent;
    const theirs = thief.request('CANCEL', { branch, callId, fromTag, contact: '' });
    const met = await thief.held({ ...theirs, client: thief.client }, 'CANCEL').catch(() => 'taken');
    await thief.control();
    assert.equal(thief.far.requests('CANCEL', callId).length, 0, 'the call was taken back');
    client.request('CANCEL', { ...sent, contact: '' });
    assert.equal((await thief.final(sent)).status, 487);
    return met;
  });

  attack('an answer of a stranger to somebody else’s INVITE', async (thief) => {
    const client = await thief.connect();
    const sent = thief.invite({ token: await thief.token(), client });
    const invite = await thief.rightful(sent);
    await client.waitFor(({ status }) => status === 180);
    thief.client.respond(invite, 200, 'OK', {
      toTag: 'thief',
      headers: ['Contact: <sip:x@y.invalid;transport=ws>', 'Content-Type: application/sdp'],
      body: webrtcOffer(),
    });
    await thief.control();
    assert.ok(
      !client.messages.some(({ status, text }) => status === 200 && text.includes(sent.callId)),
      'it was taken for the phone’s',
    );
    client.request('CANCEL', { ...sent, contact: '' });
    assert.equal((await thief.final(sent)).status, 487);
    return 'no answer';
  });
});

import assert from 'node:assert/strict';
import { headerOf } from '../../demo/stack/sip-message.js';
import { webrtcOffer } from '../stack/sip-client.js';
import { attacks } from './support/attack.js';
import { CALLEE_MARK } from './support/far-end.js';

const ELSEWHERE = '<sip:+19005550100@198.51.100.9>';

/** What tells an attacker which holes to look for. */
const MAKE = /kamailio|opensips|rtpengine|^Server:|^User-Agent:|^Warning:/im;

/** What else SIP can do, and what makes it worth a try. */
const METHODS: Record<string, string[]> = {
  REFER: [`Refer-To: ${ELSEWHERE}`, 'Referred-By: <sip:visitor@gateway.invalid>'],
  MESSAGE: ['Content-Disposition: render'],
  SUBSCRIBE: ['Event: dialog', 'Expires: 600'],
  PUBLISH: ['Event: presence', 'Expires: 600'],
  NOTIFY: ['Event: talk', 'Subscription-State: active'],
  INFO: ['Info-Package: dtmf'],
  UPDATE: [],
  PRACK: ['RAck: 1 1 INVITE'],
  OPTIONS: ['Accept: application/sdp'],
  KDMQ: [],
  GET: [],
  invite: [],
  NONSENSE: [],
};

attacks('other methods', (attack) => {
  for (const [method, headers] of Object.entries(METHODS)) {
    attack(`${method}, with a token and a phone’s address`, async (thief) => {
      const uri = `sip:${CALLEE_MARK}-rings@gateway.invalid`;
      const sent = thief.request(method, { uri, to: `<${uri}>`, token: await thief.token(), headers });
      return await thief.held(sent, method);
    });
  }

  for (const method of ['REFER', 'MESSAGE', 'SUBSCRIBE', 'PUBLISH', 'NOTIFY', 'OPTIONS', 'NONSENSE']) {
    attack(`${method} within a call`, async (thief) => {
      const talk = await thief.talk();
      const headers = [...(talk.within.headers ?? []), ...(METHODS[method] ?? [])];
      const sent = { ...talk, ...thief.request(method, { ...talk.within, cseq: 2, headers }) };
      const met = await thief.held(sent, method);
      await thief.hangUp(talk);
      assert.equal(thief.far.requests(method, talk.callId).length, 0, `the phone got the ${method}`);
      return met;
    });
  }

  attack('OPTIONS as a probe of what the gateway is', async (thief) => {
    const sent = thief.request('OPTIONS', { uri: 'sip:gateway.invalid' });
    const met = await thief.refused(sent, 'OPTIONS');
    assert.doesNotMatch((await thief.final(sent, 'OPTIONS')).text, MAKE);
    return met;
  });

  attack('a refusal that tells what the gateway is', async (thief) => {
    const sent = thief.invite({ token: 'a.b.c' });
    const met = await thief.refused(sent);
    assert.doesNotMatch((await thief.final(sent)).text, MAKE);
    return met;
  });

  attack('CANCEL, ACK and BYE for nothing', async (thief) => {
    const cancel = await thief.held(thief.request('CANCEL'), 'CANCEL');
    for (let count = 0; count < 200; count += 1)
      thief.request('ACK', { uri: `sip:${CALLEE_MARK}-rings@gateway.invalid` });
    const bye = await thief.held(thief.request('BYE'), 'BYE');
    return `${cancel}; ${bye}`;
  });

  attack('an ACK with an offer, and no INVITE before it', async (thief) => {
    thief.request('ACK', { to: '<sip:call@gateway.invalid>;tag=x', body: webrtcOffer(), token: await thief.token() });
    return 'no answer';
  });

  attack(
    'an INVITE that asks for reliable provisional answers and sends PRACK and UPDATE before the answer',
    async (thief) => {
      const token = await thief.token('rings');
      const sent = thief.invite({ token, headers: ['Supported: 100rel', 'Require: 100rel'] });
      const held = await thief.held(sent);
      if (!held.startsWith('only')) return held;
      const ringing = await sent.client.waitFor(({ status, text }) => status === 180 && text.includes(sent.callId));
      const routes = ringing.headers.filter(({ name }) => name.toLowerCase() === 'record-route');
      const within = {
        to: headerOf(ringing, 'to'),
        callId: sent.callId,
        fromTag: sent.fromTag,
        uri: 'sip:+19005550100@198.51.100.9',
        headers: routes.map(({ value }) => `Route: ${value}`).reverse(),
      };
      thief.request('PRACK', { ...within, cseq: 2, headers: [...within.headers, 'RAck: 1 1 INVITE'] });
      const update = { ...sent, ...thief.request('UPDATE', { ...within, cseq: 3, body: webrtcOffer() }) };
      await sent.client.final(update.callId, '3 UPDATE', 3000).catch(() => undefined);
      for (const message of thief.far.received) assert.doesNotMatch(message.text, /19005550100/);
      thief.request('CANCEL', { ...sent, contact: '' });
      assert.equal((await thief.final(sent)).status, 487);
      return 'the requests stayed in their call';
    },
  );
});

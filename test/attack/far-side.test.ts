import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { headerOf } from '../../demo/stack/sip-message.js';
import { webrtcOffer } from '../stack/sip-client.js';
import { attacks } from './support/attack.js';
import { answerSdp, type Leg } from './support/far-end.js';
import { DOMAIN, SHOP } from './support/targets.js';
import type { Sent, Thief } from './support/thief.js';

/** A call to a phone that does as the test says. */
async function scripted(thief: Thief, way: (leg: Leg) => void): Promise<Sent & { leg: Leg }> {
  let leg: Leg | undefined;
  thief.far.ways.set('scripted', (called) => way((leg = called)));
  const sent = thief.invite({ token: await thief.token('scripted') });
  await thief.rightful(sent);
  assert.ok(leg);
  return { ...sent, leg };
}

/** Answers by which a phone, or a trunk that was taken over, says more than it should or sends the call elsewhere. */
const ANSWERS: Record<string, { status: number; headers?: string[] }> = {
  '300 with a choice of numbers': {
    status: 300,
    headers: ['Contact: <sip:+19005550100@10.66.0.7>, <sip:+19005550101@10.66.0.7>'],
  },
  '301 to another number': { status: 301, headers: ['Contact: <sip:+19005550100@10.66.0.7>'] },
  '302 to another number': { status: 302, headers: ['Contact: <sip:+19005550100@10.66.0.7>;q=1.0'] },
  '305 to another proxy': { status: 305, headers: ['Contact: <sip:10.66.0.7:5080;lr>'] },
  '380 with an alternative': {
    status: 380,
    headers: ['Contact: <sip:+19005550100@10.66.0.7>', 'Content-Type: application/3gpp-ims+xml'],
  },
  '401 with a challenge': { status: 401, headers: ['WWW-Authenticate: Digest realm="pbx7-nairobi", nonce="x"'] },
  '407 with a challenge': { status: 407, headers: ['Proxy-Authenticate: Digest realm="pbx7-nairobi", nonce="x"'] },
  '413 with Retry-After': { status: 413, headers: ['Retry-After: 999999 (Room 12)'] },
  '420 with Unsupported': { status: 420, headers: ['Unsupported: pbx7-nairobi-feature'] },
  '480 with a Reason': { status: 480, headers: ['Reason: Q.850;cause=31;text="Room 12"'] },
  '486 with an address': { status: 486, headers: ['Contact: <sip:10.66.0.7>', 'Error-Info: <sip:10.66.0.7>'] },
  '503 of one of many trunks': { status: 503, headers: ['Retry-After: 3600'] },
  '603 with a name': { status: 603, headers: ['Call-Info: <http://10.66.0.7/>'] },
  '604 with a body': { status: 604 },
  '699 of no meaning': { status: 699 },
};

attacks(
  'the far side',
  (attack) => {
    for (const [name, { status, headers }] of Object.entries(ANSWERS)) {
      attack(`${name}`, async (thief) => {
        const sent = await scripted(thief, (leg) => leg.reply(status, headers ? { headers } : {}));
        const met = await thief.refused(sent);
        assert.equal(
          thief.far.requests('INVITE').filter(({ text }) => text.includes(sent.callId)).length,
          1,
          'it was followed',
        );
        return met;
      });
    }

    for (const method of ['REFER', 'MESSAGE', 'NOTIFY', 'SUBSCRIBE', 'OPTIONS', 'PUBLISH']) {
      attack(`${method} of the phone within a call`, async (thief) => {
        const talk = scripted(thief, (leg) => {
          leg.reply(200, { body: leg.invite.body.includes('UDP/TLS') ? leg.invite.body : answerSdp() });
        });
        const { leg, ...sent } = await talk;
        const answer = await thief.final(sent);
        assert.equal(answer.status, 200);
        leg.request(method, { cseq: 11, headers: ['Refer-To: <sip:+19005550100@10.66.0.7>', 'Event: refer'] });
        const said = await phoneHears(thief, sent.callId, `11 ${method}`);
        assert.ok(!thief.client.messages.some((message) => message.method === method), `the browser got the ${method}`);
        leg.request('BYE', { cseq: 12 });
        await thief.client.waitFor((message) => message.method === 'BYE');
        return said;
      });
    }

    attack(
      'two answers of two phones to one call',
      async (thief) => {
        const sent = await scripted(thief, (leg) => {
          const body = leg.invite.body.includes('UDP/TLS') ? leg.invite.body : answerSdp();
          leg.reply(200, { body });
          leg.reply(200, { body, tag: 'second' });
        });
        assert.equal((await thief.final(sent)).status, 200);
        const { client, callId } = sent;
        await thief.control();
        const tags = client.messages
          .filter(({ status, text }) => status === 200 && text.includes(callId))
          .map((message) => /tag=([^;]+)/.exec(headerOf(message, 'to'))?.[1]);
        assert.equal(new Set(tags).size, 1, 'the browser got both');
        return 'one answer was passed on';
      },
      { on: ['kamailio'] },
    );

    attack('endless 183', async (thief) => {
      const sent = await scripted(thief, (leg) => {
        const again = setInterval(() => leg.reply(183), 200);
        setTimeout(() => clearInterval(again), 20_000).unref();
        again.unref();
      });
      const met = await thief.refused(sent);
      await thief.far.gets('CANCEL', sent.callId);
      return `${met}, and the phone was cancelled`;
    });

    attack(
      'an INVITE with Replaces, to take a call over',
      async (thief) => {
        const talk = await thief.talk();
        const replaces = `Replaces: ${talk.callId};to-tag=${talk.fromTag};from-tag=${/tag=(.*)/.exec(talk.within.to ?? '')?.[1] ?? ''}`;
        const seen = await fromOutside(thief, 'INVITE', `sip:visitor@${DOMAIN}`, {
          headers: [replaces],
          body: answerSdp(),
        });
        assert.ok(!talk.client.messages.some((message) => message.method === 'INVITE'), 'the browser got it');
        await thief.hangUp(talk);
        return seen;
      },
      { on: ['kamailio'] },
    );

    for (const method of ['INVITE', 'MESSAGE', 'REFER', 'NOTIFY', 'SUBSCRIBE', 'REGISTER', 'PUBLISH', 'BYE', 'INFO']) {
      attack(
        `${method} of a phone for a visitor who may not be called`,
        async (thief) => {
          const user = 'visitor-7';
          const token = await thief.token('rings', { subject: user });
          const address = `<sip:${user}@${DOMAIN}>`;
          const sent = thief.request('REGISTER', { token, from: address, to: address });
          assert.equal((await thief.final(sent, 'REGISTER')).status, 200);
          const seen = await fromOutside(thief, method, `sip:${user}@${DOMAIN}`, {
            body: method === 'INVITE' ? answerSdp() : '',
          });
          assert.ok(!thief.client.messages.some((message) => message.method === method), 'the browser got it');
          return seen;
        },
        { on: ['kamailio'] },
      );
    }

    attack(
      'a trunk that is none: SIP by UDP from another address',
      async (thief) => {
        const token = await thief.token('rings', { endpoint: 'desk', subject: 'desk' });
        const address = `<sip:desk@${DOMAIN}>`;
        const sent = thief.request('REGISTER', { token, from: address, to: address });
        assert.equal((await thief.final(sent, 'REGISTER')).status, 200);
        const seen = await fromOutside(thief, 'INVITE', `sip:desk@${DOMAIN}`, { body: answerSdp(), host: '127.0.0.9' });
        assert.ok(!thief.client.messages.some((message) => message.method === 'INVITE'), 'the browser rang');
        assert.equal(seen, 'no answer');
        return seen;
      },
      { on: ['kamailio'] },
    );

    attack(
      'a relay of the trunk’s: a request for somewhere else by UDP',
      async (thief) => {
        const at = thief.target.callee('rings');
        const seen = await fromOutside(thief, 'INVITE', at, { body: answerSdp(), headers: [`Route: <${at};lr>`] });
        await thief.control();
        assert.ok(!thief.arrived.some(({ text }) => text.includes('outside-')), 'it was relayed');
        return seen;
      },
      { on: ['kamailio'] },
    );

    attack('an answer that says who and where the phone is', async (thief) => {
      const talk = await thief.talk();
      talk.client.request('INVITE', { ...talk.within, cseq: 2, body: webrtcOffer() });
      assert.equal((await thief.final(talk, 'INVITE', 2)).status, 200);
      talk.client.request('ACK', { ...talk.within, cseq: 2, contact: '' });
      await thief.hangUp(talk);
      return 'nothing of it is in what the browser got';
    });
  },
  // Short, for the one that rings for ever; all the others are answered long before.
  { settings: { RING_TIME_MS: 4000 }, ringSeconds: 4 },
);

/** What the far side is told of a request of its own. */
async function phoneHears(thief: Thief, callId: string, cseq: string): Promise<string> {
  for (let waited = 0; waited < 3000; waited += 20) {
    const found = thief.far.received.find(
      ({ status, text }) => (status ?? 0) >= 200 && text.includes(callId) && text.includes(`CSeq: ${cseq}`),
    );
    if (found) assert.ok((found.status ?? 0) >= 400, found.start);
    if (found) return found.start.replace('SIP/2.0 ', '');
    await sleep(20);
  }
  return 'no answer';
}

/** A request to the trunk’s port from a socket of its own. */
async function fromOutside(
  { target }: Thief,
  method: string,
  uri: string,
  { headers = [] as string[], body = '', host = '127.0.0.1' } = {},
): Promise<string> {
  const socket = createSocket('udp4');
  socket.bind(0, host);
  await once(socket, 'listening');
  const { port } = socket.address();
  let first = 'no answer';
  socket.on('message', (data) => {
    const [start = ''] = data.toString().split('\r\n');
    if (/^SIP\/2\.0 [2-6]/.test(start)) first = start.replace('SIP/2.0 ', '');
  });
  const id = `outside-${port}`;
  const text = [
    `${method} ${uri} SIP/2.0`,
    `Via: SIP/2.0/UDP ${host}:${port};branch=z9hG4bK${id}`,
    'Max-Forwards: 70',
    `From: <sip:+254733000001@${host}>;tag=${id}`,
    `To: <${uri}>`,
    `Call-ID: ${id}`,
    `CSeq: 1 ${method}`,
    `Contact: <sip:x@${host}:${port}>`,
    `Origin: ${SHOP}`,
    ...headers,
    ...(body ? ['Content-Type: application/sdp'] : []),
    `Content-Length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ].join('\r\n');
  socket.send(text, target.trunkPort ?? 0, '127.0.0.1');
  for (let waited = 0; waited < 1000 && first === 'no answer'; waited += 20) await sleep(20);
  socket.close();
  return first;
}

import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { webrtcOffer } from '../stack/sip-client.js';
import { attacks } from './support/attack.js';

const without =
  (pattern: RegExp) =>
  (offer: string): string =>
    offer.replace(pattern, '');
const video = 'm=video 50000 UDP/TLS/RTP/SAVPF 96\r\nc=IN IP4 127.0.0.1\r\na=rtpmap:96 VP8/90000\r\n';

/** Offers that are no WebRTC audio, or that would make the gateway work for somebody else. */
const OFFERS: Record<string, (offer: string) => string> = {
  'an offer of plain RTP': (offer) =>
    offer.replace('UDP/TLS/RTP/SAVPF', 'RTP/AVP').replace(/a=(ice|fingerprint|setup|candidate).*\r\n/g, ''),
  'an offer without ICE': without(/a=(ice|candidate).*\r\n/g),
  'an offer without a fingerprint': without(/a=fingerprint.*\r\n/g),
  'an offer with SDES keys': (offer) =>
    offer.replace(
      /a=fingerprint.*\r\n/,
      'a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz\r\n',
    ),
  'an offer with video': (offer) => offer + video,
  'an offer of video alone': (offer) => offer.replace('m=audio', 'm=video'),
  'an offer with data': (offer) => `${offer}m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\nc=IN IP4 0.0.0.0\r\n`,
  'an offer of a fax': (offer) => `${offer}m=image 9 udptl t38\r\nc=IN IP4 127.0.0.1\r\n`,
  'an offer of twenty streams': (offer) => offer + offer.slice(offer.indexOf('m=audio')).repeat(19),
  'an offer with three hundred candidates': (offer) =>
    offer +
    Array.from(
      { length: 300 },
      (_, count) => `a=candidate:${count} 1 udp ${count} 198.51.100.${count % 250} 9 typ host\r\n`,
    ).join(''),
  'an offer of 60 kB': (offer) => offer + `a=x-padding:${'a'.repeat(60_000)}\r\n`,
  'an offer that is no SDP': () => 'nothing of SDP\r\n',
};

attacks('media', (attack) => {
  for (const [name, change] of Object.entries(OFFERS)) {
    attack(name, async (thief) =>
      thief.refused(thief.invite({ token: await thief.token('busy'), body: change(webrtcOffer()) })),
    );
  }

  attack(
    'an offer with a line of its own headers',
    async (thief) => {
      const body = `${webrtcOffer()}\r\n\r\nINVITE sip:+19005550100@198.51.100.9 SIP/2.0\r\n\r\n`;
      const sent = thief.invite({ token: await thief.token('busy'), body });
      await thief.final(sent);
      assert.equal(thief.far.requests('INVITE', sent.callId).length, 1);
      return 'the phone got the offer and nothing of the rest';
    },
    // Both ends of the embedded gateway are browsers, which read a description as nothing but a description.
    { on: ['kamailio'] },
  );

  attack(
    'sound sent to a host of the thief’s choosing',
    async (thief) => {
      const victim = createSocket('udp4');
      victim.bind(0, '127.0.0.1');
      await once(victim, 'listening');
      const { port } = victim.address();
      const packets: Buffer[] = [];
      victim.on('message', (data) => packets.push(data));
      const speaker = createSocket('udp4');
      const offer = webrtcOffer()
        .replace(/a=candidate.*\r\n/, '')
        .replace('m=audio 50000', `m=audio ${port}`);
      thief.far.ways.set('scripted', (leg) => {
        const [, at] = /m=audio (\d+)/.exec(leg.invite.body) ?? [];
        const local = speaker.address().port;
        const body = `v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio ${local} RTP/AVP 0\r\n`;
        leg.reply(200, { body });
        const rtp = Buffer.concat([Buffer.from([0x80, 0, 0, 1, 0, 0, 0, 160, 1, 2, 3, 4]), Buffer.alloc(160, 0x55)]);
        for (let count = 0; count < 50; count += 1)
          setTimeout(() => speaker.send(rtp, Number(at), '127.0.0.1'), count * 20).unref();
      });
      speaker.bind(0, '127.0.0.1');
      await once(speaker, 'listening');
      const sent = thief.invite({ token: await thief.token('scripted'), body: offer });
      await thief.rightful(sent);
      assert.equal((await thief.final(sent)).status, 200);
      await sleep(1500);
      // STUN begins with two zero bits, DTLS with 20 to 63; what begins with 10 is sound.
      const sound = packets.filter((packet) => ((packet[0] ?? 0) & 0xc0) === 0x80);
      victim.close();
      speaker.close();
      assert.equal(sound.length, 0, `${sound.length} packets of sound`);
      assert.ok(packets.length < 50, `${packets.length} packets`);
      return `no sound, ${packets.length < 20 ? 'hardly a packet' : 'some packets'} of ICE and DTLS`;
    },
    { on: ['kamailio'] },
  );

  attack('key tones by INFO on a line without', async (thief) => {
    const talk = await thief.talk('mute');
    for (const [index, type] of ['application/dtmf-relay', 'application/dtmf', 'text/plain'].entries()) {
      const headers = [...talk.within.headers, `Content-Type: ${type}`, 'Info-Package: dtmf'];
      thief.request('INFO', { ...talk.within, cseq: 2 + index, headers });
      await thief.final(talk, 'INFO', 2 + index);
    }
    assert.equal(thief.far.requests('INFO', talk.callId).length, 0, 'the PBX got the keys');
    await thief.hangUp(talk);
    return 'the PBX got no key';
  });

  attack(
    'key tones by RTP on a line without',
    async (thief) => {
      const talk = await thief.talk('mute');
      const [invite] = thief.far.requests('INVITE', talk.callId);
      assert.doesNotMatch(invite?.body ?? '', /telephone-event/);
      await thief.hangUp(talk);
      return 'telephone-event is not offered to the PBX';
    },
    { on: ['kamailio'] },
  );
});

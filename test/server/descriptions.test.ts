import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isWebRtcAudio, withoutKeys } from '../../demo/gateway/descriptions.js';
import { offer } from './support/sip-phone.js';

const candidate = 'a=candidate:1 1 udp 1 192.0.2.1 9 typ host\r\n';

describe('a description that a browser offers', () => {
  it('is one audio stream of WebRTC, with candidates or without', () => {
    assert.ok(isWebRtcAudio(offer));
    assert.ok(isWebRtcAudio(offer + candidate.repeat(64)));
  });

  const others: Record<string, string> = {
    nothing: '',
    'no medium': offer.replace(/m=.*\r\n/, ''),
    'no ICE user name': offer.replace(/a=ice-ufrag.*\r\n/, ''),
    'no ICE password': offer.replace(/a=ice-pwd.*\r\n/, ''),
    'no fingerprint': offer.replace(/a=fingerprint.*\r\n/, ''),
    'clear RTP': offer.replace('UDP/TLS/RTP/SAVPF', 'RTP/AVP'),
    video: offer.replace('m=audio', 'm=video'),
    'audio and video': `${offer}m=video 9 UDP/TLS/RTP/SAVPF 96\r\n`,
    'a data channel': offer.replace(/m=.*\r\n/, 'm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n'),
    'hundreds of candidates': offer + candidate.repeat(65),
    'more than 16 kB': `${offer}a=fmtp:111 ${'x'.repeat(16_500)}\r\n`,
  };
  for (const [what, sdp] of Object.entries(others)) it(`is not ${what}`, () => assert.ok(!isWebRtcAudio(sdp)));
});

describe('a description without keys', () => {
  it('offers no telephone event, and is the same otherwise', () => {
    const bare = withoutKeys(offer);
    assert.doesNotMatch(bare, /126|telephone-event/);
    assert.match(bare, /^m=audio 9 UDP\/TLS\/RTP\/SAVPF 111$/m);
    assert.ok(isWebRtcAudio(bare));
    assert.equal(withoutKeys(bare), bare);
  });
});

/**
 * What a browser would offer: one stream of sound with ICE and DTLS (RFC 8829). Nobody stands behind it, since no call of
 * ours lives long enough for a sound; the address is one for documentation (RFC 5737).
 */
export const OFFER = [
  'v=0',
  'o=- 4611731400430051336 2 IN IP4 127.0.0.1',
  's=-',
  't=0 0',
  'a=group:BUNDLE 0',
  'm=audio 50000 UDP/TLS/RTP/SAVPF 111 0 8 126',
  'c=IN IP4 192.0.2.1',
  'a=rtcp:9 IN IP4 0.0.0.0',
  'a=candidate:1 1 udp 2122260223 192.0.2.1 50000 typ host generation 0',
  'a=ice-ufrag:Dctr',
  'a=ice-pwd:aLookAtTheLineAndNoMore1',
  'a=ice-options:trickle',
  `a=fingerprint:sha-256 ${Array.from({ length: 32 }, () => '5A').join(':')}`,
  'a=setup:actpass',
  'a=mid:0',
  'a=sendrecv',
  'a=rtcp-mux',
  'a=rtpmap:111 opus/48000/2',
  'a=rtpmap:0 PCMU/8000',
  'a=rtpmap:8 PCMA/8000',
  'a=rtpmap:126 telephone-event/8000',
  '',
].join('\r\n');

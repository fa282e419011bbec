/** In bytes. A browser's offer takes 2 to 6 kB. */
const LONGEST = 16_384;

/** More than any machine has networks. */
const MOST_CANDIDATES = 64;

/** One stream of sound, encrypted: video, data channels and clear RTP are for other products than a phone. */
const AUDIO = /^m=audio [0-9]{1,5} UDP\/TLS\/RTP\/SAVPF( [0-9]{1,3})+$/;

/**
 * Whether a description (SDP) is what a browser offers for a call: one audio stream of WebRTC. Without ICE, sound would be
 * sent to whatever address it names, asked or not; without a fingerprint, to whoever is in between.
 */
export function isWebRtcAudio(sdp: string): boolean {
  if (Buffer.byteLength(sdp) > LONGEST) return false;
  const lines = sdp.split(/\r?\n/);
  const count = (pattern: RegExp): number => lines.filter((line) => pattern.test(line)).length;
  return (
    count(/^m=/) === 1 &&
    count(AUDIO) === 1 &&
    count(/^a=ice-ufrag:\S{4,256}$/) > 0 &&
    count(/^a=ice-pwd:\S{22,256}$/) > 0 &&
    count(/^a=fingerprint:sha-(256|384|512) [0-9A-Fa-f:]{95,191}$/) > 0 &&
    count(/^a=candidate:/) <= MOST_CANDIDATES
  );
}

/** A description in which no keys are offered that could be pressed (RFC 4733), for a line that takes none. */
export function withoutKeys(sdp: string): string {
  const types = [...sdp.matchAll(/^a=rtpmap:([0-9]+) telephone-event\//gm)].map(([, type = '']) => type);
  if (types.length === 0) return sdp;
  return sdp
    .split('\r\n')
    .filter((line) => !types.some((type) => line.startsWith(`a=rtpmap:${type} `) || line.startsWith(`a=fmtp:${type} `)))
    .map((line) => (line.startsWith('m=') ? withoutTypes(line, types) : line))
    .join('\r\n');
}

function withoutTypes(media: string, types: readonly string[]): string {
  const [kind = '', port = '', protocol = '', ...formats] = media.split(' ');
  return [kind, port, protocol, ...formats.filter((format) => !types.includes(format))].join(' ');
}

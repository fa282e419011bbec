/** Payload types that need no `rtpmap` (RFC 3551 section 6), of those that browsers speak. */
const STATIC: Readonly<Record<string, string>> = { 0: 'pcmu', 8: 'pcma', 9: 'g722' };
/** Names that carry no voice of their own. */
const NO_VOICE: readonly string[] = ['telephone-event', 'cn', 'red'];

/** Names of the codecs for voice in the audio of a description. */
function codecsIn(sdp: string): string[] {
  const [, types = ''] = /^m=audio \d+ \S+ (.*)$/m.exec(sdp) ?? [];
  const names = new Map([...sdp.matchAll(/^a=rtpmap:(\d+) ([^/\s]+)/gm)].map(([, type, name]) => [type, name]));
  return types
    .trim()
    .split(' ')
    .map((type) => (names.get(type) ?? STATIC[type] ?? '').toLowerCase())
    .filter((name) => name && !NO_VOICE.includes(name));
}

/** Whether two ends can hear each other: Chromium takes an answer without a common codec, and is silent ever after. */
export function haveCommonCodec({ localDescription, remoteDescription }: RTCPeerConnection): boolean {
  if (!localDescription || !remoteDescription) return true;
  const ours = codecsIn(localDescription.sdp);
  return codecsIn(remoteDescription.sdp).some((name) => ours.includes(name));
}

import { fail, ok, warn, type PageFinding } from './page-finding.js';

/** In milliseconds. */
const TIME_LIMIT = 10_000;

/** Asks each STUN and TURN server of a grant, as a call would. */
export async function examineIceServers(servers: readonly RTCIceServer[]): Promise<PageFinding[]> {
  const single = servers.flatMap(({ urls, ...rest }) => [urls].flat().map((url) => ({ ...rest, urls: url })));
  const findings = await Promise.all(single.map(examineOne));
  if (findings.some(({ check }) => check === 'turn')) return findings;
  const what = 'Name a TURN server in "ice_servers": from a network that lets no UDP out, nobody is heard without.';
  return [...findings, warn('turn', 'none is named', what)];
}

async function examineOne(server: RTCIceServer & { urls: string }): Promise<PageFinding> {
  const relay = /^turns?:/i.test(server.urls);
  const check = relay ? 'turn' : 'stun';
  let peer: RTCPeerConnection;
  try {
    peer = new RTCPeerConnection({ iceServers: [server], iceTransportPolicy: relay ? 'relay' : 'all' });
  } catch {
    return fail(
      check,
      `${server.urls}: the browser does not take it`,
      'Correct the address, and give TURN a credential.',
    );
  }
  try {
    const failure = await answerOf(peer, relay);
    if (failure === undefined) return ok(check, `${server.urls}: ${relay ? 'gives a relay' : 'answers'}`);
    const what =
      'Start the server, open its port in the firewall, and see that its secret is the one of the token endpoint.';
    return fail(check, `${server.urls}: ${failure}`, what);
  } finally {
    peer.close();
  }
}

/** @returns undefined for a server that does its work, else what it said instead */
async function answerOf(peer: RTCPeerConnection, relay: boolean): Promise<string | undefined> {
  let failure: string | undefined;
  const answered = new Promise<string | undefined>((resolve) => {
    peer.onicecandidateerror = ({ errorCode }) => {
      failure ??= errorCode === 701 ? 'no answer' : `error ${errorCode}`;
    };
    peer.onicecandidate = ({ candidate }) => {
      if (candidate?.type === (relay ? 'relay' : 'srflx')) resolve(undefined);
      // The last: a STUN server on the same network shows no address that was not known, and is well all the same.
      if (candidate === null) resolve(failure ?? (relay ? 'no relay' : undefined));
    };
    setTimeout(() => resolve(failure ?? 'no answer'), TIME_LIMIT);
  });
  peer.createDataChannel('');
  await peer.setLocalDescription();
  return await answered;
}

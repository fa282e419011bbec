import type { IceServer } from '../../ice-server.js';
import { fail, ok, warn, type Finding } from '../finding.js';
import { readIceUrl, type IceUrl } from '../ice/ice-url.js';
import { probeStun, probeTurn } from '../ice/probe.js';
import { reason } from '../web.js';

/** RFC 8656 section 19, RFC 8489 section 14.8. */
const CODES: Readonly<Record<number, string>> = {
  401: 'The server refuses the credential: its secret ("static-auth-secret") must be the one of the token endpoint, and both clocks right.',
  403: 'The server forbids it to this user: see its log.',
  441: 'The server refuses the credential: its secret ("static-auth-secret") must be the one of the token endpoint, and both clocks right.',
  486: 'The quota of this user is used up ("user-quota"): raise it, or give each session a user name of its own.',
  508: 'The server has no relay left: raise "total-quota" and the range of ports.',
};

const DOWN = 'Start the server, and open its port in the firewall, by UDP and by TCP.';

/** Asks all servers of a grant at a time, and judges them kind by kind. */
export async function checkIceServers(servers: readonly IceServer[], ca: string[] | undefined): Promise<Finding[]> {
  const asked = servers.flatMap(({ urls, username = '', credential = '' }) =>
    [urls].flat().map(async (text) => ({ kind: kindOf(text), finding: await askOne(text, username, credential, ca) })),
  );
  const answers = await Promise.all(asked);
  const stun = answers.filter(({ kind }) => kind === 'stun').map(({ finding }) => finding);
  const turn = answers.filter(({ kind }) => kind === 'turn').map(({ finding }) => finding);
  return [
    ...(stun.length > 0 ? stun : [ok('stun', 'none is named, and a gateway with a public address needs none')]),
    ...(turn.length > 0 ? turn : [withoutTurn()]),
  ];
}

function withoutTurn(): Finding {
  const what =
    'Run a TURN server and name it in "ice_servers": from a network that lets no UDP out, nobody is heard without.';
  return warn('turn', 'none is named', what);
}

function kindOf(text: string): 'stun' | 'turn' {
  return /^stuns?:/i.test(text) ? 'stun' : 'turn';
}

async function askOne(text: string, username: string, credential: string, ca: string[] | undefined): Promise<Finding> {
  const url = readIceUrl(text);
  const check = kindOf(text);
  if (!url)
    return fail(check, `${text}: no address of a STUN or TURN server`, 'Write it as "turn:host:port?transport=udp".');
  try {
    return url.kind === 'stun'
      ? judgeStun(text, await probeStun(url, ca))
      : judgeTurn(text, await probeTurn(url, username, credential, ca));
  } catch (error) {
    return fail(check, `${text}: ${reason(error)}`, adviceFor(url, error));
  }
}

function judgeStun(text: string, code: number): Finding {
  if (code === 0) return ok('stun', `${text}: answers`);
  return fail(
    'stun',
    `${text}: error ${code}`,
    'See the log of the server: a question for the own address is always allowed.',
  );
}

function judgeTurn(text: string, code: number | 'open'): Finding {
  if (code === 0) return ok('turn', `${text}: gives a relay`);
  if (code === 'open') {
    const what = 'Have it ask for credentials ("use-auth-secret"): as it is, everybody sends through it, in your name.';
    return fail('turn', `${text}: gives relays to everybody`, what);
  }
  return fail('turn', `${text}: error ${code}`, CODES[code] ?? 'See the log of the server.');
}

function adviceFor({ transport }: IceUrl, error: unknown): string {
  const certificate = transport === 'tls' && /certificate/.test(reason(error));
  return certificate ? 'Give it a certificate that browsers trust, for the host in the address.' : DOWN;
}

import { createHash, randomBytes } from 'node:crypto';

/** Parameters of a challenge. */
export interface Challenge {
  realm: string;
  nonce: string;
  /** Whether the server wants a client's nonce too. */
  qop: boolean;
  opaque: string | undefined;
}

export interface Proof {
  username: string;
  password: string;
  method: string;
  uri: string;
}

/** Reads a WWW-Authenticate or Proxy-Authenticate header; undefined where it is no digest with MD5. */
export function readChallenge(header: string | undefined): Challenge | undefined {
  if (header === undefined || !/^digest\s/i.test(header)) return undefined;
  const value = (name: string): string | undefined => {
    const [, quoted, plain] = new RegExp(`[\\s,]${name}=(?:"([^"]*)"|([^\\s,]+))`, 'i').exec(header) ?? [];
    return quoted ?? plain;
  };
  const [realm, nonce, algorithm] = [value('realm'), value('nonce'), value('algorithm') ?? 'MD5'];
  if (realm === undefined || nonce === undefined || algorithm.toUpperCase() !== 'MD5') return undefined;
  const qop = (value('qop') ?? '').split(/[\s,]+/).includes('auth');
  return { realm, nonce, qop, opaque: value('opaque') };
}

/** The value of an Authorization header (RFC 3261 section 22.4, RFC 2617 section 3.2.2). */
export function answerChallenge(challenge: Challenge, { username, password, method, uri }: Proof): string {
  const { realm, nonce, qop, opaque } = challenge;
  const secret = md5(`${username}:${realm}:${password}`);
  const request = md5(`${method}:${uri}`);
  const cnonce = randomBytes(8).toString('hex');
  const count = '00000001';
  const response = md5([secret, nonce, ...(qop ? [count, cnonce, 'auth'] : []), request].join(':'));
  const parts = [
    `username="${username}"`,
    `realm="${realm}"`,
    `nonce="${nonce}"`,
    `uri="${uri}"`,
    `response="${response}"`,
    'algorithm=MD5',
    ...(qop ? [`qop=auth`, `nc=${count}`, `cnonce="${cnonce}"`] : []),
    ...(opaque === undefined ? [] : [`opaque="${opaque}"`]),
  ];
  return `Digest ${parts.join(', ')}`;
}

/** What SIP digest is made of; good for nothing else. */
function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}

import { openChannel, type StunChannel } from './stun-channel.js';
import type { IceUrl } from './ice-url.js';
import {
  ATTRIBUTE,
  encodeStun,
  errorCode,
  newTransactionId,
  REQUEST,
  UDP_RELAY,
  type Attribute,
  type StunCredential,
  type StunMessage,
} from './stun-message.js';

/** RFC 8489 section 14.8: the nonce is old, and the answer holds a new one. */
const STALE_NONCE = 438;
const UNAUTHORIZED = 401;

/**
 * Asks a STUN server for this end's address.
 * @returns 0, or the code of the error
 * @throws Error where nothing comes
 */
export async function probeStun(url: IceUrl, ca: string[] | undefined): Promise<number> {
  const channel = await openChannel(url, ca);
  try {
    return errorCode(await channel.ask(encodeStun(REQUEST.binding, newTransactionId(), [])));
  } finally {
    channel.close();
  }
}

/**
 * Asks a TURN server for a relay, and gives it back.
 * @returns 0, or the code of the error; `open` where it asks for no credential
 * @throws Error where nothing comes
 */
export async function probeTurn(
  url: IceUrl,
  username: string,
  password: string,
  ca: string[] | undefined,
): Promise<number | 'open'> {
  const channel = await openChannel(url, ca);
  try {
    const relay: Attribute[] = [[ATTRIBUTE.transport, UDP_RELAY]];
    const asked = await ask(channel, REQUEST.allocate, relay);
    if (errorCode(asked) === 0) return 'open';
    if (errorCode(asked) !== UNAUTHORIZED) return errorCode(asked);
    let credential = credentialFor(asked, username, password);
    let answer = await ask(channel, REQUEST.allocate, relay, credential);
    if (errorCode(answer) === STALE_NONCE) {
      credential = credentialFor(answer, username, password);
      answer = await ask(channel, REQUEST.allocate, relay, credential);
    }
    const code = errorCode(answer);
    // Quotas count it until it is gone.
    if (code === 0) await ask(channel, REQUEST.refresh, [[ATTRIBUTE.lifetime, Buffer.alloc(4)]], credential);
    return code;
  } finally {
    channel.close();
  }
}

async function ask(
  channel: StunChannel,
  type: number,
  attributes: readonly Attribute[],
  credential?: StunCredential,
): Promise<StunMessage> {
  return await channel.ask(encodeStun(type, newTransactionId(), attributes, credential));
}

function credentialFor({ attributes }: StunMessage, username: string, password: string): StunCredential {
  const [realm, nonce] = [attributes.get(ATTRIBUTE.realm), attributes.get(ATTRIBUTE.nonce)];
  return { username, password, realm: realm ?? Buffer.alloc(0), nonce: nonce ?? Buffer.alloc(0) };
}

/**
 * STUN messages (RFC 8489) with what TURN adds (RFC 8656), as far as it takes to see whether a server answers and gives a
 * relay. The packages that are kept know STUN alone, or bring a whole WebRTC along.
 */
import { createHash, createHmac, randomBytes } from 'node:crypto';

/** RFC 8489 section 5. */
const COOKIE = 0x2112a442;
export const HEADER_BYTES = 20;

/** Message types: requests, as RFC 8489 section 18.2 and RFC 8656 section 17 number their methods. */
export const REQUEST = { binding: 0x0001, allocate: 0x0003, refresh: 0x0004 } as const;
/** The bit of a type that says "error" (RFC 8489 section 5). */
const ERROR = 0x0110;

/** RFC 8489 section 18.3, RFC 8656 section 18. */
export const ATTRIBUTE = {
  username: 0x0006,
  integrity: 0x0008,
  error: 0x0009,
  lifetime: 0x000d,
  realm: 0x0014,
  nonce: 0x0015,
  transport: 0x0019,
} as const;

/** The value of REQUESTED-TRANSPORT: relays speak UDP (RFC 8656 section 18.7). */
export const UDP_RELAY = Buffer.from([17, 0, 0, 0]);

export type Attribute = readonly [type: number, value: Buffer];

export interface StunMessage {
  type: number;
  id: Buffer;
  attributes: ReadonlyMap<number, Buffer>;
}

/** A credential for long, as RFC 8489 section 9.2 calls it, and what the server asked for it. */
export interface StunCredential {
  username: string;
  password: string;
  realm: Buffer;
  nonce: Buffer;
}

export function newTransactionId(): Buffer {
  return randomBytes(12);
}

/** A request; with a credential it is signed (RFC 8489 section 14.5). */
export function encodeStun(
  type: number,
  id: Buffer,
  attributes: readonly Attribute[],
  credential?: StunCredential,
): Buffer {
  if (!credential) return framed(type, id, Buffer.concat(attributes.map(encodeAttribute)));
  const { username, password, realm, nonce } = credential;
  const known: Attribute[] = [
    ...attributes,
    [ATTRIBUTE.username, Buffer.from(username)],
    [ATTRIBUTE.realm, realm],
    [ATTRIBUTE.nonce, nonce],
  ];
  const body = Buffer.concat(known.map(encodeAttribute));
  const key = createHash('md5')
    .update(Buffer.concat([Buffer.from(`${username}:`), realm, Buffer.from(`:${password}`)]))
    .digest();
  // What is signed already counts the signature in its length.
  const signature = createHmac('sha1', key)
    .update(framed(type, id, body, SIGNATURE_BYTES))
    .digest();
  return framed(type, id, Buffer.concat([body, encodeAttribute([ATTRIBUTE.integrity, signature])]));
}

/** With its header. */
const SIGNATURE_BYTES = 24;

/** The bytes of the message that data begins with; undefined where that is not all there yet, or no STUN. */
export function lengthOfStun(data: Buffer): number | undefined {
  return data.length < HEADER_BYTES ? undefined : HEADER_BYTES + data.readUInt16BE(2);
}

/** @returns undefined for what is no STUN message */
export function decodeStun(data: Buffer): StunMessage | undefined {
  if (data.length < HEADER_BYTES || data.readUInt32BE(4) !== COOKIE || (data[0] ?? 0) > 0x3f) return undefined;
  const attributes = new Map<number, Buffer>();
  const end = Math.min(data.length, lengthOfStun(data) ?? 0);
  for (let at = HEADER_BYTES; at + 4 <= end;) {
    const length = data.readUInt16BE(at + 2);
    attributes.set(data.readUInt16BE(at), data.subarray(at + 4, at + 4 + length));
    at += 4 + Math.ceil(length / 4) * 4;
  }
  return { type: data.readUInt16BE(0), id: data.subarray(8, HEADER_BYTES), attributes };
}

/** 0 for a success, else the code of the error (RFC 8489 section 14.8). */
export function errorCode({ type, attributes }: StunMessage): number {
  if ((type & ERROR) !== ERROR) return 0;
  const value = attributes.get(ATTRIBUTE.error);
  return value && value.length >= 4 ? (value[2]! & 7) * 100 + value[3]! : 500;
}

function framed(type: number, id: Buffer, body: Buffer, more = 0): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt16BE(type, 0);
  head.writeUInt16BE(body.length + more, 2);
  head.writeUInt32BE(COOKIE, 4);
  return Buffer.concat([head, id, body]);
}

function encodeAttribute([type, value]: Attribute): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16BE(type, 0);
  head.writeUInt16BE(value.length, 2);
  return Buffer.concat([head, value, Buffer.alloc((4 - (value.length % 4)) % 4)]);
}

import { createHash, createHmac, randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv4 } from 'node:net';

const COOKIE = 0x2112a442;
const METHODS = { allocate: 0x0003, refresh: 0x0004, createPermission: 0x0008, channelBind: 0x0009 } as const;
/** RFC 8656 section 18.1: an indication, which has no answer. */
const SEND = 0x0016;
const ATTRIBUTES = {
  channel: 0x000c,
  username: 0x0006,
  integrity: 0x0008,
  error: 0x0009,
  lifetime: 0x000d,
  peer: 0x0012,
  data: 0x0013,
  realm: 0x0014,
  nonce: 0x0015,
  transport: 0x0019,
} as const;
/** RFC 8656 section 18.7: UDP. */
const UDP = Buffer.from([17, 0, 0, 0]);
/** RFC 8656 section 12: the first number of a channel. */
const CHANNEL = Buffer.from([0x40, 0, 0, 0]);
const ANSWER_LIMIT_MS = 3000;

type Attribute = readonly [type: number, value: Buffer];

export interface TurnServer {
  host: string;
  port: number;
  username: string;
  credential: string;
}

/** A TURN client over UDP (RFC 8656), as far as it takes to see what a server lets its users do. */
export class TurnClient {
  readonly #server: TurnServer;
  readonly #socket: Socket;
  #realm: Buffer = Buffer.alloc(0);
  #nonce: Buffer = Buffer.alloc(0);

  private constructor(server: TurnServer, socket: Socket) {
    this.#server = server;
    this.#socket = socket;
  }

  static async open(server: TurnServer): Promise<TurnClient> {
    const socket = createSocket('udp4');
    socket.bind(0, server.host);
    await once(socket, 'listening');
    return new TurnClient(server, socket);
  }

  /** Asks for a relay. @returns 0, or the error code */
  async allocate(): Promise<number> {
    const asked = await this.#ask(METHODS.allocate, [[ATTRIBUTES.transport, UDP]], false);
    this.#realm = asked.get(ATTRIBUTES.realm) ?? this.#realm;
    this.#nonce = asked.get(ATTRIBUTES.nonce) ?? this.#nonce;
    return codeOf(await this.#ask(METHODS.allocate, [[ATTRIBUTES.transport, UDP]], true));
  }

  /** Asks to be let through to a host. @returns 0, or the error code */
  async permit(host: string): Promise<number> {
    return codeOf(await this.#ask(METHODS.createPermission, [[ATTRIBUTES.peer, xorAddress(host)]], true));
  }

  /** Asks for a channel to a host, which is a permission as well. @returns 0, or the error code */
  async bind(host: string, port: number): Promise<number> {
    const peer = [ATTRIBUTES.peer, xorAddress(host, port)] as const;
    return codeOf(await this.#ask(METHODS.channelBind, [[ATTRIBUTES.channel, CHANNEL], peer], true));
  }

  /** Sends to a host without asking before. */
  send(host: string, port: number, data: Buffer): void {
    const body = Buffer.concat([encode([ATTRIBUTES.peer, xorAddress(host, port)]), encode([ATTRIBUTES.data, data])]);
    const message = Buffer.concat([header(SEND, randomBytes(12), body), body]);
    this.#socket.send(message, this.#server.port, this.#server.host);
  }

  /** Gives the relay back. */
  async release(): Promise<void> {
    await this.#ask(METHODS.refresh, [[ATTRIBUTES.lifetime, Buffer.alloc(4)]], true);
  }

  close(): void {
    this.#socket.close();
  }

  async #ask(method: number, attributes: Attribute[], signed: boolean): Promise<Map<number, Buffer>> {
    const id = randomBytes(12);
    const { username, credential, host, port } = this.#server;
    const all: Attribute[] = signed
      ? [
          ...attributes,
          [ATTRIBUTES.username, Buffer.from(username)],
          [ATTRIBUTES.realm, this.#realm],
          [ATTRIBUTES.nonce, this.#nonce],
        ]
      : attributes;
    const body = Buffer.concat(all.map(encode));
    const message = signed ? this.#sign(method, id, body, credential) : Buffer.concat([header(method, id, body), body]);
    const answer = new Promise<Map<number, Buffer>>((resolve, reject) => {
      const limit = setTimeout(() => reject(new Error('The TURN server does not answer')), ANSWER_LIMIT_MS);
      const listen = (data: Buffer): void => {
        if (!data.subarray(8, 20).equals(id)) return;
        clearTimeout(limit);
        this.#socket.off('message', listen);
        resolve(decode(data.subarray(20)));
      };
      this.#socket.on('message', listen);
    });
    this.#socket.send(message, port, host);
    return await answer;
  }

  /** RFC 8489 section 14.5: the length already counts the signature, which is 24 bytes with its header. */
  #sign(method: number, id: Buffer, body: Buffer, credential: string): Buffer {
    const key = createHash('md5').update(`${this.#server.username}:${this.#realm}:${credential}`).digest();
    const signed = Buffer.concat([header(method, id, body, 24), body]);
    const signature = createHmac('sha1', key).update(signed).digest();
    return Buffer.concat([signed, encode([ATTRIBUTES.integrity, signature])]);
  }
}

function header(method: number, id: Buffer, body: Buffer, more = 0): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt16BE(method, 0);
  head.writeUInt16BE(body.length + more, 2);
  head.writeUInt32BE(COOKIE, 4);
  return Buffer.concat([head, id]);
}

function encode([type, value]: Attribute): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16BE(type, 0);
  head.writeUInt16BE(value.length, 2);
  return Buffer.concat([head, value, Buffer.alloc((4 - (value.length % 4)) % 4)]);
}

function decode(body: Buffer): Map<number, Buffer> {
  const found = new Map<number, Buffer>();
  for (let at = 0; at + 4 <= body.length;) {
    const length = body.readUInt16BE(at + 2);
    found.set(body.readUInt16BE(at), body.subarray(at + 4, at + 4 + length));
    at += 4 + Math.ceil(length / 4) * 4;
  }
  return found;
}

function codeOf(answer: Map<number, Buffer>): number {
  const error = answer.get(ATTRIBUTES.error);
  return error ? (error[2] ?? 0) * 100 + (error[3] ?? 0) : 0;
}

/** XOR-PEER-ADDRESS of an IPv4 host; the port plays no part in a permission. */
function xorAddress(host: string, port = 9): Buffer {
  if (!isIPv4(host)) throw new TypeError(`${host} is no IPv4 address`);
  const value = Buffer.alloc(8);
  value[1] = 1;
  value.writeUInt16BE((COOKIE >>> 16) ^ port, 2);
  const address = host.split('.').reduce((number, part) => number * 256 + Number(part), 0);
  value.writeUInt32BE((address ^ COOKIE) >>> 0, 4);
  return value;
}

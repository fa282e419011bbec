import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { randomBytes, randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { HOST } from '../../../demo/stack/ports.js';
import { encode, energy } from './alaw.js';

/** PCMA of RFC 3551: 8000 samples a second, here in packets of 20 ms. */
const PAYLOAD_TYPE = 8;
const PACKET_MS = 20;
const SAMPLES = 160;
const HEADER_BYTES = 12;
/** Eight whole waves in a packet, so that one packet may follow another any number of times. */
const WAVES = 8;
const TONE = Buffer.from(
  Array.from({ length: SAMPLES }, (_, at) => encode(0.3 * Math.sin((2 * Math.PI * WAVES * at) / SAMPLES))),
);
/** Packets that were due while this process was busy; beyond, they are left out. */
const MAX_LATE = 25;

/** The mouth and the ear of a far end: speaks a tone without a pause while it is told to, and measures what comes in. */
export class FarVoice {
  #socket: Socket;
  readonly #ssrc = randomBytes(4);
  #to: { host: string; port: number } | undefined;
  #sequence = randomInt(1000);
  #timestamp = randomInt(1_000_000);
  #timer: NodeJS.Timeout | undefined;
  #sum = 0;
  #samples = 0;
  /** How many packets came in. */
  packets = 0;

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.#listen();
  }

  static async open(): Promise<FarVoice> {
    return new FarVoice(await bound());
  }

  /** Goes on at another port, as after a transfer behind an exchange. */
  async move(): Promise<void> {
    this.#socket.close();
    this.#socket = await bound();
    this.#listen();
  }

  get port(): number {
    return this.#socket.address().port;
  }

  /** Sends to where a description of the other side wants it. */
  sendTo(sdp: string): void {
    const host = /^c=IN IP4 (\S+)/m.exec(sdp)?.[1];
    const port = Number(/^m=audio (\d+)/m.exec(sdp)?.[1]);
    if (host !== undefined && port > 0) this.#to = { host, port };
  }

  speak(): void {
    if (this.#timer) return;
    const began = performance.now();
    let sent = 0;
    this.#timer = setInterval(() => {
      const due = Math.floor((performance.now() - began) / PACKET_MS);
      if (due - sent > MAX_LATE) {
        this.#skip(due - sent - MAX_LATE);
        sent = due - MAX_LATE;
      }
      for (; sent < due; sent += 1) this.#say();
    }, PACKET_MS);
  }

  hush(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** Loudness (RMS, 0 to 1) of what comes in from now on, for a while. Nothing at all counts as silence. */
  async recordedEnergy(forMs = 1000): Promise<number> {
    const [sum, samples] = [this.#sum, this.#samples];
    await sleep(forMs);
    return this.#samples === samples ? 0 : Math.sqrt((this.#sum - sum) / (this.#samples - samples));
  }

  close(): void {
    this.hush();
    this.#socket.close();
  }

  #listen(): void {
    this.#socket.on('message', (packet) => this.#hear(packet));
    // Nobody listens for its RTCP, which the system tells of.
    this.#socket.on('error', () => undefined);
  }

  #hear(packet: Buffer): void {
    if ((packet[1]! & 0x7f) !== PAYLOAD_TYPE) return;
    this.packets += 1;
    const samples = packet.subarray(HEADER_BYTES);
    this.#sum += energy(samples);
    this.#samples += samples.length;
  }

  #say(): void {
    const header = Buffer.alloc(HEADER_BYTES);
    header[0] = 0x80;
    header[1] = PAYLOAD_TYPE;
    header.writeUInt16BE(this.#sequence, 2);
    header.writeUInt32BE(this.#timestamp, 4);
    this.#ssrc.copy(header, 8);
    if (this.#to) this.#socket.send(Buffer.concat([header, TONE]), this.#to.port, this.#to.host);
    this.#sequence = (this.#sequence + 1) % 0x10000;
    this.#skip(1);
  }

  #skip(packets: number): void {
    this.#timestamp = (this.#timestamp + packets * SAMPLES) % 0x100000000;
  }
}

async function bound(): Promise<Socket> {
  const socket = createSocket('udp4');
  socket.bind(0, HOST);
  await once(socket, 'listening');
  return socket;
}

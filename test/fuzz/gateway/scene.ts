import { randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { startStack, type Stack } from '../../../demo/stack/stack.js';
import { FarPhone } from '../../stack/far-phone.js';
import { SipClient } from '../../stack/sip-client.js';
import { LyingHook } from './lying-hook.js';

/** Where no call may ever lead: an address of this machine that is no trunk's. */
const TRAP_HOST = '127.0.0.9';

/** A real gateway between a hook that lies and a phone that does not, and traps where nothing may arrive. */
export class Scene {
  readonly stack: Stack;
  readonly hook: LyingHook;
  readonly phone: FarPhone;
  /** What came where nothing may come. */
  readonly trapped: string[] = [];
  readonly #udp: Socket;
  readonly #tcp: Server;
  /** Why the gateway ended by itself, if it did. */
  #crash: Error | undefined;

  private constructor(stack: Stack, hook: LyingHook, phone: FarPhone, udp: Socket, tcp: Server) {
    [this.stack, this.hook, this.phone, this.#udp, this.#tcp] = [stack, hook, phone, udp, tcp];
    udp.on('message', (data) => this.trapped.push(data.toString('latin1').slice(0, 200)));
    tcp.on('connection', (socket) => {
      this.trapped.push('a connection over TCP');
      socket.on('error', () => undefined).destroy();
    });
  }

  static async set(settings: Record<string, number> = {}): Promise<Scene> {
    const hook = await LyingHook.start();
    const phone = await FarPhone.open();
    const udp = createSocket('udp4').bind(0, TRAP_HOST);
    await once(udp, 'listening');
    const tcp = createServer().listen(udp.address().port, TRAP_HOST);
    await once(tcp, 'listening');
    const told: { scene?: Scene } = {};
    const stack = await startStack({
      onCrash: (error) => void (told.scene && (told.scene.#crash = error)),
      settings: {
        HOOK_URL: `"${hook.url}"`,
        INVITES_A_MINUTE: 0,
        REGISTERS_A_MINUTE: 0,
        HANDSHAKES_A_MINUTE: 0,
        MESSAGES_IN_10_S: 10_000,
        // Where nobody listens.
        ANSWER_TIME_MS: 2000,
        ...settings,
      },
    });
    return (told.scene = new Scene(stack, hook, phone, udp, tcp));
  }

  get trap(): string {
    return `${TRAP_HOST}:${(this.#tcp.address() as AddressInfo).port}`;
  }

  get trunkPort(): number {
    return Number(/\d+$/.exec(this.stack.addresses.trunk)?.[0]);
  }

  connect(): Promise<SipClient> {
    return SipClient.open(this.stack);
  }

  /** A gateway that has ended is started again, so that the next lie finds one. @throws why it has ended */
  async alive(): Promise<void> {
    const crash = this.#crash;
    if (!crash) return;
    this.#crash = undefined;
    await this.stack.gateways[0]!.start();
    throw crash;
  }

  log(): Promise<string> {
    return readFile(join(this.stack.folder, 'kamailio.log'), 'latin1');
  }

  async clear(): Promise<void> {
    await this.stack.stop();
    await this.hook.stop();
    this.phone.close();
    this.#udp.close();
    await new Promise((resolve) => this.#tcp.close(resolve));
  }
}

/** What nobody else says, and what no expression or URI has a meaning for. */
export const word = (): string => randomBytes(8).toString('hex');

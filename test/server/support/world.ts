import { once } from 'node:events';
import { createServer } from 'node:http';
import { startGateway, type GatewayOptions } from '../../../demo/gateway/gateway.js';
import {
  createHookHandler,
  createMemoryGrantStore,
  createSigner,
  createTokenHandler,
  type CallEvent,
  type Lines,
} from '../../../src/server/index.js';
import { SipPhone } from './sip-phone.js';

export const key = 'a key of at least thirty-two bytes, for tests';
export const secret = 'secret-of-the-hook';
export const shop = 'https://shop.example';

export const lines: Lines = {
  sales: { callee: 'sip:desk@example.test', callerId: '+254700000001', headers: { 'X-Line': 'sales' } },
  mute: { callee: 'sip:desk@example.test', dtmf: false },
  brief: { callee: 'sip:desk@example.test', maxDuration: 0.05 },
  nowhere: { callee: 'sip:nobody@example.test' },
};

export interface Given {
  token: string;
  user: string;
}

/** Token endpoint, hook and gateway, and the phones of a test, which all end together. */
export class World {
  readonly events: CallEvent[] = [];
  readonly grants = createMemoryGrantStore();
  readonly signer = createSigner({ key });
  readonly #phones: SipPhone[] = [];
  readonly #server = createServer();
  #url = '';
  #stopGateway: () => Promise<void> = async () => undefined;
  #onEvent: () => void = () => undefined;

  static async start(options: Partial<GatewayOptions> = {}): Promise<World> {
    const world = new World();
    const hook = createHookHandler({
      lines,
      grants: world.grants,
      secret,
      onEvent: (event) => {
        world.events.push(event);
        world.#onEvent();
      },
    });
    const gateway = startGateway({ server: world.#server, hook, secret, domain: 'example.test', ...options });
    world.#server.listen(0, '127.0.0.1');
    await once(world.#server, 'listening');
    world.#url = gateway.url.replace('localhost', '127.0.0.1');
    world.#stopGateway = () => gateway.stop();
    return world;
  }

  get url(): string {
    return this.#url;
  }

  /** A grant as the token endpoint gives it. */
  async grant(body: Record<string, unknown> = { line: 'sales' }, receiver?: string): Promise<Given> {
    const handler = createTokenHandler({
      lines,
      mint: this.signer,
      grants: this.grants,
      gatewayUrl: this.#url,
      domain: 'example.test',
      allowedOrigins: [shop],
      ...(receiver !== undefined && { scope: ['receive'], subject: () => receiver }),
    });
    const headers = { Origin: shop };
    const request = new Request('http://tokens.test/', { method: 'POST', headers, body: JSON.stringify(body) });
    const grant = (await (await handler(request)).json()) as { token: string; sip_uri: string };
    return { token: grant.token, user: grant.sip_uri.replace(/^sip:|@.*$/g, '') };
  }

  async phone(origin: string = shop): Promise<SipPhone> {
    const phone = await SipPhone.connect(this.#url, origin);
    this.#phones.push(phone);
    return phone;
  }

  /** A phone that is registered as the desk. */
  async desk(): Promise<SipPhone> {
    const phone = await this.phone();
    const { token } = await this.grant({}, 'desk');
    await phone.register('desk', token);
    return phone;
  }

  /** The report that a call ended. */
  async ended(): Promise<CallEvent> {
    for (;;) {
      const event = this.events.find(({ type }) => type === 'ended');
      if (event) return event;
      await new Promise<void>((resolve) => (this.#onEvent = resolve));
    }
  }

  async stop(): Promise<void> {
    await Promise.all(this.#phones.map((phone) => phone.close()));
    await this.#stopGateway();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

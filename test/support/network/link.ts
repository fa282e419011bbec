import { requireProgram } from '../../../demo/stack/processes.js';
import type { Namespace } from './namespace.js';

interface LinkOptions {
  /** Also its name as an interface of the visitor's machine. */
  name: string;
  /** The visitor's, by this way. */
  address: string;
  /** The router's. */
  gateway: string;
  visitor: Namespace;
  router: Namespace;
}

/** A cable from the visitor's machine to the router; the visitor's system tells its browser of it as of any other. */
export class Link {
  readonly name: string;
  readonly address: string;
  readonly #gateway: string;
  readonly #visitor: (...command: string[]) => Promise<string>;
  readonly #router: (...command: string[]) => Promise<string>;
  readonly #routerPid: number;

  constructor({ name, address, gateway, visitor, router }: LinkOptions) {
    const ip = requireProgram('ip', 'iproute2');
    this.name = name;
    this.address = address;
    this.#gateway = gateway;
    this.#visitor = (...command) => visitor.run(ip, ...command);
    this.#router = (...command) => router.run(ip, ...command);
    this.#routerPid = router.pid;
  }

  /** The router's end of it. */
  get far(): string {
    return `to-${this.name}`;
  }

  /** Lays the cable; nothing uses it yet. */
  async lay(): Promise<void> {
    await this.#visitor('link', 'add', this.name, 'type', 'veth', 'peer', this.far, 'netns', String(this.#routerPid));
    for (const end of [
      () => this.#visitor('link', 'set', this.name, 'addrgenmode', 'none'),
      () => this.#router('link', 'set', this.far, 'addrgenmode', 'none'),
    ]) {
      await end();
    }
    await this.plugIn();
  }

  /** The visitor's machine has this address from now on, and goes out by it. */
  async up(): Promise<void> {
    await this.#visitor('link', 'set', this.name, 'up');
    await this.#visitor('address', 'replace', `${this.address}/32`, 'dev', this.name);
    await this.#visitor('route', 'replace', this.#gateway, 'dev', this.name);
    await this.#visitor('route', 'replace', 'default', 'via', this.#gateway, 'dev', this.name);
  }

  /** The visitor's machine leaves it: its address is gone, too. */
  async down(): Promise<void> {
    await this.#visitor('address', 'flush', 'dev', this.name);
    await this.#visitor('link', 'set', this.name, 'down');
  }

  /** Pulls the plug: the visitor's machine keeps address and routes, and sees that there is no carrier. */
  async unplug(): Promise<void> {
    await this.#router('link', 'set', this.far, 'down');
  }

  async plugIn(): Promise<void> {
    await this.#router('link', 'set', this.far, 'up');
    // Its routes went with it.
    await this.#router('route', 'replace', this.address, 'dev', this.far);
  }
}

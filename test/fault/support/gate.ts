import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { HOST } from '../../../demo/stack/ports.js';

/** How a gate treats connections. */
type Way =
  /** All passes. */
  | 'open'
  /** Nothing passes, nobody is told: as behind a cable that was pulled. */
  | 'frozen'
  /** Whoever comes is refused, as where no program listens. */
  | 'shut';

interface Pair {
  near: Socket;
  far: Socket;
}

/** A place in the path of TCP connections where they are cut, frozen and refused. */
export class Gate {
  readonly #server: Server;
  readonly #host: string;
  readonly #pairs = new Set<Pair>();
  #target: { host: string; port: number } | undefined;
  #way: Way = 'open';
  /** How many connections came. */
  connections = 0;
  /** Connections to come on which nothing passes for so long (ms) are cut, as many proxies do. Default: never. */
  idleLimit = 0;

  private constructor(host: string) {
    this.#host = host;
    this.#server = createServer((near) => this.#admit(near));
  }

  /** On a port of its own, and leading nowhere yet. */
  static async open(host = HOST): Promise<Gate> {
    const gate = new Gate(host);
    await new Promise<void>((resolve, reject) => {
      gate.#server.once('error', reject);
      gate.#server.listen(0, host, resolve);
    });
    return gate;
  }

  /** @param url where it leads to; only host and port of it count */
  leadTo(url: string): void {
    const { hostname, port } = new URL(url);
    this.#target = { host: hostname, port: Number(port) };
  }

  /** As browsers reach a gateway behind it. */
  get url(): string {
    return `wss://${this.#host}:${(this.#server.address() as AddressInfo).port}/`;
  }

  /** Closes what is open (RST, as a box in the path does); what comes later passes. */
  cut(): void {
    for (const pair of this.#pairs) reset(pair);
  }

  /** Lets nothing pass any more on open connections, without a word; what comes later passes. */
  stall(): void {
    for (const pair of this.#pairs) hold(pair);
  }

  /** Lets nothing pass any more in either direction, on open connections and new ones, without a word. */
  freeze(): void {
    this.#way = 'frozen';
    this.stall();
  }

  /** Refuses new connections, and cuts those that are open. */
  shut(): void {
    this.#way = 'shut';
    this.cut();
  }

  /** Everything passes again; what was frozen goes on. */
  reopen(): void {
    this.#way = 'open';
    this.idleLimit = 0;
    for (const { near, far } of this.#pairs) {
      near.resume();
      far.resume();
    }
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #admit(near: Socket): void {
    this.connections += 1;
    if (this.#way === 'shut' || !this.#target) return void near.resetAndDestroy();
    const far = connect(this.#target.port, this.#target.host);
    const pair = { near, far };
    this.#pairs.add(pair);
    // What comes from the other end passes here, too.
    near.setTimeout(this.idleLimit, () => reset(pair));
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      one.setNoDelay(true);
      one.on('data', (chunk) => void other.write(chunk));
      one.on('end', () => other.end());
      one.on('error', () => undefined);
      one.on('close', () => {
        this.#pairs.delete(pair);
        other.destroy();
      });
    }
    if (this.#way === 'frozen') hold(pair);
  }
}

function reset({ near, far }: Pair): void {
  near.resetAndDestroy();
  far.resetAndDestroy();
}

function hold({ near, far }: Pair): void {
  near.pause();
  far.pause();
}

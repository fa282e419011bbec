/** Tasks that run one after the other, as a network's do, and that no fake clock holds up. */
const channel = new MessageChannel();
const tasks: (() => void)[] = [];
channel.port1.onmessage = () => tasks.shift()?.();

export function soon(task: () => void): void {
  tasks.push(task);
  channel.port2.postMessage(undefined);
}

/** The gateway's end of one WebSocket. */
export class Connection {
  readonly url: string;
  readonly protocols: string | string[] | undefined;
  readonly #socket: FakeWebSocket;

  constructor(socket: FakeWebSocket, url: string, protocols: string | string[] | undefined) {
    this.#socket = socket;
    this.url = url;
    this.protocols = protocols;
  }

  get open(): boolean {
    return this.#socket.readyState === FakeWebSocket.OPEN;
  }

  accept(): void {
    soon(() => this.#socket.opened());
  }

  /** Refuses a connection that is being opened, or ends one that is open. */
  close(): void {
    soon(() => this.#socket.gone());
  }

  send(data: unknown): void {
    soon(() => this.#socket.deliver(data));
  }
}

export interface Network {
  onConnect(connection: Connection): void;
  onData(connection: Connection, data: string): void;
  onClose(connection: Connection): void;
}

/** A WebSocket whose other end is an object in the same page. */
export class FakeWebSocket {
  static readonly CONNECTING = 0;
  static readonly OPEN = 1;
  static readonly CLOSING = 2;
  static readonly CLOSED = 3;
  /** Where connections lead; set by whoever puts this class in the place of the real one. */
  static network: Network;

  readonly url: string;
  binaryType = 'blob';
  readyState: number = FakeWebSocket.CONNECTING;
  onopen: (() => void) | null = null;
  onclose: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  readonly #network = FakeWebSocket.network;
  readonly #connection: Connection;

  constructor(url: string, protocols?: string | string[]) {
    this.url = url;
    this.#connection = new Connection(this, url, protocols);
    this.#network.onConnect(this.#connection);
  }

  send(data: string): void {
    if (this.readyState === FakeWebSocket.CONNECTING) throw new DOMException('not open', 'InvalidStateError');
    if (this.readyState === FakeWebSocket.OPEN) this.#network.onData(this.#connection, data);
  }

  close(): void {
    if (this.readyState >= FakeWebSocket.CLOSING) return;
    this.readyState = FakeWebSocket.CLOSING;
    soon(() => this.gone());
    this.#network.onClose(this.#connection);
  }

  opened(): void {
    if (this.readyState !== FakeWebSocket.CONNECTING) return;
    this.readyState = FakeWebSocket.OPEN;
    this.onopen?.();
  }

  deliver(data: unknown): void {
    if (this.readyState === FakeWebSocket.OPEN) this.onmessage?.({ data });
  }

  gone(): void {
    if (this.readyState === FakeWebSocket.CLOSED) return;
    this.readyState = FakeWebSocket.CLOSED;
    this.onclose?.();
  }
}

import sinon from 'sinon';

/** A WebSocket without a network: the test is the other end. */
export class FakeWebSocket {
  static readonly CONNECTING = 0;
  static readonly OPEN = 1;
  static readonly CLOSING = 2;
  static readonly CLOSED = 3;

  /** Every socket that was made since `fakeWebSockets()`, in order. */
  static all: FakeWebSocket[] = [];
  /** What a new socket does at once; nothing unless a test says otherwise. */
  static behave: (socket: FakeWebSocket) => void = () => {};

  binaryType = 'blob';
  readyState = FakeWebSocket.CONNECTING;
  onopen: (() => void) | null = null;
  onclose: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  readonly sent: string[] = [];
  readonly url: string;
  readonly protocol: string;
  /** When it was made, on the monotonic clock. */
  readonly made = performance.now();

  constructor(url: string, protocol: string) {
    if (url.includes('forbidden')) throw new DOMException('refused by the policy of the page', 'SecurityError');
    this.url = url;
    this.protocol = protocol;
    FakeWebSocket.all.push(this);
    queueMicrotask(() => FakeWebSocket.behave(this));
  }

  send(text: string): void {
    if (this.readyState === FakeWebSocket.CONNECTING) throw new DOMException('not open yet', 'InvalidStateError');
    if (this.readyState === FakeWebSocket.OPEN) this.sent.push(text);
  }

  /** Closed by the page: the event comes later, as a real one does. */
  close(): void {
    if (this.readyState >= FakeWebSocket.CLOSING) return;
    this.readyState = FakeWebSocket.CLOSING;
    queueMicrotask(() => this.drop());
  }

  get closed(): boolean {
    return this.readyState >= FakeWebSocket.CLOSING;
  }

  /** The other end opens the connection. */
  accept(): void {
    this.readyState = FakeWebSocket.OPEN;
    this.onopen?.();
  }

  /** The other end closes the connection, or never opened it. */
  drop(): void {
    this.readyState = FakeWebSocket.CLOSED;
    this.onclose?.();
  }

  /** The other end says something. */
  receive(data: string | ArrayBuffer): void {
    this.onmessage?.({ data });
  }
}

/** Puts it in the place of the browser's own until `sinon.restore()`. */
export function fakeWebSockets(): typeof FakeWebSocket {
  FakeWebSocket.all = [];
  FakeWebSocket.behave = () => {};
  sinon.stub(globalThis, 'WebSocket').value(FakeWebSocket);
  return FakeWebSocket;
}

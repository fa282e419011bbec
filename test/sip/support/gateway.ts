import { isRequest, parseMessage, type IncomingRequest, type IncomingResponse } from './jssip.js';
import { soon, type Connection, type Network } from './fake-web-socket.js';
import { Dialog } from './dialog.js';
import { CALLEE, request, response, SIP_URI, word, type Content, type ReplyOptions } from './messages.js';
import { until } from './waiting.js';

/** A request that the browser has sent, and the way to answer it. */
export class Received {
  readonly raw: string;
  readonly message: IncomingRequest;
  readonly connection: Connection;
  /** The To tag of every answer that names no other. */
  readonly tag: string;
  /** The last final status that this was answered with; 0 before. */
  final = 0;

  constructor(raw: string, message: IncomingRequest, connection: Connection) {
    this.raw = raw;
    this.message = message;
    this.connection = connection;
    this.tag = word();
  }

  get method(): string {
    return this.message.method;
  }

  /** True for a request inside a dialog. */
  get inDialog(): boolean {
    return Boolean(this.message.to_tag);
  }

  header(name: string): string | undefined {
    return this.message.getHeader(name);
  }

  reply(status: number, options: ReplyOptions = {}): void {
    if (status >= 200) this.final = status;
    this.connection.send(response(this.message, status, this.tag, options));
  }
}

type Reply = Received['reply'];
export type Handler = (request: Received, reply: Reply) => void | Promise<void>;

/** `re-INVITE` is an INVITE inside a dialog. */
export type Scripted = 'REGISTER' | 'INVITE' | 're-INVITE' | 'ACK' | 'BYE' | 'CANCEL' | 'INFO';

/**
 * A SIP gateway in the same page, which does what a test scripts. What is not scripted: it takes every connection, grants
 * registrations, leaves INVITEs unanswered, answers CANCEL as RFC 3261 section 9.2 has it, and everything else with 200.
 */
export class Gateway implements Network {
  readonly connections: Connection[] = [];
  /** Everything the browser has sent, as it stood on the wire, but pings. */
  readonly raw: string[] = [];
  readonly requests: Received[] = [];
  readonly responses: IncomingResponse[] = [];
  /** Whether pings are answered; a gateway that never has is not expected to. */
  pongs = false;
  pings = 0;
  /** Decides on a connection; takes it by default. */
  connect = (connection: Connection): void => connection.accept();
  readonly #handlers = new Map<Scripted, Handler>();

  on(method: Scripted, handler: Handler): this {
    this.#handlers.set(method, handler);
    return this;
  }

  /** Leaves every request unanswered. */
  fallSilent(): void {
    for (const method of ['REGISTER', 'INVITE', 're-INVITE', 'BYE', 'CANCEL', 'INFO'] as const)
      this.on(method, () => {});
  }

  /** The newest connection. */
  get connection(): Connection {
    const newest = this.connections.at(-1);
    if (!newest) throw new Error('nobody has connected');
    return newest;
  }

  /** Requests of one kind so far. */
  all(method: Scripted): Received[] {
    return this.requests.filter((received) => kind(received) === method);
  }

  /** The nth request of one kind, as soon as it has come. */
  async next(method: Scripted, nth = 1): Promise<Received> {
    return until(
      () => this.all(method)[nth - 1],
      () => `${method} ${nth}; there came: ${this.summary}`,
    );
  }

  /** The browser's final answer to a request of the far side. */
  async answerTo(callId: string, cseq: number, method: string): Promise<IncomingResponse> {
    return until(
      () => this.responses.find((r) => isAnswer(r, callId, cseq, method) && r.status_code >= 200),
      () => `an answer to ${method}; there came: ${this.summary}`,
    );
  }

  get summary(): string {
    return this.raw.map((text) => text.split('\r\n')[0]).join(', ');
  }

  /** Sends a request from outside every dialog and returns what the browser finally answers. */
  async ask(method: string, content: Content = {}): Promise<IncomingResponse> {
    const callId = word();
    this.send(this.outside(method, callId, content));
    return this.answerTo(callId, 1, method);
  }

  outside(method: string, callId: string, content: Content = {}): string {
    const [contact] = this.requests.flatMap(({ message }) => message.getHeaders('contact'));
    const uri = /<([^>]+)>/.exec(contact ?? '')?.[1] ?? SIP_URI;
    const from = `"Amina" <${CALLEE}>;tag=${word()}`;
    return request(method, { uri, from, to: `<${SIP_URI}>`, callId, cseq: 1 }, content);
  }

  /** Somebody calls the browser. */
  callIn(offer: string): Dialog {
    const callId = word();
    const invite = this.outside('INVITE', callId, { body: offer });
    this.send(invite);
    return Dialog.ofOutside(this, invite);
  }

  send(data: unknown): void {
    this.connection.send(data);
  }

  onConnect(connection: Connection): void {
    this.connections.push(connection);
    this.connect(connection);
  }

  onClose(): void {}

  onData(connection: Connection, data: string): void {
    if (data === '\r\n\r\n') {
      this.pings++;
      if (this.pongs) connection.send('\r\n');
      return;
    }
    if (data === '\r\n') return;
    this.raw.push(data);
    const message = parseMessage(data);
    if (!message) throw new Error(`the browser sent what is no SIP: ${data.slice(0, 40)}`);
    if (!isRequest(message)) {
      this.responses.push(message);
      return;
    }
    const received = new Received(data, message, connection);
    this.requests.push(received);
    soon(() => void this.#handle(received));
  }

  #handle(received: Received): void | Promise<void> {
    const reply: Reply = (status, options) => received.reply(status, options);
    const handler = this.#handlers.get(kind(received));
    if (handler) return handler(received, reply);
    switch (received.method) {
      case 'REGISTER':
        return reply(200, { headers: [`Contact: ${received.header('contact')};expires=300`] });
      case 'INVITE':
      case 'ACK':
        return;
      case 'CANCEL': {
        reply(200);
        const invite = this.requests.find(
          ({ method, message }) => method === 'INVITE' && message.via_branch === received.message.via_branch,
        );
        if (invite && invite.final === 0) invite.reply(487);
        return;
      }
      default:
        return reply(200);
    }
  }
}

const kind = (received: Received): Scripted =>
  (received.method === 'INVITE' && received.inDialog ? 're-INVITE' : received.method) as Scripted;

const isAnswer = (response: IncomingResponse, callId: string, cseq: number, method: string): boolean =>
  response.call_id === callId && response.cseq === cseq && response.method === method;

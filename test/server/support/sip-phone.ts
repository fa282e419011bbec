import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { WebSocket } from 'ws';

/** A SIP message as it came over the wire, taken apart no further than a test needs. */
export class Wire {
  readonly firstLine: string;
  readonly body: string;
  readonly #lines: string[];

  constructor(readonly text: string) {
    const end = text.indexOf('\r\n\r\n');
    this.body = text.slice(end + 4);
    [this.firstLine = '', ...this.#lines] = text.slice(0, end).split('\r\n');
  }

  /** Method of a request, status of a response. */
  get kind(): string {
    const [first = '', second = ''] = this.firstLine.split(' ');
    return first === 'SIP/2.0' ? second : first;
  }

  get uri(): string {
    return this.firstLine.split(' ')[1] ?? '';
  }

  all(name: string): string[] {
    const prefix = `${name.toLowerCase()}:`;
    return this.#lines
      .filter((line) => line.toLowerCase().startsWith(prefix))
      .map((line) => line.slice(prefix.length).trim());
  }

  get(name: string): string {
    return this.all(name)[0] ?? '';
  }

  get toTag(): string | undefined {
    return /;tag=([^;]+)/.exec(this.get('To'))?.[1];
  }

  get contactUri(): string {
    return /<(.*)>/.exec(this.get('Contact'))?.[1] ?? '';
  }
}

/** A request to be sent; what is left out is filled in. */
export interface Asked {
  uri?: string;
  branch?: string;
  from?: string;
  to?: string;
  callId?: string;
  cseq?: number;
  headers?: Record<string, string>;
  body?: string;
}

/** In milliseconds: far beyond anything that a passing test waits for. */
const PATIENCE = 10_000;

/** A browser's: one stream of sound, over ICE and DTLS. */
export const offer = [
  'v=0',
  'o=- 1 1 IN IP4 0.0.0.0',
  's=-',
  't=0 0',
  'm=audio 9 UDP/TLS/RTP/SAVPF 111 126',
  'c=IN IP4 0.0.0.0',
  'a=ice-ufrag:user',
  `a=ice-pwd:${'p'.repeat(24)}`,
  `a=fingerprint:sha-256 ${Array.from({ length: 32 }, () => 'AB').join(':')}`,
  'a=setup:actpass',
  'a=rtpmap:111 opus/48000/2',
  'a=rtpmap:126 telephone-event/8000',
  'a=fmtp:126 0-15',
  '',
].join('\r\n');

/** A raw SIP end over a WebSocket: it sends what a test says, and nothing by itself. */
export class SipPhone {
  readonly contact = `sip:${randomUUID().slice(0, 8)}@browser-${randomUUID().slice(0, 4)}.invalid;transport=ws`;
  readonly #socket: WebSocket;
  readonly #arrived: Wire[] = [];
  readonly #raw: string[] = [];
  #wake: () => void = () => undefined;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data) => {
      const text = String(data as Buffer);
      if (text.trim() === '') this.#raw.push(text);
      else this.#arrived.push(new Wire(text));
      this.#wake();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => this.#wake());
  }

  static async connect(url: string, origin?: string): Promise<SipPhone> {
    const socket = new WebSocket(url, 'sip', origin === undefined ? {} : { origin });
    const phone = new SipPhone(socket);
    await once(socket, 'open');
    return phone;
  }

  raw(text: string): void {
    this.#socket.send(text);
  }

  send(method: string, asked: Asked = {}): Required<Asked> {
    const full: Required<Asked> = {
      uri: 'sip:call@example.test',
      branch: `z9hG4bK${randomUUID()}`,
      from: '<sip:me@example.test>;tag=mine',
      to: '<sip:call@example.test>',
      callId: randomUUID(),
      cseq: 1,
      headers: {},
      body: '',
      ...asked,
    };
    const headers: Record<string, string> = {
      Via: `SIP/2.0/WS secret-host.invalid;branch=${full.branch}`,
      'Max-Forwards': '70',
      From: full.from,
      To: full.to,
      'Call-ID': full.callId,
      CSeq: `${full.cseq} ${method}`,
      ...full.headers,
      'Content-Length': String(Buffer.byteLength(full.body)),
    };
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
    this.raw([`${method} ${full.uri} SIP/2.0`, ...lines, '', full.body].join('\r\n'));
    return full;
  }

  /** Answers a request that arrived. */
  reply(request: Wire, status: number, { tag = 'desk-tag', headers = {}, body = '' }: Reply = {}): void {
    const to = request.toTag === undefined && status > 100 ? `${request.get('To')};tag=${tag}` : request.get('To');
    const lines = [
      `SIP/2.0 ${status} Said By The Far Side`,
      ...request.all('Via').map((via) => `Via: ${via}`),
      `From: ${request.get('From')}`,
      `To: ${to}`,
      `Call-ID: ${request.get('Call-ID')}`,
      `CSeq: ${request.get('CSeq')}`,
      `Contact: <${this.contact}>`,
      ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
      `Content-Length: ${Buffer.byteLength(body)}`,
    ];
    this.raw([...lines, '', body].join('\r\n'));
  }

  /** The next message of this kind: a method, or a status. What came before it is passed over. */
  async next(kind: string | number): Promise<Wire> {
    return await this.#wait((wire) => wire.kind === String(kind));
  }

  /** The next final response. */
  async final(): Promise<Wire> {
    return await this.#wait((wire) => Number(wire.kind) >= 200);
  }

  /** Everything that has arrived up to the answer to a request that is sent now: afterwards nothing is on its way. */
  async settled(): Promise<Wire[]> {
    this.raw('\r\n\r\n');
    while (this.#raw.length === 0) await this.#arrival();
    this.#raw.length = 0;
    return this.#arrived.splice(0);
  }

  /** Registers and returns the answer. */
  async register(user: string, token: string | undefined, { expires = 600, contact = '' } = {}): Promise<Wire> {
    const aor = `<sip:${user}@example.test>`;
    this.send('REGISTER', {
      uri: 'sip:example.test',
      from: `${aor};tag=reg`,
      to: aor,
      headers: {
        Contact: contact || `<${this.contact}>;expires=${expires}`,
        ...(token !== undefined && { Authorization: `Bearer ${token}` }),
      },
    });
    return await this.#wait((wire) => wire.get('CSeq').endsWith(' REGISTER'));
  }

  /** Sends the INVITE of a call. */
  invite(token: string | undefined, asked: Asked = {}): Required<Asked> {
    return this.send('INVITE', {
      body: offer,
      ...asked,
      headers: {
        Contact: `<${this.contact}>`,
        'Content-Type': 'application/sdp',
        ...(token !== undefined && { Authorization: `Bearer ${token}` }),
        ...asked.headers,
      },
    });
  }

  async close(code?: number): Promise<void> {
    if (this.#socket.readyState === WebSocket.CLOSED) return;
    const closed = once(this.#socket, 'close');
    // A lost network says nothing; a page that goes away sends a close code.
    if (code === undefined) this.#socket.terminate();
    else this.#socket.close(code);
    await closed;
  }

  async #wait(wanted: (wire: Wire) => boolean): Promise<Wire> {
    for (;;) {
      const index = this.#arrived.findIndex(wanted);
      if (index >= 0) return this.#arrived.splice(0, index + 1).at(-1) as Wire;
      if (this.#socket.readyState === WebSocket.CLOSED) throw new Error('The connection is closed');
      await this.#arrival();
    }
  }

  /** Ends when something arrived, and fails where a test would hang otherwise. */
  async #arrival(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve, reject) => {
      this.#wake = resolve;
      timer = setTimeout(() => reject(new Error('What was waited for did not arrive')), PATIENCE);
    }).finally(() => clearTimeout(timer));
  }
}

export interface Reply {
  tag?: string;
  headers?: Record<string, string>;
  body?: string;
}

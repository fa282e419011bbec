import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import { WebSocketServer, type WebSocket } from 'ws';
import { headerOf, parseSip, responseTo, type SipMessage } from '../../../demo/stack/sip-message.js';
import { checkCallee } from '../../../src/server/doctor/checks/callee.js';
import { checkRegister } from '../../../src/server/doctor/checks/register.js';
import type { Grant } from '../../../src/server/doctor/grant.js';
import { Caller } from '../../../src/server/doctor/sip/caller.js';
import { SipLink } from '../../../src/server/doctor/sip/sip-link.js';

const REALM = 'pbx.example';
const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

/** A PBX that asks for digest credentials, and whose dialplan reaches one extension. */
class Pbx {
  readonly refused: string[] = [];
  readonly #sockets: WebSocketServer;

  constructor(
    readonly server: ReturnType<typeof createServer>,
    readonly password: string,
    readonly qop: boolean,
  ) {
    this.#sockets = new WebSocketServer({ server });
    this.#sockets.on('connection', (socket) => {
      socket.on('message', (data: Buffer) => this.#receive(socket, parseSip(data.toString())));
    });
  }

  get url(): string {
    return `ws://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    for (const client of this.#sockets.clients) client.terminate();
    this.#sockets.close();
    this.server.close();
    await once(this.server, 'close');
  }

  #receive(socket: WebSocket, request: SipMessage): void {
    const { method = '', uri = '' } = request;
    const reply = (status: number, reason: string, headers: string[] = []): void =>
      socket.send(responseTo(request, status, reason, { toTag: 'pbx', headers }));
    if (method === 'ACK') return;
    if (!this.#isKnown(request)) {
      const qop = this.qop ? ', qop="auth"' : '';
      reply(401, 'Unauthorized', [
        `WWW-Authenticate: Digest realm="${REALM}", nonce="n1", algorithm=MD5, opaque="o"${qop}`,
      ]);
    } else if (method === 'REGISTER') {
      reply(200, 'OK');
    } else {
      this.refused.push(uri);
      reply(404, 'Not Found');
    }
  }

  #isKnown(request: SipMessage): boolean {
    const header = headerOf(request, 'authorization');
    const value = (name: string): string => new RegExp(`[ ,]${name}="?([^",]+)`).exec(header)?.[1] ?? '';
    const [first, second] = [md5(`ann:${REALM}:${this.password}`), md5(`${request.method}:${request.uri}`)];
    const middle = this.qop ? `n1:${value('nc')}:${value('cnonce')}:auth` : 'n1';
    return (
      header.startsWith('Digest ') &&
      value('opaque') === 'o' &&
      value('response') === md5(`${first}:${middle}:${second}`)
    );
  }
}

describe('the doctor, at a PBX with digest credentials', () => {
  const grant: Grant = {
    credential: { kind: 'digest', username: 'ann', password: 'p4ss' },
    gateways: [],
    sipUri: `sip:ann@${REALM}`,
    callee: `sip:call@${REALM}`,
    registers: true,
    iceServers: [],
  };

  const visit = async (
    password: string,
    qop: boolean,
    look: (caller: Caller, pbx: Pbx) => Promise<void>,
  ): Promise<void> => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const pbx = new Pbx(server, password, qop);
    const link = await SipLink.open(pbx.url, { origin: 'https://shop.example', ca: undefined });
    try {
      await look(new Caller(link, grant), pbx);
    } finally {
      await link.close();
      await pbx.stop();
    }
  };

  for (const qop of [true, false]) {
    it(`registers ${qop ? 'with' : 'without'} a nonce of its own`, async () => {
      await visit('p4ss', qop, async (caller) => {
        const finding = await checkRegister(caller, grant);
        assert.deepEqual(finding, { check: 'register', verdict: 'ok', seen: '200, by digest' });
      });
    });
  }

  it('sees that the PBX does not know the credential', async () => {
    await visit('other', true, async (caller) => {
      const finding = await checkRegister(caller, grant);
      assert.equal(finding.verdict, 'fail');
      assert.match(`${finding.seen} ${finding.todo}`, /401 to a REGISTER by digest.*publish the credential/);
    });
  });

  it('is content where the dialplan knows a foreign number as little as a name that nobody has', async () => {
    await visit('p4ss', true, async (caller, pbx) => {
      const another = async () => ({ caller, grant, close: async () => undefined });
      const finding = await checkCallee({ caller, grant, number: '+830000000000', another });
      assert.equal(finding.verdict, 'ok', finding.seen);
      assert.match(finding.seen, /is refused as is a name that nobody has: 404/);
      assert.equal(pbx.refused.length, 2);
    });
  });
});

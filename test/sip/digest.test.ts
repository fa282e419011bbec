import { expect } from '@open-wc/testing';
import { endingsOf, reached, useBench } from './support/bench.js';
import type { Received } from './support/gateway.js';
import { md5 } from './support/md5.js';
import { until } from './support/waiting.js';

const USERNAME = 'session-4711';
const PASSWORD = 'correct-horse-battery';
const NONCE = 'dcd98b7102dd2f0e8b11d0f600bfb0c093';

/** The parameters of `Digest a="b", c=d`. */
function parameters(header: string | undefined): Record<string, string> {
  const pairs = [...(header ?? '').matchAll(/(\w+)=(?:"([^"]*)"|([^\s,]+))/g)];
  return Object.fromEntries(pairs.map(([, name, quoted, plain]) => [name!, quoted ?? plain!]));
}

/** What RFC 2617 section 3.2.2 wants as the response. */
function expectedResponse(request: Received, given: Record<string, string>): string {
  const secret = md5(`${USERNAME}:${given['realm']}:${PASSWORD}`);
  const what = md5(`${request.method}:${given['uri']}`);
  const { nonce, qop, nc, cnonce } = given;
  return qop ? md5(`${secret}:${nonce}:${nc}:${cnonce}:${qop}:${what}`) : md5(`${secret}:${nonce}:${what}`);
}

describe('MD5, as these tests have it', () => {
  it('is that of RFC 1321 and of the example of RFC 2617', () => {
    expect(md5('')).to.equal('d41d8cd98f00b204e9800998ecf8427e');
    expect(md5('message digest')).to.equal('f96b697d7cb7938d525a2f31aaf161d0');
    expect(md5('1234567890'.repeat(8))).to.equal('57edf4a22be3c955ac49da2e2107b67a');
    expect(md5('Mufasa:testrealm@host.com:Circle Of Life')).to.equal('939e7578ed9e3c518a452acee763bce9');
  });
});

describe('A digest grant', () => {
  const bench = useBench();

  beforeEach(() => {
    bench().grant = { token: undefined, username: USERNAME, password: PASSWORD };
  });

  for (const [status, challenge, answer] of [
    [401, 'WWW-Authenticate', 'authorization'],
    [407, 'Proxy-Authenticate', 'proxy-authorization'],
  ] as const) {
    for (const qop of ['', ', qop="auth"']) {
      it(`answers ${status}${qop && ' with qop'} to REGISTER and INVITE with the right response`, async () => {
        const { gateway } = bench();
        const farEnd = bench().farEnd();
        const challenged = (request: Received): boolean => {
          if (request.header(answer)) return false;
          const header = `${challenge}: Digest realm="pbx.example", nonce="${NONCE}", algorithm=MD5${qop}`;
          request.reply(status, { headers: [header] });
          return true;
        };
        gateway.on('REGISTER', (register, reply) => {
          if (!challenged(register)) reply(200, { headers: [`Contact: ${register.header('contact')};expires=300`] });
        });
        gateway.on('INVITE', async (invite, reply) => {
          if (!challenged(invite)) reply(200, { body: await farEnd.answer(invite.message.body) });
        });
        const client = bench().client();
        await client.connect();
        const call = client.dial();
        await reached(call, 'active');

        for (const method of ['REGISTER', 'INVITE'] as const) {
          const [plain, proven] = gateway.all(method) as [Received, Received];
          const given = parameters(proven.header(answer));
          expect(plain.header(answer)).to.equal(undefined);
          expect(given).to.include({ username: USERNAME, realm: 'pbx.example', nonce: NONCE });
          expect(given['response']).to.equal(expectedResponse(proven, given));
          expect(proven.message.call_id).to.equal(plain.message.call_id);
          expect(proven.message.cseq).to.equal(plain.message.cseq + 1);
        }
        expect(gateway.raw.join('')).to.not.match(/bearer/i);
        expect(gateway.raw.join('')).to.not.contain(PASSWORD);
      });
    }
  }

  it('ends in `token-denied` where the PBX does not take the password, and leaves nothing open', async () => {
    const { gateway } = bench();
    const header = `WWW-Authenticate: Digest realm="pbx.example", nonce="${NONCE}", algorithm=MD5`;
    gateway.on('INVITE', (_, reply) => reply(401, { headers: [header] }));
    const call = bench().client().dial();
    const { failed } = endingsOf(call);
    await gateway.next('REGISTER');
    const result = await call.finished;
    expect(result).to.include({ outcome: 'failed', code: 'token-denied' });
    expect(failed).to.have.length(1);
    expect(gateway.all('INVITE').length).to.be.at.least(2);
    await bench().expectReleased();
  });

  it('ends in `token-denied` where the challenge is none that can be met', async () => {
    bench().gateway.on('INVITE', (_, reply) => reply(401, { headers: ['WWW-Authenticate: Basic realm="x"'] }));
    const call = bench().client().dial();
    expect(await call.finished).to.include({ outcome: 'failed', code: 'token-denied' });
    await bench().expectReleased();
  });

  it('ends its registration with an answered challenge as well', async () => {
    const { gateway } = bench();
    const header = `WWW-Authenticate: Digest realm="pbx.example", nonce="${NONCE}", algorithm=MD5`;
    gateway.on('REGISTER', (register, reply) => {
      if (!register.header('authorization')) return reply(401, { headers: [header] });
      reply(200, { headers: [`Contact: ${register.header('contact')};expires=300`] });
    });
    const client = bench().client();
    await client.connect();
    await client.disconnect();
    await until(() => gateway.all('REGISTER').length === 4);
    const last = gateway.all('REGISTER').at(-1)!;
    expect(`${last.header('expires')} ${last.header('contact')}`).to.match(/^0 |;expires=0/);
    const given = parameters(last.header('authorization'));
    expect(given['response']).to.equal(expectedResponse(last, given));
  });
});

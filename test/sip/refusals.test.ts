import { expect } from '@open-wc/testing';
import type { ErrorCode } from '../../src/errors.js';
import { endingsOf, reached, tokenNumber, useBench } from './support/bench.js';
import { settled } from './support/waiting.js';

const refusals: readonly (readonly [number, ErrorCode])[] = [
  [300, 'call-refused'],
  [301, 'call-refused'],
  [302, 'call-refused'],
  [400, 'call-refused'],
  [403, 'call-refused'],
  [404, 'not-found'],
  [405, 'call-refused'],
  [407, 'token-denied'],
  [408, 'no-answer'],
  [410, 'not-found'],
  [415, 'media-failed'],
  [429, 'rate-limited'],
  [480, 'no-answer'],
  [484, 'not-found'],
  [486, 'busy'],
  [487, 'no-answer'],
  [488, 'media-failed'],
  [500, 'server-error'],
  [501, 'server-error'],
  [503, 'server-error'],
  [504, 'server-error'],
  [600, 'busy'],
  [603, 'declined'],
  [604, 'not-found'],
  [606, 'media-failed'],
];

describe('A refused INVITE', () => {
  const bench = useBench();

  for (const [status, code] of refusals) {
    it(`with ${status} is \`${code}\`, once, gives everything back, and leaves a client that can call`, async () => {
      const { gateway } = bench();
      gateway.on('INVITE', (_, reply) => reply(status, { reason: 'sip:secret@inside.example' }));
      const client = bench().client();
      const call = client.dial();
      const { failed, ended } = endingsOf(call);
      const result = await call.finished;
      await settled();

      expect(result).to.include({ outcome: 'failed', code, durationSeconds: 0 });
      expect(failed.map((error) => [error.code, error.status, error.message])).to.deep.equal([
        [code, status, `${code} (SIP ${status})`],
      ]);
      expect(ended).to.be.empty;
      expect(call.state).to.equal('failed');
      expect(gateway.all('INVITE')).to.have.length(1);
      expect(gateway.all('ACK')).to.have.length(1);
      expect(gateway.all('BYE').concat(gateway.all('CANCEL'))).to.be.empty;
      expect(bench().tracks).to.have.length(1);
      await bench().expectReleased();

      const second = await bench().talk(client);
      await second.call.hangup();
      await bench().expectReleased();
    });
  }

  it('after ringing is told the same way', async () => {
    bench().gateway.on('INVITE', async (_, reply) => {
      reply(180);
      await settled();
      reply(486);
    });
    const call = bench().client().dial();
    const { failed } = endingsOf(call);
    await reached(call, 'ringing');
    await call.finished;
    expect(failed.map(({ code }) => code)).to.deep.equal(['busy']);
    await bench().expectReleased();
  });

  it('with a redirection is not followed, wherever it points', async () => {
    const { gateway } = bench();
    gateway.on('INVITE', (_, reply) => reply(302, { contact: '<sip:premium@elsewhere.example>' }));
    expect(await bench().client().dial().finished).to.include({ code: 'call-refused' });
    await settled();
    expect(gateway.all('INVITE')).to.have.length(1);
    expect(gateway.raw.join('')).to.not.contain('elsewhere.example');
  });

  it('tells how long to wait where the gateway says so (503 with Retry-After)', async () => {
    bench().gateway.on('INVITE', (_, reply) => reply(503, { headers: ['Retry-After: 17 (maintenance);duration=60'] }));
    const call = bench().client().dial();
    const { failed } = endingsOf(call);
    await call.finished;
    expect(failed[0]).to.include({ code: 'server-error', status: 503, retryAfter: 17 });
  });

  it('tells nothing of a wait that is no number', async () => {
    bench().gateway.on('INVITE', (_, reply) => reply(503, { headers: ['Retry-After: soon'] }));
    const call = bench().client().dial();
    const { failed } = endingsOf(call);
    await call.finished;
    expect(failed[0]).to.include({ code: 'server-error', retryAfter: undefined });
  });

  it('is told once where its answer is repeated', async () => {
    bench().gateway.on('INVITE', (_, reply) => {
      reply(486);
      reply(486);
      reply(603);
    });
    const call = bench().client().dial();
    const { failed } = endingsOf(call);
    await call.finished;
    await settled();
    expect(failed.map(({ code }) => code)).to.deep.equal(['busy']);
  });

  it('with a status that nobody has defined is `call-refused`', async () => {
    bench().gateway.on('INVITE', (_, reply) => reply(699));
    expect(await bench().client().dial().finished).to.include({ code: 'call-refused' });
  });
});

describe('401 to an INVITE with a Bearer token', () => {
  const bench = useBench();
  const bearerOf = (nth: number) => bench().gateway.all('INVITE')[nth]?.header('authorization');

  it('is worth one new token and one more attempt', async () => {
    const { gateway } = bench();
    const farEnd = bench().farEnd();
    gateway.on('INVITE', async (invite, reply) => {
      if (gateway.all('INVITE').length === 1) reply(401);
      else reply(200, { body: await farEnd.answer(invite.message.body) });
    });
    const call = bench().client().dial();
    const { failed } = endingsOf(call);
    await reached(call, 'active');
    expect(failed).to.be.empty;
    expect([bearerOf(0), bearerOf(1)]).to.deep.equal([`Bearer ${tokenNumber(1)}`, `Bearer ${tokenNumber(2)}`]);
    expect(bench().tracks, 'one microphone for both').to.have.length(1);
    await call.hangup();
    await bench().expectReleased();
  });

  it('is `token-denied` the second time, told once', async () => {
    const { gateway } = bench();
    gateway.on('INVITE', (_, reply) => reply(401));
    const call = bench().client().dial();
    const { failed } = endingsOf(call);
    expect(await call.finished).to.include({ outcome: 'failed', code: 'token-denied' });
    await settled();
    expect(gateway.all('INVITE')).to.have.length(2);
    expect(failed).to.have.length(1);
    await bench().expectReleased();
  });

  it('leaves a client that can call', async () => {
    bench().gateway.on('INVITE', (_, reply) => reply(401));
    const client = bench().client();
    await client.dial().finished;
    const { call } = await bench().talk(client);
    await call.hangup();
    await bench().expectReleased();
  });

  it('is told as what the token endpoint says, where that gives no second token', async () => {
    bench().gateway.on('INVITE', (_, reply) => reply(401));
    let asked = 0;
    const tokenProvider = () =>
      asked++ === 0 ? Promise.resolve(bench().newGrant({})) : Promise.reject(new Error('sip:inner@secret.example'));
    const call = bench().client({ tokenProvider }).dial();
    const { failed } = endingsOf(call);
    await call.finished;
    expect(failed.map(({ code, message }) => [code, message])).to.deep.equal([
      ['token-unreachable', 'token-unreachable'],
    ]);
    await bench().expectReleased();
  });
});

describe('`call()`', () => {
  const bench = useBench();

  it('resolves when the INVITE has left, and leaves a refusal to `failed`', async () => {
    bench().gateway.on('INVITE', (_, reply) => reply(486));
    const call = await bench().client().call();
    expect(call.state).to.equal('dialing');
    const { failed } = endingsOf(call);
    await call.finished;
    expect(failed.map(({ code }) => code)).to.deep.equal(['busy']);
  });

  it('dials a number at the caller’s own domain, and asks for the caller identity', async () => {
    const call = await bench().client().call('+254722000001', { from: '+254700000001' });
    const invite = await bench().gateway.next('INVITE');
    expect(invite.message.ruri.toString()).to.equal('sip:+254722000001@gateway.example');
    expect(invite.header('p-preferred-identity')).to.equal('<sip:+254700000001@gateway.example>');
    await call.hangup();
  });

  it('refuses a target or an identity that could end a header, before anything is sent', async () => {
    const client = bench().client();
    const targets = ['a\r\nX: y', 'a b', 'sip:a@b\r\nX: y', 'sip:a@b c', 'tel:1', '<sip:a@b>', ''];
    for (const target of targets) expect(() => client.dial(target), target).to.throw(TypeError);
    for (const from of targets) expect(() => client.dial('1', { from }), from).to.throw(TypeError);
    await settled();
    expect(bench().gateway.connections).to.be.empty;
    expect(bench().tracks).to.be.empty;
  });
});

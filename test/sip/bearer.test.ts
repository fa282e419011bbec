import { expect } from '@open-wc/testing';
import { endingsOf, reached, tokenNumber, useBench } from './support/bench.js';
import { withoutTelephoneEvent } from './support/far-end.js';
import type { Received } from './support/gateway.js';
import { CALLEE, SIP_URI } from './support/messages.js';
import { pause, settled, until } from './support/waiting.js';

const bearers = (request: Received): string[] => request.message.getHeaders('authorization');

describe('the Bearer token', () => {
  const bench = useBench();

  it('goes unchallenged on REGISTER and on the INVITE that starts a call', async () => {
    bench().client().dial();
    const register = await bench().gateway.next('REGISTER');
    const invite = await bench().gateway.next('INVITE');
    expect(bearers(register)).to.deep.equal([`Bearer ${tokenNumber(1)}`]);
    expect(bearers(invite)).to.deep.equal([`Bearer ${tokenNumber(1)}`]);
    expect(register.message.from.uri.toString()).to.equal(SIP_URI);
    expect(invite.message.ruri.toString()).to.equal(CALLEE);
  });

  it('goes on nothing else in a whole call: ACK, INFO, re-INVITE and its ACK, answers, BYE', async () => {
    const { gateway } = bench();
    const client = bench().client();
    const { call, dialog, farEnd } = await bench().talk(client, withoutTelephoneEvent);
    call.sendDTMF('5');
    await gateway.next('INFO');
    const answer = await dialog.ask('INVITE', { body: await farEnd.offer() });
    await farEnd.accept(answer.body);
    expect((await dialog.ask('OPTIONS')).status_code).to.equal(200);
    gateway.connection.close();
    await gateway.next('re-INVITE');
    await gateway.next('ACK', 2);
    await until(() => !call.reconnecting);
    await call.hangup();
    await gateway.next('BYE');
    await until(() => !gateway.connection.open || gateway.all('REGISTER').length === 3);

    const carrying = gateway.raw.filter((text) => text.includes(tokenNumber(1)) || /^Authorization:/im.test(text));
    const methods = carrying.map((text) => text.split(' ')[0]);
    expect(methods).to.deep.equal(['REGISTER', 'INVITE', 'REGISTER', 'REGISTER']);
    expect(gateway.all('re-INVITE').flatMap(bearers)).to.be.empty;
  });

  it('that was renewed under a long permission prompt is the one that goes out', async () => {
    let allow = () => {};
    bench().prompt = new Promise((resolve) => (allow = resolve));
    // Half of its life is over soon, and with it the first token's use.
    bench().grant = { expires_in: 0.4 };
    bench().client().dial();
    await until(() => bench().asked.some(({ renew }) => renew === tokenNumber(1)));
    bench().grant = {};
    const renewed = await until(() => bench().asked.length);
    allow();
    const invite = await bench().gateway.next('INVITE');
    expect(bearers(invite)).not.to.deep.equal([`Bearer ${tokenNumber(1)}`]);
    expect(renewed).to.be.at.least(2);
  });

  for (const mended of [true, false]) {
    it(`that ran out under a long permission prompt, unrenewed, goes out no more: the endpoint ${mended ? 'gives another' : 'says why'}`, async () => {
      const { gateway } = bench();
      let allow = () => {};
      bench().prompt = new Promise((resolve) => (allow = resolve));
      bench().grant = { expires_in: 0.4 };
      let fails = false;
      const call = bench()
        .client({
          tokenProvider: (request) =>
            fails ? Promise.reject(new Error('out of order')) : Promise.resolve(bench().newGrant(request)),
        })
        .dial();
      await gateway.next('REGISTER');
      fails = true;
      await pause(600);
      bench().grant = {};
      fails = !mended;
      allow();
      if (mended) {
        expect(bearers(await gateway.next('INVITE'))).to.deep.equal([`Bearer ${tokenNumber(2)}`]);
      } else {
        expect(await call.finished).to.include({ outcome: 'failed', code: 'token-unreachable' });
        expect(gateway.all('INVITE')).to.be.empty;
      }
    });
  }

  it('goes on no CANCEL, nor on the ACK of a refusal', async () => {
    const { gateway } = bench();
    gateway.on('INVITE', (_, reply) => reply(180));
    const call = bench().client().dial();
    await reached(call, 'ringing');
    await call.hangup();
    expect(bearers(await gateway.next('CANCEL'))).to.be.empty;
    expect(bearers(await gateway.next('ACK'))).to.be.empty;
  });

  it('goes on no ACK and no BYE that end an answer which nobody waited for', async () => {
    const { gateway } = bench();
    gateway
      .on('INVITE', (_, reply) => reply(180))
      .on('CANCEL', async (cancel, reply) => {
        reply(200);
        (await gateway.next('INVITE')).reply(200, { body: 'v=0\r\n' });
        expect(bearers(cancel)).to.be.empty;
      });
    const call = bench().client().dial();
    await reached(call, 'ringing');
    await call.hangup();
    expect(bearers(await gateway.next('ACK'))).to.be.empty;
    expect(bearers(await gateway.next('BYE'))).to.be.empty;
  });

  it('goes on the REGISTER that ends the registration', async () => {
    const { gateway } = bench();
    const client = bench().client();
    await client.connect();
    await client.disconnect();
    const last = gateway.all('REGISTER').at(-1)!;
    expect(last.header('expires') ?? last.header('contact')).to.match(/^0$|;expires=0/);
    expect(bearers(last)).to.deep.equal([`Bearer ${tokenNumber(1)}`]);
  });

  it('is the newer one once the grant was renewed after a 401 to REGISTER', async () => {
    const { gateway } = bench();
    gateway.on('REGISTER', (register, reply) => {
      if (bearers(register)[0] === `Bearer ${tokenNumber(1)}`) reply(401);
      else reply(200, { headers: [`Contact: ${register.header('contact')};expires=300`] });
    });
    await bench().client().connect();
    expect(gateway.all('REGISTER').map((register) => bearers(register)[0])).to.deep.equal([
      `Bearer ${tokenNumber(1)}`,
      `Bearer ${tokenNumber(2)}`,
    ]);
    const [{ correlation_id } = {}] = bench().asked;
    expect(bench().asked).to.deep.equal([{ correlation_id }, { correlation_id, renew: tokenNumber(1) }]);
  });

  it('makes one attempt at renewal, then `connect()` rejects', async () => {
    const { gateway } = bench();
    gateway.on('REGISTER', (_, reply) => reply(401));
    const refused = await bench()
      .client()
      .connect()
      .then(
        () => undefined,
        (error: unknown) => error,
      );
    expect(refused).to.include({ name: 'SautikitError', code: 'registration-rejected', status: 401 });
    expect(bench().asked).to.have.length(2);
  });

  it('is another one for each call, and `finished` of the first has resolved by then', async () => {
    const { gateway } = bench();
    gateway.on('INVITE', (_, reply) => reply(486));
    const client = bench().client();
    await client.dial().finished;
    await client.dial().finished;
    expect(gateway.all('INVITE').map((invite) => bearers(invite)[0])).to.deep.equal([
      `Bearer ${tokenNumber(1)}`,
      `Bearer ${tokenNumber(2)}`,
    ]);
  });
});

describe('REGISTER and INVITE', () => {
  const bench = useBench();

  it('leave back to back: the INVITE does not wait for an answer to the REGISTER', async () => {
    const { gateway } = bench();
    gateway.on('REGISTER', () => {});
    const call = bench().client().dial();
    await gateway.next('INVITE');
    expect(gateway.requests.map(({ method }) => method)).to.deep.equal(['REGISTER', 'INVITE']);
    expect(call.state).to.equal('dialing');
  });

  it('make a call although no answer to the REGISTER ever comes', async () => {
    bench().gateway.on('REGISTER', () => {});
    const { call } = await bench().talk();
    expect(call.state).to.equal('active');
  });

  it('make a call although the registration is refused', async () => {
    bench().gateway.on('REGISTER', (_, reply) => reply(403));
    const { call } = await bench().talk();
    expect(call.state).to.equal('active');
  });

  it('need no registration where the grant asks for none', async () => {
    bench().grant = { register: 'never' };
    const { call } = await bench().talk();
    await call.hangup();
    await until(() => !bench().gateway.connection.open);
    expect(bench().gateway.all('REGISTER')).to.be.empty;
    expect(bench().gateway.all('BYE')).to.have.length(1);
  });

  for (const status of [401, 403, 404, 407, 480]) {
    it(`are repeated once where the INVITE met ${status} before the REGISTER was answered`, async () => {
      const { gateway } = bench();
      bench().answering();
      const farEnd = bench().farEnd();
      const registered: Received[] = [];
      gateway.on('REGISTER', (register) => void registered.push(register));
      gateway.on('INVITE', async (invite, reply) => {
        if (gateway.all('INVITE').length > 1) return reply(200, { body: await farEnd.answer(invite.message.body) });
        reply(status);
        await gateway.next('ACK');
        registered[0]!.reply(200, { headers: [`Contact: ${registered[0]!.header('contact')};expires=300`] });
      });
      const call = bench().client().dial();
      const { failed } = endingsOf(call);
      await reached(call, 'active');
      const [first, second] = gateway.all('INVITE') as [Received, Received];
      expect(first.message.from_tag).to.not.equal(second.message.from_tag);
      expect(failed).to.be.empty;
      expect(gateway.all('INVITE')).to.have.length(2);
      expect(bench().asked).to.have.length(1);
    });
  }

  it('fail at the second refusal, and with the first code where the registration is refused too', async () => {
    const { gateway } = bench();
    gateway.on('REGISTER', async (_, reply) => {
      await gateway.next('ACK');
      reply(403);
    });
    gateway.on('INVITE', (_, reply) => reply(404));
    const call = bench().client().dial();
    const { failed } = endingsOf(call);
    await call.finished;
    await settled();
    expect(failed.map(({ code, status }) => [code, status])).to.deep.equal([['not-found', 404]]);
    expect(gateway.all('INVITE')).to.have.length(1);
    await bench().expectReleased();
  });
});

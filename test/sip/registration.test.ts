import { expect } from '@open-wc/testing';
import { useBench } from './support/bench.js';
import type { Received } from './support/gateway.js';
import { settled, until } from './support/waiting.js';

const contactOf = (register: Received): string => register.header('contact')!;

/** What a promise is rejected with; `undefined` where it is not. */
const refusal = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );

describe('A registrar that lies', () => {
  const bench = useBench();

  for (const [what, contact, headers] of [
    ['that is no number', '', ['Expires: never']],
    ['that is longer than a timer lasts', ';expires=4000000000', []],
    ['that is longer still', '', ['Expires: 99999999999']],
  ] as const) {
    it(`about a lifetime ${what} is asked again once, and then when it is time`, async () => {
      const { gateway } = bench();
      gateway.on('REGISTER', (register, reply) =>
        reply(200, { headers: [`Contact: ${contactOf(register)}${contact}`, ...headers] }),
      );
      await bench().client().connect();
      await settled();
      await settled();
      expect(gateway.all('REGISTER')).to.have.lengthOf.at.most(2);
    });
  }

  it('by a 200 that says nothing of this browser has refused it, and calls go out all the same', async () => {
    const { gateway } = bench();
    gateway.on('REGISTER', (_, reply) => reply(200));
    const client = bench().client();
    expect(await refusal(client.connect())).to.include({ name: 'SautikitError', code: 'registration-rejected' });
    const { call } = await bench().talk(client);
    await call.hangup();
  });

  it('by the Contact of somebody else has refused it', async () => {
    bench().gateway.on('REGISTER', (_, reply) => reply(200, { headers: ['Contact: <sip:x@localhost>;expires=300'] }));
    expect(await refusal(bench().client().connect())).to.include({ code: 'registration-rejected' });
  });

  it('with another "Interval Too Brief" for each interval has refused it', async () => {
    const { gateway } = bench();
    gateway.on('REGISTER', (_, reply) => reply(423, { headers: ['Min-Expires: 600'] }));
    expect(await refusal(bench().client().connect())).to.include({ code: 'registration-rejected' });
    await settled();
    expect(gateway.all('REGISTER')).to.have.lengthOf(2);
  });

  it('is believed the first time that it wants a longer interval', async () => {
    const { gateway } = bench();
    gateway.on('REGISTER', (register, reply) => {
      if (register.header('expires') === '900')
        reply(200, { headers: [`Contact: ${contactOf(register)};expires=900`] });
      else reply(423, { headers: ['Min-Expires: 900'] });
    });
    await bench().client().connect();
    expect(gateway.all('REGISTER')).to.have.lengthOf(2);
  });

  it('in refusing it leaves the call alone that has begun meanwhile', async () => {
    const { gateway } = bench();
    gateway.on('REGISTER', () => {});
    const client = bench().client();
    const connecting = refusal(client.connect());
    const register = await gateway.next('REGISTER');
    const { call } = await bench().talk(client);
    register.reply(403);
    expect(await connecting).to.include({ code: 'registration-rejected' });
    await settled();
    expect(call.state).to.equal('active');
    await call.hangup();
    await until(() => !gateway.connection.open);
  });
});

import { expect } from '@open-wc/testing';
import { reached, useBench } from './support/bench.js';

/** What old frameworks and tag managers add for everything to inherit, in the way that every `for…in` meets it. */
const ADDED: readonly (readonly [prototype: object, additions: Readonly<Record<string, unknown>>])[] = [
  [Object.prototype, { extend() {}, toJSONString() {}, owner: 'a tag manager', loaded: true, nothing: null }],
  [Array.prototype, { each() {}, last: null, remove: 'one' }],
  [String.prototype, { strip() {}, blank: true }],
  [Function.prototype, { implement() {} }],
];

// With JSSIP=plain these fail: it is our build that keeps JsSIP's loops to what is an object's own.
describe('A page in which everything has more than its own', () => {
  const bench = useBench();

  beforeEach(() => {
    for (const [prototype, additions] of ADDED) Object.assign(prototype, additions);
  });

  afterEach(() => {
    for (const [prototype, additions] of ADDED) {
      for (const name of Object.keys(additions)) Reflect.deleteProperty(prototype, name);
    }
  });

  it('has calls, with digits, a re-INVITE and an end', async () => {
    const { call, dialog, farEnd } = await bench().talk();
    expect(call.sendDTMF('1')).to.equal(true);
    expect((await dialog.ask('INVITE', { body: await farEnd.offer() })).status_code).to.equal(200);
    await call.hangup();
    expect((await call.finished).outcome).to.equal('completed');
    await bench().expectReleased();
  });

  it('is told of a refusal that JsSIP has no name for', async () => {
    bench().gateway.on('INVITE', (_, reply) => reply(499));
    const call = bench().client().dial();
    expect(await call.finished).to.include({ outcome: 'failed', code: 'call-refused' });
    expect(bench().gateway.all('ACK')).to.have.length(1);
    await reached(call, 'failed');
  });
});

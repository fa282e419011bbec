import { expect } from '@open-wc/testing';
import sinon, { type SinonFakeTimers } from 'sinon';
import { TokenSource, type TokenSourceOptions } from '../../src/token/token-source.js';
import { rejection, standing } from './support/errors.js';
import { FakeBackend } from './support/fake-backend.js';
import { fakeTime, turn } from './support/fake-time.js';
import { digest, tokenOf } from './support/grants.js';

const SECOND = 1000;

let clock: SinonFakeTimers;
let backend: FakeBackend;

beforeEach(() => {
  clock = fakeTime();
  backend = new FakeBackend();
});

afterEach(() => {
  clock.restore();
  sinon.restore();
});

const sourceOf = (options: Partial<TokenSourceOptions> = {}) => new TokenSource({ from: backend.provide, ...options });

describe('taking a grant', () => {
  it('asks with the line and the context', async () => {
    await sourceOf({ request: { line: 'sales', context: { page: '/' } } }).take();
    expect(backend.asked).to.deep.equal([{ line: 'sales', context: { page: '/' } }]);
  });

  it('asks once for many who ask at the same time', async () => {
    const source = sourceOf();
    const grants = await Promise.all([source.take(), source.take(), source.take()]);
    expect(backend.asked).to.have.length(1);
    expect(new Set(grants).size).to.equal(1);
  });

  it('takes the one at hand where it is fresh and went into no call', async () => {
    const source = sourceOf();
    const grant = await source.take();
    await clock.tickAsync(200 * SECOND);
    expect(await source.take()).to.equal(grant);
    expect(backend.asked).to.have.length(1);
  });

  it('asks anew a minute before the end', async () => {
    const source = sourceOf();
    const grant = await source.take();
    await clock.tickAsync(240 * SECOND);
    expect(tokenOf(await source.take())).not.to.equal(tokenOf(grant));
  });

  it('fails with a code where the grant of a page cannot be read', async () => {
    const grant = Object.defineProperty(backend.mint({}), 'callee', {
      get() {
        throw new RangeError('a secret');
      },
    });
    const { code, message } = await rejection(sourceOf({ from: () => Promise.resolve(grant) }).take());
    expect({ code, message }).to.deep.equal({ code: 'token-malformed', message: 'token-malformed' });
  });

  it('asks anew after half of a short life', async () => {
    backend.lifetime = 30;
    const source = sourceOf();
    const grant = await source.take();
    await clock.tickAsync(14 * SECOND);
    expect(await source.take()).to.equal(grant);
    await clock.tickAsync(SECOND);
    expect(await source.take()).not.to.equal(grant);
  });

  it('counts on the monotonic clock, whatever happens to the time of day', async () => {
    const source = sourceOf();
    const grant = await source.take();
    clock.setSystemTime(Date.now() + 86_400_000);
    expect(await source.take()).to.equal(grant);
  });

  it('never gives a grant that went into a call to a second one', async () => {
    const source = sourceOf();
    const first = await source.take();
    source.spend(first);
    const second = await source.take();
    expect(tokenOf(second)).not.to.equal(tokenOf(first));
    expect(backend.renewals).to.deep.equal([undefined, undefined]);
  });

  it('keeps a fresh grant when an older one is spent or discarded', async () => {
    const source = sourceOf();
    const old = await source.take();
    source.spend(old);
    const fresh = await source.take();
    source.spend(old);
    source.discard(old);
    expect(await source.take()).to.equal(fresh);
  });

  it('never gives out again what the gateway did not take', async () => {
    const source = sourceOf();
    const refused = await source.take();
    source.discard(refused);
    expect(tokenOf(await source.take())).not.to.equal(tokenOf(refused));
  });

  it('does not remember a failure', async () => {
    backend.next(() => ({}));
    const source = sourceOf();
    expect((await rejection(source.take())).field).to.equal('token');
    expect((await source.take()).sipUri).to.equal('sip:visitor-1@gateway.example');
  });

  it('tells of every grant with the moment of its end', async () => {
    const onTokenRefresh = sinon.spy();
    const source = sourceOf({ onTokenRefresh });
    await source.take();
    await source.take();
    await clock.tickAsync(10 * SECOND);
    await source.renew();
    const ends = onTokenRefresh.args.map(([end]) => (end as Date).toISOString());
    expect(ends).to.deep.equal(['2026-11-05T10:05:00.000Z', '2026-11-05T10:05:10.000Z']);
  });

  it('is not spoilt by a listener of the page that throws', async () => {
    sinon.stub(globalThis, 'reportError');
    const source = sourceOf({
      onTokenRefresh: () => {
        throw new Error('a bug of the page');
      },
    });
    expect((await source.take()).lifetime).to.equal(300);
  });

  it('leaves no trace of the token in storage or log', async () => {
    const store = sinon.spy(Storage.prototype, 'setItem');
    const log = sinon.spy();
    const source = sourceOf({ log });
    await source.take();
    expect(store).to.have.property('called', false);
    expect(log.args.flat()).to.deep.equal(['grant received, good for 300 s']);
    expect(JSON.stringify(source)).to.equal('{}');
  });
});

describe('renewing a grant', () => {
  it('shows the current token, at once', async () => {
    const source = sourceOf({ request: { line: 'sales' } });
    const grant = await source.take();
    const renewed = await source.renew();
    await source.renew();
    expect(backend.asked).to.deep.equal([
      { line: 'sales' },
      { line: 'sales', renew: tokenOf(grant) },
      { line: 'sales', renew: tokenOf(renewed) },
    ]);
  });

  it('asks once for many who ask at the same time', async () => {
    const source = sourceOf();
    await source.take();
    const [one, other] = await Promise.all([source.renew(), source.renew()]);
    expect(one).to.equal(other);
    expect(backend.asked).to.have.length(2);
  });

  it('gives no right to a further call', async () => {
    const source = sourceOf();
    source.spend(await source.take());
    const renewed = await source.renew();
    expect(tokenOf(await source.take())).not.to.equal(tokenOf(renewed));
    expect(backend.renewals.at(-1)).to.be.undefined;
  });

  it('gives no right to a call that begins while it is under way', async () => {
    const source = sourceOf();
    source.spend(await source.take());
    const answer = backend.holdNext();
    const renewal = source.renew();
    const forCall = source.take();
    answer();
    expect(tokenOf(await forCall)).not.to.equal(tokenOf(await renewal));
    expect(backend.renewals.filter((token) => token === undefined)).to.have.length(2);
  });

  it('stays with its call where another call just asks for its own grant', async () => {
    const source = sourceOf();
    const first = await source.take();
    source.spend(first);
    const answer = backend.holdNext();
    const forCall = source.take();
    const renewal = source.renew();
    answer();
    await forCall;
    expect((await renewal).sipUri).to.equal(first.sipUri);
    expect(backend.renewals).to.include(tokenOf(first));
  });

  it('sends no password along', async () => {
    backend.next(
      () => digest(),
      () => digest(),
    );
    const source = sourceOf();
    await source.take();
    await source.renew();
    expect(backend.asked).to.deep.equal([{}, {}]);
  });

  it('asks for a new grant where there is none', async () => {
    await sourceOf().renew();
    expect(backend.asked).to.deep.equal([{}]);
  });
});

describe('closing a token source', () => {
  it('forgets the grant', async () => {
    const source = sourceOf();
    const grant = await source.take();
    source.close();
    expect(tokenOf(await source.take())).not.to.equal(tokenOf(grant));
    await source.renew();
    expect(backend.renewals).not.to.include(tokenOf(grant));
  });

  it('settles every promise, and leaves no timer', async () => {
    const source = sourceOf();
    backend.holdNext();
    const waiting = [source.take(), source.take(), source.renew()];
    source.close();
    for (const promise of waiting) expect((await rejection(promise)).code).to.equal('token-unreachable');
    expect(clock.countTimers()).to.equal(0);
  });

  it('ends the renewals', async () => {
    const source = sourceOf();
    await source.take();
    source.keepFresh(() => {});
    source.close();
    await clock.tickAsync(3600 * SECOND);
    expect(backend.asked).to.have.length(1);
    expect(clock.countTimers()).to.equal(0);
  });

  it('drops an answer that comes afterwards', async () => {
    const source = sourceOf();
    const answer = backend.holdNext();
    const late = rejection(source.take());
    source.close();
    answer();
    await late;
    await turn();
    await source.take();
    expect(backend.asked).to.have.length(2);
  });

  it('leaves it good for a new start, still with one request for many', async () => {
    const source = sourceOf();
    backend.holdNext();
    const old = source.take();
    source.close();
    const answer = backend.holdNext();
    const first = source.take();
    await rejection(old);
    await turn();
    const second = source.take();
    expect(await standing(first)).to.equal('pending');
    answer();
    expect(await second).to.equal(await first);
    expect(backend.asked).to.have.length(2);
  });
});

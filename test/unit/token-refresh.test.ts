import { expect } from '@open-wc/testing';
import sinon, { type SinonFakeTimers } from 'sinon';
import { SautikitError } from '../../src/errors.js';
import type { Grant } from '../../src/token/token-grant.js';
import { TokenSource } from '../../src/token/token-source.js';
import { FakeBackend } from './support/fake-backend.js';
import { fakeTime, turn } from './support/fake-time.js';
import { tokenOf } from './support/grants.js';

const SECOND = 1000;
const DAY = 86_400 * SECOND;

let clock: SinonFakeTimers;
let backend: FakeBackend;
let source: TokenSource;

beforeEach(() => {
  clock = fakeTime();
  backend = new FakeBackend();
  source = new TokenSource({ from: backend.provide });
});

afterEach(() => {
  source.close();
  clock.restore();
  sinon.restore();
});

/** Lets time pass, and says after how many seconds something was asked for in it. */
async function requestsWithin(time: number): Promise<number[]> {
  const begin = performance.now();
  const before = backend.moments.length;
  await clock.tickAsync(time);
  return backend.moments.slice(before).map((moment) => (moment - begin) / SECOND);
}

const refuse = (retryAfter?: number) => () =>
  Promise.reject(new SautikitError('rate-limited', retryAfter === undefined ? {} : { retryAfter }));

describe('a grant that is kept fresh', () => {
  it('is renewed a minute before its end, and not before', async () => {
    const grant = await source.take();
    const renewed = sinon.spy();
    source.keepFresh(renewed);
    await clock.tickAsync(240 * SECOND - 1);
    expect(backend.asked).to.have.length(1);
    await clock.tickAsync(1);
    expect(backend.renewals).to.deep.equal([undefined, tokenOf(grant)]);
    expect(renewed).to.have.property('callCount', 1);
    expect(tokenOf(renewed.firstCall.firstArg as Grant)).not.to.equal(tokenOf(grant));
  });

  it('is renewed again and again, each time with the newest token', async () => {
    await source.take();
    const told: string[] = [];
    source.keepFresh((grant) => told.push(tokenOf(grant)));
    expect(await requestsWithin(900 * SECOND)).to.deep.equal([240, 480, 720]);
    expect(backend.renewals.slice(2)).to.deep.equal(told.slice(0, -1));
  });

  it('is renewed no oftener than once a second, however short its life is said to be', async () => {
    backend.lifetime = 0.001;
    await source.take();
    source.keepFresh(() => {});
    expect(await requestsWithin(10 * SECOND)).to.deep.equal([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it('is asked for again no sooner than after a second, whatever the server says of when', async () => {
    await source.take();
    source.keepFresh(() => {});
    backend.next(refuse(0.001), refuse(0.001), refuse(0.001));
    expect(await requestsWithin(244 * SECOND)).to.deep.equal([240, 241, 242, 243]);
  });

  it('is never renewed where nobody keeps it', async () => {
    await source.take();
    await clock.tickAsync(DAY);
    expect(backend.asked).to.have.length(1);
    expect(clock.countTimers()).to.equal(0);
  });

  it('is renewed no more once it is let go', async () => {
    await source.take();
    const renewed = sinon.spy();
    const letGo = source.keepFresh(renewed);
    await clock.tickAsync(239 * SECOND);
    letGo();
    letGo();
    expect(clock.countTimers()).to.equal(0);
    await clock.tickAsync(DAY);
    expect(backend.asked).to.have.length(1);
    expect(renewed).to.have.property('called', false);
  });

  it('is renewed for as long as one of several keeps it', async () => {
    await source.take();
    const [one, other] = [sinon.spy(), sinon.spy()];
    const letGo = source.keepFresh(one);
    source.keepFresh(other);
    letGo();
    expect(await requestsWithin(300 * SECOND)).to.deep.equal([240]);
    expect(one).to.have.property('called', false);
    expect(other).to.have.property('callCount', 1);
  });

  it('tells nobody who let go while the renewal was under way', async () => {
    await source.take();
    const renewed = sinon.spy();
    const letGo = source.keepFresh(renewed);
    const answer = backend.holdNext();
    await clock.tickAsync(240 * SECOND);
    expect(backend.asked).to.have.length(2);
    letGo();
    answer();
    await turn();
    expect(renewed).to.have.property('called', false);
    expect(clock.countTimers()).to.equal(0);
  });

  it('may be asked for before it is there', async () => {
    source.keepFresh(() => {});
    await source.take();
    expect(await requestsWithin(300 * SECOND)).to.deep.equal([240]);
  });

  for (const [lifetime, moment] of [
    [600, 540],
    [121, 61],
    [120, 60],
    [100, 50],
    [30, 15],
    [2, 1],
  ] as const) {
    it(`and lives ${lifetime} s is renewed after ${moment} s`, async () => {
      backend.lifetime = lifetime;
      await source.take();
      source.keepFresh(() => {});
      await clock.tickAsync(moment * SECOND - 1);
      expect(backend.asked).to.have.length(1);
      await clock.tickAsync(1);
      expect(backend.asked).to.have.length(2);
    });
  }

  it('and lives a month is not renewed at once, as a timer that overflows would', async () => {
    backend.lifetime = 30 * 86_400;
    await source.take();
    source.keepFresh(() => {});
    await clock.tickAsync(SECOND);
    expect(backend.asked).to.have.length(1);
    await clock.tickAsync(20 * DAY);
    expect(backend.asked).to.have.length(1);
    await clock.tickAsync(10 * DAY - 60 * SECOND);
    expect(backend.asked).to.have.length(2);
  });

  it('is renewed for its own call, where two calls have one each', async () => {
    const first = await source.take();
    source.spend(first);
    const told: string[] = [];
    source.keepFresh((grant) => told.push(grant.sipUri));
    const second = await source.take();
    source.spend(second);
    source.keepFresh(() => {});
    await clock.tickAsync(250 * SECOND);
    expect(told).to.deep.equal([first.sipUri]);
    expect(backend.renewals.slice(2)).to.have.members([tokenOf(first), tokenOf(second)]);
  });
});

describe('a renewal that fails', () => {
  let letGo: () => void;

  beforeEach(async () => {
    await source.take();
    letGo = source.keepFresh(() => {});
  });

  const pauses = (moments: number[]) => moments.slice(1).map((moment, i) => moment - moments[i]!);

  it('is tried again after pauses that double up to half a minute', async () => {
    sinon.stub(Math, 'random').returns(1);
    backend.next(...Array.from({ length: 8 }, () => refuse()));
    const moments = await requestsWithin(360 * SECOND);
    expect(moments[0]).to.equal(240);
    expect(pauses(moments).slice(0, 7)).to.deep.equal([1, 2, 4, 8, 16, 30, 30]);
  });

  it('comes up to twice as early by chance, so that many browsers do not come together', async () => {
    sinon.stub(Math, 'random').returns(0);
    backend.next(...Array.from({ length: 8 }, () => refuse()));
    expect(pauses(await requestsWithin(320 * SECOND)).slice(0, 7)).to.deep.equal([0.5, 1, 2, 4, 8, 15, 15]);
  });

  it('waits as long as the server says', async () => {
    backend.next(refuse(45), refuse(7));
    expect(pauses(await requestsWithin(300 * SECOND))).to.deep.equal([45, 7]);
  });

  it('waits for a server that says a month, instead of storming it', async () => {
    backend.next(...Array.from({ length: 50 }, () => refuse(30 * 86_400)));
    await clock.tickAsync(600 * SECOND);
    expect(backend.asked).to.have.length(2);
  });

  it('begins with a short pause again after a success', async () => {
    sinon.stub(Math, 'random').returns(1);
    backend.next(refuse(), refuse(), (request) => backend.mint(request), refuse());
    const moments = await requestsWithin(490 * SECOND);
    expect(pauses(moments)).to.deep.equal([1, 2, 240, 1]);
  });

  it('goes on beyond the end of the grant', async () => {
    backend.next(...Array.from({ length: 12 }, () => refuse(30)));
    const moments = await requestsWithin(560 * SECOND);
    expect(moments.filter((moment) => moment > 300)).to.have.length.above(5);
  });

  it('is tried no more once nobody needs it', async () => {
    backend.next(refuse(), refuse());
    await clock.tickAsync(240 * SECOND);
    letGo();
    await clock.tickAsync(DAY);
    expect(backend.asked).to.have.length(2);
    expect(clock.countTimers()).to.equal(0);
  });

  it('reaches no promise that nobody holds', async () => {
    const unhandled = sinon.spy((event: PromiseRejectionEvent) => event.preventDefault());
    addEventListener('unhandledrejection', unhandled);
    try {
      backend.next(
        refuse(),
        () => Promise.reject(new Error('of the page')),
        () => undefined,
      );
      await clock.tickAsync(260 * SECOND);
      expect(backend.asked.length).to.be.above(3);
      expect(unhandled).to.have.property('called', false);
    } finally {
      removeEventListener('unhandledrejection', unhandled);
    }
  });
});

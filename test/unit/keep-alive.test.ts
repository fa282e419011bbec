import { expect } from '@open-wc/testing';
import sinon, { type SinonFakeTimers, type SinonSpy } from 'sinon';
import { KeepAlive } from '../../src/sip/keep-alive.js';
import { fakeTime } from './support/fake-time.js';

const SECOND = 1000;
const PING = '\r\n\r\n';

let clock: SinonFakeTimers;
let pings: number[];
let onDead: SinonSpy;
let alive: KeepAlive;

beforeEach(() => {
  clock = fakeTime();
  pings = [];
  onDead = sinon.spy();
  const begin = performance.now();
  alive = new KeepAlive({
    send: (text) => {
      expect(text).to.equal(PING);
      pings.push((performance.now() - begin) / SECOND);
    },
    onDead,
  });
});

afterEach(() => {
  alive.stop();
  clock.restore();
});

/** Lets time pass in which the other end answers each ping at once. */
function answerFor(seconds: number): void {
  for (let i = 0; i < seconds; i++) {
    const before = pings.length;
    clock.tick(SECOND);
    if (pings.length > before) alive.heard(true);
  }
}

describe('a connection that is kept alive', () => {
  it('is asked at once, and then every 8 s', () => {
    alive.start();
    clock.tick(25 * SECOND);
    expect(pings).to.deep.equal([0, 8, 16, 24]);
  });

  it('is asked every 2 s while a call is being set up', () => {
    alive.start();
    clock.tick(SECOND);
    alive.hurry(true);
    clock.tick(6 * SECOND);
    expect(pings).to.deep.equal([0, 3, 5, 7]);
  });

  it('is asked every 8 s again afterwards', () => {
    alive.hurry(true);
    alive.start();
    clock.tick(2 * SECOND);
    alive.hurry(false);
    clock.tick(17 * SECOND);
    expect(pings).to.deep.equal([0, 2, 10, 18]);
  });

  it('is asked nothing before it is open, however hurried', () => {
    alive.hurry(true);
    clock.tick(60 * SECOND);
    expect(pings).to.be.empty;
    expect(clock.countTimers()).to.equal(0);
  });

  it('is dead 2 s after a ping without an answer, where it had answered before', () => {
    alive.start();
    alive.heard(true);
    clock.tick(10 * SECOND - 1);
    expect(onDead).to.have.property('called', false);
    clock.tick(1);
    expect(onDead).to.have.property('callCount', 1);
  });

  it('is not dead where it has never answered a ping', () => {
    alive.start();
    clock.tick(3600 * SECOND);
    expect(onDead).to.have.property('called', false);
  });

  it('is dead 2 s after a ping where this gateway has answered pings before', () => {
    alive.start(true);
    clock.tick(2 * SECOND - 1);
    expect(onDead).to.have.property('callCount', 0);
    clock.tick(1);
    expect(onDead).to.have.property('callCount', 1);
  });

  it('is dead 10 s after the first request where nothing has ever come', () => {
    alive.start();
    clock.tick(20 * SECOND);
    alive.asked();
    clock.tick(5 * SECOND);
    alive.asked();
    clock.tick(5 * SECOND - 1);
    expect(onDead).to.have.property('callCount', 0);
    clock.tick(1);
    expect(onDead).to.have.property('callCount', 1);
  });

  it('is not dead where something has come, if only once or over another connection', () => {
    alive.start();
    alive.asked();
    alive.heard(false);
    clock.tick(60 * SECOND);
    alive.stop();
    alive.start(false, true);
    alive.asked();
    clock.tick(60 * SECOND);
    expect(onDead).to.have.property('callCount', 0);
  });

  it('is not dead where it says other things but no pong, ever', () => {
    alive.start();
    alive.heard(false);
    clock.tick(3600 * SECOND);
    expect(onDead).to.have.property('called', false);
  });

  it('lives as long as it answers', () => {
    alive.start();
    alive.heard(true);
    answerFor(3600);
    expect(onDead).to.have.property('called', false);
    expect(pings).to.have.length(451);
  });

  it('lives where it says anything after a ping', () => {
    alive.start();
    alive.heard(true);
    clock.tick(9 * SECOND);
    alive.heard(false);
    clock.tick(6 * SECOND);
    expect(onDead).to.have.property('called', false);
    clock.tick(3 * SECOND);
    expect(onDead).to.have.property('callCount', 1);
  });

  it('is dead after 4 s at most while a call is being set up', () => {
    alive.start();
    alive.heard(true);
    alive.hurry(true);
    clock.tick(4 * SECOND - 1);
    expect(onDead).to.have.property('called', false);
    clock.tick(1);
    expect(onDead).to.have.property('callCount', 1);
  });

  it('is not given more time by hurrying while it owes an answer', () => {
    alive.start();
    alive.heard(true);
    clock.tick(9 * SECOND);
    alive.hurry(true);
    clock.tick(SECOND);
    expect(onDead).to.have.property('callCount', 1);
  });

  it('is asked at once where there is doubt, and dead 2 s later', () => {
    alive.start();
    alive.heard(true);
    clock.tick(3 * SECOND);
    alive.probe();
    expect(pings).to.deep.equal([0, 3]);
    clock.tick(SECOND);
    alive.probe();
    clock.tick(SECOND);
    expect(onDead, 'however often it is asked').to.have.property('callCount', 1);
  });

  it('is not asked before it is open, or after it was given up', () => {
    alive.probe();
    alive.start();
    alive.stop();
    alive.probe();
    expect(pings).to.deep.equal([0]);
    expect(clock.countTimers()).to.equal(0);
  });

  it('has to show anew that it answers pings when it is a new one', () => {
    alive.start();
    alive.heard(true);
    clock.tick(5 * SECOND);
    alive.stop();
    alive.start();
    clock.tick(60 * SECOND);
    expect(onDead).to.have.property('called', false);
    alive.heard(true);
    clock.tick(10 * SECOND);
    expect(onDead).to.have.property('callCount', 1);
  });

  it('leaves no timer when it is given up', () => {
    alive.start();
    alive.heard(true);
    clock.tick(8 * SECOND);
    expect(clock.countTimers()).to.equal(2);
    alive.stop();
    expect(clock.countTimers()).to.equal(0);
    alive.hurry(true);
    expect(clock.countTimers()).to.equal(0);
  });
});

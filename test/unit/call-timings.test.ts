import { expect } from '@open-wc/testing';
import type { SinonFakeTimers } from 'sinon';
import { CallClock } from '../../src/client/call-timings.js';
import { fakeTime } from './support/fake-time.js';

describe('the times of a call', () => {
  let time: SinonFakeTimers;

  beforeEach(() => {
    time = fakeTime();
  });

  afterEach(() => time.restore());

  it('count from its beginning, in whole milliseconds', () => {
    time.tick(5_000);
    const clock = new CallClock();
    time.tick(120);
    clock.mark('grant');
    time.tick(30);
    clock.mark('invite');
    expect(clock.timings).to.deep.equal({ grant: 120, invite: 150 });
  });

  it('take each milestone once', () => {
    const clock = new CallClock();
    clock.mark('ringing');
    time.tick(4_000);
    clock.mark('ringing');
    expect(clock.timings).to.deep.equal({ ringing: 0 });
  });

  it('last from the answer on', () => {
    const clock = new CallClock();
    time.tick(9_000);
    expect(clock.seconds).to.equal(0);
    clock.mark('answered');
    time.tick(2_500);
    clock.mark('answered');
    expect(clock.seconds).to.equal(2.5);
  });

  it('stand still at the end', () => {
    const clock = new CallClock();
    clock.mark('answered');
    time.tick(60_000);
    clock.stop();
    time.tick(60_000);
    clock.stop();
    expect(clock.seconds).to.equal(60);
  });

  it('are nothing where nobody answered', () => {
    const clock = new CallClock();
    time.tick(30_000);
    clock.stop();
    expect(clock.seconds).to.equal(0);
  });

  it('do not care for the time of day', () => {
    const clock = new CallClock();
    clock.mark('answered');
    time.setSystemTime(0);
    time.tick(1_000);
    expect(clock.seconds).to.equal(1);
  });
});

import { expect } from '@open-wc/testing';
import type { SinonFakeTimers } from 'sinon';
import { QualityWatch } from '../../src/media/quality-watch.js';
import type { CallQuality } from '../../src/media/quality.js';
import { fakeTime } from './support/fake-time.js';

/** A fake connection: its statistics are made up, 50 packets a second with a loss that the test sets. */
class FakeConnection {
  /** 0 to 1 */
  loss = 0;
  looks = 0;
  broken = false;
  #received = 0;
  #lost = 0;

  getStats(): Promise<RTCStatsReport> {
    this.looks++;
    if (this.broken) return Promise.reject(new DOMException('closed', 'InvalidStateError'));
    this.#received += 100 * (1 - this.loss);
    this.#lost += 100 * this.loss;
    const stat = { type: 'inbound-rtp', kind: 'audio', packetsReceived: this.#received, packetsLost: this.#lost };
    return Promise.resolve(new Map([['a', stat]]) as unknown as RTCStatsReport);
  }
}

let time: SinonFakeTimers;
let connection: FakeConnection;
let watch: QualityWatch;
let told: CallQuality[];

beforeEach(() => {
  time = fakeTime();
  connection = new FakeConnection();
  told = [];
  watch = new QualityWatch(connection, (quality) => told.push(quality));
});

afterEach(() => {
  watch.stop();
  time.restore();
});

describe('the watch over a call’s network', () => {
  it('looks each 2 s, and tells once that all is well', async () => {
    await time.tickAsync(20_000);
    expect(connection.looks).to.equal(11);
    expect(told).to.deep.equal([{ level: 'good', mos: 4.41 }]);
  });

  it('tells when it becomes poor, and when it is good again', async () => {
    await time.tickAsync(10_000);
    connection.loss = 0.2;
    await time.tickAsync(2_000);
    expect(told).to.have.length(1);
    await time.tickAsync(8_000);
    expect(told.map(({ level }) => level)).to.deep.equal(['good', 'poor']);
    expect(told[1]!.mos).to.be.closeTo(2.63, 0.01);
    connection.loss = 0;
    await time.tickAsync(8_000);
    expect(told.map(({ level }) => level)).to.deep.equal(['good', 'poor', 'good']);
  });

  it('survives statistics that cannot be had', async () => {
    connection.broken = true;
    await time.tickAsync(10_000);
    connection.broken = false;
    await time.tickAsync(10_000);
    expect(told.map(({ level }) => level)).to.deep.equal(['good']);
  });

  it('looks no more after its end, and says nothing of a look that was under way', async () => {
    await time.tickAsync(2_000);
    time.tick(2_000);
    watch.stop();
    await time.tickAsync(20_000);
    expect(connection.looks).to.equal(3);
    expect(told).to.be.empty;
    expect(time.countTimers()).to.equal(0);
  });
});

import { expect } from '@open-wc/testing';
import { estimateMos, qualityLevel, SteadyLevel, type QualityLevel } from '../../src/media/quality.js';
import { NetworkSampler } from '../../src/media/quality-watch.js';

const network = (change: Partial<Parameters<typeof estimateMos>[0]> = {}) =>
  estimateMos({ roundTrip: 0, jitterBuffer: 0, loss: 0, ...change });

describe('the estimated opinion score', () => {
  it('is the 4.41 of G.107’s default connection where the network does nothing', () => {
    expect(network()).to.be.closeTo(4.41, 0.005);
  });

  it('falls slowly with delay up to 177 ms one way, and fast beyond', () => {
    // R = 93.2 - 2.4, and R = 93.2 - 9.6 - 0.11 * 222.7.
    expect(network({ roundTrip: 0.2 })).to.be.closeTo(4.36, 0.01);
    expect(network({ roundTrip: 0.8 })).to.be.closeTo(3.06, 0.01);
  });

  it('takes the jitter buffer for delay in one direction', () => {
    expect(network({ jitterBuffer: 0.1 })).to.equal(network({ roundTrip: 0.2 }));
  });

  it('falls with loss', () => {
    // R = 93.2 - 95 * 5 / 30.1, and R = 93.2 - 95 * 20 / 45.1.
    expect(network({ loss: 0.05 })).to.be.closeTo(3.93, 0.01);
    expect(network({ loss: 0.2 })).to.be.closeTo(2.63, 0.01);
  });

  it('is never below 1', () => {
    expect(network({ loss: 1, roundTrip: 3 })).to.equal(1);
    expect(network({ roundTrip: 1.9, loss: 0.03 })).to.be.at.least(1);
  });

  it('has levels along the categories of G.109', () => {
    expect([4.41, 4.03, 4.02, 3.6, 3.59, 1].map(qualityLevel)).to.deep.equal([
      'good',
      'good',
      'fair',
      'fair',
      'poor',
      'poor',
    ]);
  });
});

describe('a level that is held still', () => {
  const changes = (...levels: QualityLevel[]) => {
    const steady = new SteadyLevel();
    return levels.map((level) => steady.take(level));
  };

  it('is known after two samples', () => {
    expect(changes('good', 'good', 'good')).to.deep.equal([undefined, 'good', undefined]);
  });

  it('does not follow one bad sample', () => {
    expect(changes('good', 'good', 'poor', 'good', 'poor', 'good').slice(2)).to.deep.equal(Array(4).fill(undefined));
  });

  it('follows two, and comes back with two', () => {
    expect(changes('good', 'good', 'poor', 'poor', 'good', 'good').slice(2)).to.deep.equal([
      undefined,
      'poor',
      undefined,
      'good',
    ]);
  });

  it('takes the nearer of two different ones', () => {
    expect(changes('good', 'good', 'poor', 'fair')[3]).to.equal('fair');
    expect(changes('poor', 'poor', 'good', 'fair')[3]).to.equal('fair');
    expect(changes('fair', 'good')[1], 'at the beginning, the worse').to.equal('fair');
  });

  it('does not change between samples on both sides', () => {
    expect(changes('fair', 'fair', 'good', 'poor', 'good', 'poor').slice(2)).to.deep.equal(Array(4).fill(undefined));
  });
});

describe('what two reports of getStats say about the network', () => {
  /** A made-up report. */
  const report = (...stats: object[]) => new Map(stats.map((stat, at) => [`${at}`, stat])) as unknown as RTCStatsReport;
  const inbound = (packetsReceived: number, packetsLost = 0, more: object = {}) => ({
    type: 'inbound-rtp',
    kind: 'audio',
    packetsReceived,
    packetsLost,
    ...more,
  });

  const between = (before: object[], after: object[]) => {
    const sampler = new NetworkSampler();
    expect(sampler.take(report(...before))).to.equal(undefined);
    return sampler.take(report(...after));
  };

  it('is nothing where nothing has come', () => {
    expect(between([], [])).to.equal(undefined);
    expect(between([inbound(100)], [inbound(100)])).to.equal(undefined);
    expect(between([inbound(100)], [inbound(20)]), 'counters of another stream').to.equal(undefined);
  });

  it('counts what was lost between the two, not before', () => {
    expect(between([inbound(100, 50)], [inbound(190, 60)])?.loss).to.equal(0.1);
    expect(between([inbound(100, 5)], [inbound(200, 3)])?.loss, 'some came after all').to.equal(0);
  });

  it('counts as lost what came too late', () => {
    const after = inbound(200, 0, { packetsDiscarded: 20 });
    expect(between([inbound(100, 0, { packetsDiscarded: 0 })], [after])?.loss).to.equal(0.2);
  });

  it('takes the worse direction', () => {
    const far = { type: 'remote-inbound-rtp', kind: 'audio', fractionLost: 0.3, roundTripTime: 0.2 };
    expect(between([inbound(100)], [inbound(190, 10), far])).to.deep.include({ loss: 0.3, roundTrip: 0.2 });
    const better = { ...far, fractionLost: 0.01 };
    expect(between([inbound(100)], [inbound(190, 10), better])?.loss).to.equal(0.1);
  });

  it('takes the round trip of the path that is used', () => {
    const pairs = [
      { type: 'candidate-pair', nominated: false, currentRoundTripTime: 3 },
      { type: 'candidate-pair', nominated: true, currentRoundTripTime: 0.08 },
      { type: 'candidate-pair', nominated: true, writable: false, currentRoundTripTime: 4 },
    ];
    const far = { type: 'remote-inbound-rtp', kind: 'audio', roundTripTime: 0.2 };
    expect(between([inbound(1)], [inbound(2), ...pairs, far])?.roundTrip).to.equal(0.08);
  });

  it('takes the mean of the jitter buffer since the last', () => {
    const before = inbound(1, 0, { jitterBufferDelay: 10, jitterBufferEmittedCount: 100 });
    const after = inbound(2, 0, { jitterBufferDelay: 25, jitterBufferEmittedCount: 200 });
    expect(between([before], [after])?.jitterBuffer).to.be.closeTo(0.15, 1e-9);
  });

  it('looks at no video and at no other report', () => {
    const video = { type: 'inbound-rtp', kind: 'video', packetsReceived: 9_000, packetsLost: 900 };
    expect(between([inbound(100)], [inbound(200), video, { type: 'codec' }])?.loss).to.equal(0);
  });
});

import { estimateMos, qualityLevel, SteadyLevel, type CallQuality, type NetworkSample } from './quality.js';

/** How often the network is looked at (ms). */
const INTERVAL = 2_000;

/** The parts of `getStats` that are read (W3C webrtc-stats); a browser may leave out any of them. */
interface Stat {
  type: string;
  kind?: string;
  packetsReceived?: number;
  packetsLost?: number;
  packetsDiscarded?: number;
  /** All sums since the beginning (s). */
  jitterBufferDelay?: number;
  jitterBufferEmittedCount?: number;
  fractionLost?: number;
  /** (s) */
  roundTripTime?: number;
  currentRoundTripTime?: number;
  nominated?: boolean;
  /** Chromium: false for a path that was left. */
  writable?: boolean;
}

/** What counts up through a call. */
interface Counts {
  received: number;
  lost: number;
  delay: number;
  emitted: number;
}

/** A report, sorted: what counts up, and what is true now. */
function read(report: RTCStatsReport) {
  const counts: Counts = { received: 0, lost: 0, delay: 0, emitted: 0 };
  let roundTrip: number | undefined;
  let pathRoundTrip: number | undefined;
  let sentLoss = 0;
  for (const stat of report.values() as Iterable<Stat>) {
    if (stat.type === 'inbound-rtp' && stat.kind === 'audio') {
      const discarded = stat.packetsDiscarded ?? 0;
      // What came too late was received, and is lost all the same.
      counts.received += (stat.packetsReceived ?? 0) - discarded;
      counts.lost += (stat.packetsLost ?? 0) + discarded;
      counts.delay += stat.jitterBufferDelay ?? 0;
      counts.emitted += stat.jitterBufferEmittedCount ?? 0;
    } else if (stat.type === 'remote-inbound-rtp' && stat.kind === 'audio') {
      sentLoss = Math.max(sentLoss, stat.fractionLost ?? 0);
      roundTrip = stat.roundTripTime;
    } else if (stat.type === 'candidate-pair' && stat.nominated && stat.writable !== false) {
      pathRoundTrip = stat.currentRoundTripTime ?? pathRoundTrip;
    }
  }
  return { counts, sentLoss, roundTrip: pathRoundTrip ?? roundTrip ?? 0 };
}

/** Compares reports: what the network did between one and the next. */
export class NetworkSampler {
  #before: Counts | undefined;

  /** @returns `undefined` for the first report, and where nothing arrived since the last: a call on hold has no quality */
  take(report: RTCStatsReport): NetworkSample | undefined {
    const { counts, sentLoss, roundTrip } = read(report);
    const before = this.#before;
    this.#before = counts;
    // Counters that went back belong to a new stream.
    if (!before || counts.received <= before.received) return undefined;
    const received = counts.received - before.received;
    // A packet that was counted as lost may still come (RFC 3550 section 6.4.1).
    const lost = Math.max(0, counts.lost - before.lost);
    const emitted = counts.emitted - before.emitted;
    return {
      roundTrip,
      jitterBuffer: emitted > 0 ? Math.max(0, (counts.delay - before.delay) / emitted) : 0,
      loss: Math.max(sentLoss, lost / (lost + received)),
    };
  }
}

/** Looks at the network of an answered call each 2 s, and tells when its level has changed. Begins at once; its owner ends it. */
export class QualityWatch {
  readonly #connection: Pick<RTCPeerConnection, 'getStats'>;
  readonly #onChange: (quality: CallQuality) => void;
  readonly #sampler = new NetworkSampler();
  readonly #steady = new SteadyLevel();
  readonly #timer: ReturnType<typeof setInterval>;
  #stopped = false;

  constructor(connection: Pick<RTCPeerConnection, 'getStats'>, onChange: (quality: CallQuality) => void) {
    this.#connection = connection;
    this.#onChange = onChange;
    this.#timer = setInterval(() => void this.#look(), INTERVAL);
    void this.#look();
  }

  stop(): void {
    this.#stopped = true;
    clearInterval(this.#timer);
  }

  async #look(): Promise<void> {
    // A closed connection has nothing to report.
    const report = await this.#connection.getStats().catch(() => undefined);
    const sample = report && !this.#stopped && this.#sampler.take(report);
    if (!sample) return;
    const mos = estimateMos(sample);
    const level = this.#steady.take(qualityLevel(mos));
    if (level) this.#onChange({ level, mos: Math.round(mos * 100) / 100 });
  }
}
